//! What stands beneath something that a later revision put on a page.

use serde::{Deserialize, Serialize};

/// What stands on a page beneath a later signer's mark. The gravest comes last.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Beneath {
    /// The place was there, empty, before this revision: whoever signed then left it to a mark.
    Agreed,
    /// The same, and an image stands there: of a scanned page, say.
    AgreedOverImage,
    /// The same, and a drawing stands there that is still seen beneath the mark.
    AgreedOverDrawing,
    /// The same, and text stands there that is still seen beneath the mark.
    AgreedOver,
    /// No text, no image and no drawing.
    Nothing,
    /// Nobody knows: the page could not be read to its end, or was not asked for.
    #[default]
    Unread,
    /// Shapes that are more than one even ground and the rules of a table.
    Drawing,
    /// An image, or something else that may show letters.
    Image,
    /// Text.
    Text,
}

impl Beneath {
    /// Whether whoever signed before left the place to what stands there now.
    #[must_use]
    pub fn is_agreed(self) -> bool {
        self < Self::Nothing
    }
}
