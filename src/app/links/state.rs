//! The states of a link as rows and calls name them.

use super::visit::LinkState;

impl LinkState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Expired,
        Self::Signed,
        Self::Refused,
        Self::Returned,
        Self::HandedOver,
        Self::Revoked,
    ];

    /// Whether the document may be spoken of. Of any other link only its state is told, and of one
    /// that its reader refused or returned by, which document it was.
    #[must_use]
    pub const fn shows_document(self) -> bool {
        matches!(self, Self::Active | Self::Signed)
    }

    /// Whether a reader who proves their mailbox sees anything: the document, or their own answer.
    #[must_use]
    pub const fn shows_something(self) -> bool {
        self.shows_document() || matches!(self, Self::Refused | Self::Returned)
    }

    /// Why nobody comes in through a link any more, if so. One that was revoked or handed over is
    /// over at once; the reader who refused or returned may look back until it would have ended.
    #[must_use]
    pub const fn closed_code(self, is_past: bool) -> Option<&'static str> {
        match self {
            Self::Revoked => Some("link-revoked"),
            Self::HandedOver => Some("link-handed-over"),
            Self::Refused | Self::Returned if is_past => Some("link-over"),
            Self::Refused | Self::Returned | Self::Active | Self::Expired | Self::Signed => None,
        }
    }

    /// As the row and the wire name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Signed => "signed",
            Self::Refused => "refused",
            Self::Returned => "returned",
            Self::HandedOver => "handed_over",
            Self::Revoked => "revoked",
        }
    }
}
