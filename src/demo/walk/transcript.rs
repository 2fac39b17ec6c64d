//! What a walk did and saw, for people to read.

use std::fmt::Write as _;

use crate::demo::tell;

/// The steps of one walk.
#[derive(Debug, Default)]
pub struct Transcript {
    text: String,
    steps_count: u32,
}

impl Transcript {
    /// Begins with a heading.
    #[must_use]
    pub fn new(heading: &str) -> Self {
        Self {
            text: format!("# {heading}\n"),
            steps_count: 0,
        }
    }

    /// Somebody did something.
    pub fn step(&mut self, who: &str, what: &str) {
        self.steps_count = self.steps_count.saturating_add(1);
        tell(&format!("  {:>2}. {who}: {what}", self.steps_count));
        // Writing into a text does not fail.
        let _ = write!(self.text, "\n## {}. {who}: {what}\n\n", self.steps_count);
    }

    /// What was seen in this step.
    pub fn saw(&mut self, what: &str) {
        let _ = writeln!(self.text, "- {}", what.trim());
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
