//! What an XML signature refers to, and what that means for its judgement.

use serde::{Deserialize, Serialize};

use crate::report::{Code, Reason};

/// Most references that a sentence lists.
const LISTED_MAX: usize = 8;

/// The references of one signature in XML (XML Signature 1.1, 4.4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct XmlFacts {
    /// Each reference, in the order of the signature.
    pub references: Vec<XmlReference>,
    /// What of the document is covered by references whose digest agrees.
    pub coverage: XmlCoverage,
    /// Comments in covered places that the canonical forms of the references leave out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub comments_uncovered: u64,
    /// Declarations of namespaces that no reference digests, around and in what is covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declarations_uncovered: Option<XmlDeclarations>,
    /// The first name in an unsigned place that is not that of the certificate it stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_differs: Option<String>,
}

/// Declarations of namespaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct XmlDeclarations {
    /// How many, by prefix and namespace.
    pub count: u64,
    /// The first, as `xmlns:prefix` or `xmlns`.
    pub first: String,
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
    /// The name of the element that it leads to; nothing for the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// How many bytes that has in the form that was digested, if the digest agrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_bytes: Option<u64>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &u64) -> bool {
    *count == 0
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
    /// Everything but the name of the element around it, which says nothing else.
    Wrapped {
        /// Its name.
        element: String,
    },
    /// Not this, which stands beside what is covered.
    Part {
        /// The name of an element, or of the one that a text stands in; `name/@attribute`;
        /// `<!-- -->` for a comment and `<?target?>` for a processing instruction;
        /// `name/@xmlns:prefix` for a binding that a value of this element uses and no octets have.
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
    // Whoever reads that something is not signed must be able to read what is.
    let covered = covered_text(facts);
    let covered = ("covered", covered.as_str());
    match &facts.coverage {
        XmlCoverage::Whole => {}
        XmlCoverage::Wrapped { element } => {
            let args = [("element", element.as_str()), covered];
            reasons.push(Reason::new(Code::WrapperUncovered, &args));
        }
        XmlCoverage::Part { element } => {
            let args = [("element", element.as_str()), covered];
            reasons.push(Reason::new(Code::ElementUncovered, &args));
        }
    }
    if facts.comments_uncovered > 0 {
        let count = facts.comments_uncovered.to_string();
        let args = [("count", count.as_str()), covered];
        reasons.push(Reason::new(Code::CommentUncovered, &args));
    }
    if let Some(declared) = &facts.declarations_uncovered {
        let count = declared.count.to_string();
        let name = declared.first.as_str();
        let args = [("count", count.as_str()), ("name", name), covered];
        reasons.push(Reason::new(Code::DeclarationUncovered, &args));
    }
    if let Some(name) = &facts.name_differs {
        reasons.push(Reason::new(Code::KeyNameDiffers, &[("name", name)]));
    }
    reasons
}

/// Each reference that agrees: what it covers, and of how many bytes in canonical form. A name is a
/// name of the document, `/` the document itself: `payload 123, / 421`.
fn covered_text(facts: &XmlFacts) -> String {
    let mut texts = facts.references.iter().filter_map(|one| {
        let name = one.element.as_deref().unwrap_or("/");
        Some(format!("{name} {}", one.canonical_bytes?))
    });
    let mut text: Vec<String> = texts.by_ref().take(LISTED_MAX).collect();
    let more = texts.count();
    if more > 0 {
        text.push(format!("+{more}"));
    }
    text.join(", ")
}
