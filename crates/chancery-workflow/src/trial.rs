//! Trying a workflow before anybody depends on it: invented people, a clock that jumps, and
//! [`crate::apply`] itself.
//!
//! A [`Scene`] is what a trial begins with, [`Move`]s are what is done in it. A [`Trial`] plays
//! them; [`test`] plays the examples of a file and says at which line one of them does not hold.

mod beside;
mod card;
mod company;
mod judge;
mod organisation;
mod play;
mod register;
mod specimens;
mod starter;
mod steps;
mod survey;

pub use crate::definition::SceneFile;
pub(crate) use card::reference;
pub use company::Company;
pub(crate) use judge::OUTCOMES;
pub use judge::{Tested, outcome, test};
pub(crate) use play::begins;
pub use play::{Happened, Obstacle, Trial};
pub use steps::{Example, Expected, Initiator, Move, MoveKind, Named, Scene};
pub use survey::{Cut, Longest, Reach, Survey, Way, survey};
