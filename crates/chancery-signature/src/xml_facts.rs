//! What an XML signature refers to, and what that means for its judgement.

use serde::{Deserialize, Serialize};

use crate::report::{Code, Reason};

/// The references of one signature in XML (XML Signature 1.1, 4.4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct XmlFacts {
    /// Each reference, in the order of the signature.
    pub references: Vec<XmlReference>,
    /// What of the document is covered by references whose digest agrees.
    pub coverage: XmlCoverage,
}

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct XmlReference {
    /// Where it leads, as written.
    pub uri: String,
    /// The algorithm of its digest, as written.
    pub digest: String,
    /// What it came to.
    pub state: XmlReferenceState,
}

/// What a reference came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum XmlReferenceState {
    /// The digest is that of what it leads to.
    Agrees,
    /// It is not.
    Differs,
    /// It leads out of the document, or to no element of it.
    Unresolved,
    /// Two elements have the identifier that it names.
    Ambiguous,
    /// A transform or a digest that is not computed here.
    Unsupported {
        /// Its identifier.
        algorithm: String,
    },
}

/// What of a document is covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "covers", rename_all = "snake_case")]
pub enum XmlCoverage {
    /// Everything but signatures.
    Whole,
    /// Everything but the elements around it, of which this is the outermost.
    Wrapped {
        /// Its name.
        element: String,
    },
    /// Not this element, which stands beside what is covered.
    Part {
        /// Its name.
        element: String,
    },
}

/// What stands against a signature because of what it refers to.
pub(crate) fn xml_reasons(facts: &XmlFacts) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for reference in &facts.references {
        let uri = [("uri", reference.uri.as_str())];
        match &reference.state {
            // The digests together are judged as the attribute message-digest is.
            XmlReferenceState::Agrees | XmlReferenceState::Differs => {}
            XmlReferenceState::Unresolved => {
                reasons.push(Reason::new(Code::ReferenceUnresolved, &uri));
            }
            XmlReferenceState::Ambiguous => {
                reasons.push(Reason::new(Code::ReferenceAmbiguous, &uri));
            }
            XmlReferenceState::Unsupported { algorithm } => {
                let args = [("algorithm", algorithm.as_str())];
                reasons.push(Reason::new(Code::TransformUnsupported, &args));
            }
        }
    }
    match &facts.coverage {
        XmlCoverage::Whole => {}
        XmlCoverage::Wrapped { element } => {
            reasons.push(Reason::new(Code::WrapperUncovered, &[("element", element)]));
        }
        XmlCoverage::Part { element } => {
            reasons.push(Reason::new(Code::ElementUncovered, &[("element", element)]));
        }
    }
    reasons
}
