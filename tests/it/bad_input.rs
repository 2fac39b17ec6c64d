//! Bad input by every door: the page, the JSON API, the command. Each has its own message, in both
//! languages, that says what and where and what to do; and nothing is left behind.

mod chains;
mod door;
mod fields;
mod files;
mod floods;
mod slow;
