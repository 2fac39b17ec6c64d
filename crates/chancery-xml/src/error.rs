//! Why bytes are not a document.

/// Why a document is refused. Offsets are in bytes of the text as decoded to UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// An encoding that is not read here.
    #[error("the encoding of the document is not supported")]
    EncodingUnsupported,
    /// Bytes that are not of the encoding that the document declares.
    #[error("the bytes are not of the encoding that the document declares")]
    EncodingBroken,
    /// A document type declaration: entities, defaults and types would come from it.
    #[error("a document type declaration at {at}")]
    Doctype {
        /// Where it begins.
        at: usize,
    },
    /// An entity that XML itself does not name.
    #[error("an entity that nothing declares at {at}")]
    Entity {
        /// Where the reference begins.
        at: usize,
    },
    /// Not well-formed.
    #[error("{what} at {at}")]
    Syntax {
        /// What is wrong, in a few words.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// Well-formed, and a name or a declaration breaks the rules of namespaces.
    #[error("{what} at {at}")]
    Namespace {
        /// What is wrong, in a few words.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// More than the limits allow.
    #[error("the document exceeds the limit {limit}")]
    Limit {
        /// The limit's name.
        limit: &'static str,
    },
}

impl XmlError {
    /// Where in the decoded text, in bytes, if it is at one place.
    #[must_use]
    pub const fn at(self) -> Option<usize> {
        match self {
            Self::Doctype { at }
            | Self::Entity { at }
            | Self::Syntax { at, .. }
            | Self::Namespace { at, .. } => Some(at),
            Self::EncodingUnsupported | Self::EncodingBroken | Self::Limit { .. } => None,
        }
    }

    /// A stable word for machines.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EncodingUnsupported => "encoding_unsupported",
            Self::EncodingBroken => "encoding_broken",
            Self::Doctype { .. } => "doctype",
            Self::Entity { .. } => "entity",
            Self::Syntax { .. } => "not_well_formed",
            Self::Namespace { .. } => "namespace",
            Self::Limit { .. } => "limit_exceeded",
        }
    }
}
