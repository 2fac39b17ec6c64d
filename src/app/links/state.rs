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
