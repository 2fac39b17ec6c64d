//! What of a document a signature covers, and what stands beside it.
//!
//! Everything that a reader of the file may meet counts: elements, attributes, texts, comments and
//! processing instructions, around the root as well. It is covered by a reference, or it is one of
//! the few things that say nothing, or the document holds something that nobody signed.
//!
//! # What may stand unsigned
//!
//! * What [`crate::unsigned`] lists, inside the signature.
//! * Other signatures, which answer for themselves; their own content does not.
//! * The root, if it is only the place where what is signed and its signatures stand side by side:
//!   no attribute but a language and a treatment of white space as XML defines them, no text, no
//!   comment, no instruction. Its name is all that it says, and is told as a warning. A second
//!   element around it could say anything of the first, so that one is uncovered.
//! * A comment in a covered place, where the canonical form drops comments: that is how nearly
//!   every signature in XML is made, and nothing that reads the signed octets can see it. It is
//!   counted and told. A comment in an uncovered place is as unsigned as a text there.

use chancery_signature::facts::XmlCoverage;
use chancery_xml::{Content, Document, Element, NodeId, XML_NAMESPACE};

use crate::budget::Budget;
use crate::names::{DSIG, XADES};
use crate::reference::Covered;
use crate::standing::{Cover, Standing};
use crate::unsigned::{self, Stated, is_blank};

/// The longest language tag that is one (RFC 5646, 4.4.1), in bytes.
const LANGUAGE_BYTES_MAX: usize = 35;

/// What was found.
pub(crate) struct Found<'d> {
    pub coverage: XmlCoverage,
    /// Comments in covered places that no reference keeps.
    pub comments: usize,
    /// Names that unsigned places give to keys and certificates.
    pub stated: Vec<Stated<'d>>,
}

/// Walks the document around the signature `own`, whose references cover `cover`.
pub(crate) fn of<'d>(
    document: &'d Document,
    own: Element<'d>,
    cover: &Cover<'d, '_>,
    certificates: &[Vec<u8>],
    budget: &Budget,
) -> Found<'d> {
    let mut walk = Walk::new(document, own, cover, certificates, budget);
    let uncovered = walk.around_root();
    let uncovered = uncovered.or_else(|| walk.beneath(document.root()));
    walk.found(uncovered)
}

/// Walks a counter-signature: it covers the value of another, and the document is no matter of it.
pub(crate) fn of_counter<'d>(
    document: &'d Document,
    own: Element<'d>,
    cover: &Cover<'d, '_>,
    certificates: &[Vec<u8>],
    budget: &Budget,
) -> Found<'d> {
    let mut walk = Walk::new(document, own, cover, certificates, budget);
    let uncovered = walk.beneath(own);
    walk.found(uncovered)
}

/// What becomes of an element.
enum Step {
    /// It and everything beneath it is accounted for.
    Done,
    /// It is; what stands beneath it is looked at.
    Into,
    /// This is not covered.
    Uncovered(String),
}

struct Walk<'d, 'c> {
    document: &'d Document,
    own: Element<'d>,
    cover: &'c Cover<'d, 'c>,
    certificates: &'c [Vec<u8>],
    budget: &'c Budget,
    wrapper: Option<Element<'d>>,
    comments: usize,
    stated: Vec<Stated<'d>>,
}

impl<'d, 'c> Walk<'d, 'c> {
    fn new(
        document: &'d Document,
        own: Element<'d>,
        cover: &'c Cover<'d, 'c>,
        certificates: &'c [Vec<u8>],
        budget: &'c Budget,
    ) -> Self {
        Self {
            document,
            own,
            cover,
            certificates,
            budget,
            wrapper: None,
            comments: 0,
            stated: Vec::new(),
        }
    }

    fn found(self, uncovered: Option<String>) -> Found<'d> {
        let coverage = match (uncovered, self.wrapper) {
            (Some(element), _) => XmlCoverage::Part { element },
            (None, Some(wrapper)) => XmlCoverage::Wrapped {
                element: wrapper.local().to_owned(),
            },
            (None, None) => XmlCoverage::Whole,
        };
        Found {
            coverage,
            comments: self.comments,
            stated: self.stated,
        }
    }

    /// The comments and instructions before and after the root.
    fn around_root(&mut self) -> Option<String> {
        let standing = self.cover.of_node(NodeId::DOCUMENT);
        let (is_covered, keeps_comments) = (standing.holds, standing.comments);
        for content in self.document.contents() {
            match content {
                Content::Comment(_) if is_covered && !keeps_comments => self.comments += 1,
                Content::Comment(_) | Content::Instruction(_) if !is_covered => {
                    return Some(spelled(content));
                }
                _ => {}
            }
        }
        None
    }

    fn beneath(&mut self, top: Element<'d>) -> Option<String> {
        let mut done: Option<Element<'d>> = None;
        for element in top.descendants() {
            if done.is_some_and(|done| done.holds(element.id())) {
                continue;
            }
            if !self.budget.spend(1) {
                return Some(String::new());
            }
            match self.step(element) {
                Step::Done => done = Some(element),
                Step::Into => {}
                Step::Uncovered(what) => return Some(what),
            }
        }
        None
    }

    fn step(&mut self, element: Element<'d>) -> Step {
        if let Some(step) = self.covered_step(element) {
            return step;
        }
        if element.is(DSIG, "Signature") {
            return self.signature(element);
        }
        match element.parent() {
            Some(parent) if parent.is(DSIG, "Signature") => self.part_of(parent, element),
            Some(parent) if is_properties_of(parent, element) => self.properties(parent, element),
            None => self.root(element),
            Some(_) => Step::Uncovered(element.local().to_owned()),
        }
    }

    /// What becomes of an element that is covered; nothing if it is not.
    fn covered_step(&mut self, element: Element<'d>) -> Option<Step> {
        let standing = self.cover.standing(element);
        if !standing.holds {
            let found = self.cover.text(element)?;
            return Some(self.text_of(element, found));
        }
        if standing.whole_comments {
            return Some(Step::Done);
        }
        if standing.whole {
            self.comments += element.comments_within();
            return Some(Step::Done);
        }
        if !standing.comments {
            let comments = element.contents();
            self.comments += comments
                .filter(|one| matches!(one, Content::Comment(_)))
                .count();
        }
        // What is taken out of it again is looked at as well.
        Some(Step::Into)
    }

    /// An element whose text alone was digested, decoded from Base64: nothing else may stand in it.
    fn text_of(&mut self, element: Element<'d>, covered: &Covered) -> Step {
        if !covered.without.is_empty() {
            return Step::Uncovered(element.local().to_owned());
        }
        if let Some(other) = element
            .contents()
            .find(|one| !matches!(one, Content::Text(_)))
        {
            return Step::Uncovered(spelled(other));
        }
        let is_object = element.is(DSIG, "Object");
        for attribute in element.attributes() {
            let known = match attribute.local {
                "Id" | "ID" | "id" => true,
                "MimeType" | "Encoding" => is_object,
                _ => false,
            };
            if !known || !attribute.namespace.is_empty() || !unsigned::is_token(attribute.value) {
                return Step::Uncovered(unsigned::attribute_of(element, attribute.local));
            }
        }
        // How its content is to be read is not signed.
        let plain = element.attributes().all(|one| one.local == "Id");
        if !is_object || !plain {
            self.wrapper.get_or_insert(element);
        }
        Step::Done
    }

    /// A signature: the own one, one around what is covered, or another, which answers for itself.
    fn signature(&mut self, signature: Element<'d>) -> Step {
        let is_own = signature == self.own;
        if is_own || signature.holds(self.own.id()) || self.cover.leads_beneath(signature) {
            return match is_own {
                true => unsigned::bare(signature).map_or(Step::Into, Step::Uncovered),
                false => Step::Into,
            };
        }
        let answers = signature
            .named(DSIG, "Object")
            .all(|object| self.cover.of_node(object.id()).holds || holds_properties_only(object));
        match answers {
            true => Step::Done,
            false => Step::Uncovered("Signature".to_owned()),
        }
    }

    /// What stands right beneath a signature that is walked through.
    fn part_of(&mut self, signature: Element<'d>, part: Element<'d>) -> Step {
        let is_own = signature == self.own;
        if part.is(DSIG, "Object") {
            return self.object(part);
        }
        if !is_own {
            return Step::Done;
        }
        if part.is(DSIG, "SignedInfo") {
            self.comments += part.comments_within();
            return Step::Done;
        }
        self.listed(signature, part, unsigned::PARTS)
    }

    /// An object of which a part is covered, or which holds properties.
    fn object(&mut self, object: Element<'d>) -> Step {
        if let Some(what) = unsigned::bare(object) {
            return Step::Uncovered(what);
        }
        let mut properties = object.children().filter(|one| is_qualifying(*one));
        if properties.next().is_none() && !self.cover.leads_beneath(object) {
            return Step::Uncovered("Object".to_owned());
        }
        Step::Into
    }

    /// `QualifyingProperties`: the signed ones are covered, the others listed.
    fn properties(&mut self, object: Element<'d>, properties: Element<'d>) -> Step {
        let is_own = object.parent() == Some(self.own);
        match is_own {
            true => self.listed(object, properties, unsigned::QUALIFYING),
            false => Step::Done,
        }
    }

    /// An element that must be as the list has it, or covered.
    fn listed(
        &mut self,
        parent: Element<'d>,
        element: Element<'d>,
        rules: &'static [unsigned::Rule],
    ) -> Step {
        let mut comments = 0;
        let (cover, budget) = (self.cover, self.budget);
        let is_covered = |one: Element<'d>| {
            let standing = match budget.spend(1) {
                true => cover.standing(one),
                false => Standing::default(),
            };
            if standing.whole && !standing.comments {
                comments += one.comments_within();
            }
            standing.whole
        };
        let mut list = unsigned::List::new(self.certificates, is_covered, &mut self.stated);
        let found = list.check(parent, element, rules);
        self.comments += comments;
        found.map_or(Step::Done, Step::Uncovered)
    }

    /// The root, not covered itself: the place where what is signed stands beside its signatures.
    fn root(&mut self, root: Element<'d>) -> Step {
        let is_place = self.cover.leads_beneath(root);
        if !is_place {
            return Step::Uncovered(root.local().to_owned());
        }
        for attribute in root.attributes() {
            let says_nothing = attribute.namespace == XML_NAMESPACE
                && match attribute.local {
                    "lang" => is_language(attribute.value),
                    "space" => matches!(attribute.value, "default" | "preserve"),
                    _ => false,
                };
            if !says_nothing {
                return Step::Uncovered(unsigned::attribute_of(root, attribute.local));
            }
        }
        for content in root.contents() {
            match content {
                Content::Element(_) => {}
                Content::Text(text) if is_blank(text) => {}
                Content::Text(_) => return Step::Uncovered(root.local().to_owned()),
                Content::Comment(_) | Content::Instruction(_) => {
                    return Step::Uncovered(spelled(content));
                }
            }
        }
        self.wrapper.get_or_insert(root);
        Step::Into
    }
}

/// How a report names what stands unsigned.
pub(crate) fn spelled(content: Content<'_>) -> String {
    match content {
        Content::Element(element) => element.local().to_owned(),
        Content::Text(_) => "text()".to_owned(),
        Content::Comment(_) => "<!-- -->".to_owned(),
        Content::Instruction(target) => format!("<?{target}?>"),
    }
}

fn is_qualifying(element: Element<'_>) -> bool {
    element.local() == "QualifyingProperties" && XADES.contains(&element.namespace())
}

fn is_properties_of(parent: Element<'_>, element: Element<'_>) -> bool {
    parent.is(DSIG, "Object")
        && is_qualifying(element)
        && parent
            .parent()
            .is_some_and(|above| above.is(DSIG, "Signature"))
}

fn holds_properties_only(object: Element<'_>) -> bool {
    let mut children = object.children();
    let only = children.next().is_some_and(is_qualifying) && children.next().is_none();
    only && unsigned::bare(object).is_none()
}

fn is_language(tag: &str) -> bool {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    tag.is_empty() || (tag.len() <= LANGUAGE_BYTES_MAX && tag.split('-').all(is_part))
}
