//! A workflow as a picture: a Mermaid flow chart for texts, a drawing of our own for pages.

mod mermaid;
mod svg;
mod text;

pub(crate) use text::escape;

use std::collections::BTreeMap;

use chancery_types::Locale;

use crate::definition::{Definition, Stage};
use crate::expression::Expression;
use crate::parameter::Parameters;

/// Where a stage of a drawn run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is satisfied.
    Done,
    /// It waits for somebody.
    Open,
    /// It is not reached.
    Waiting,
    /// It does not apply, or was closed by something else.
    Skipped,
    /// It was returned or rejected.
    Refused,
}

impl Standing {
    /// Every standing, as a legend lists them.
    pub const ALL: [Self; 5] = [
        Self::Done,
        Self::Open,
        Self::Waiting,
        Self::Skipped,
        Self::Refused,
    ];

    /// The word in classes of the drawing.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
        }
    }
}

/// How a drawing is made.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// Where stages of a run stand, by path; empty for the workflow alone.
    pub standings: BTreeMap<String, Standing>,
    /// Conditions in words, by their source; one without words is drawn as it is written.
    pub conditions: BTreeMap<String, String>,
    /// What stands before identifiers, so that two drawings may share a page: letters only.
    pub prefix: String,
    /// Whether it is a file of its own: then it brings its colours along, for light and dark.
    pub is_file: bool,
}

/// What a stage asks, how many must agree, and until when, in short.
pub(crate) fn stage_words(stage: &Stage, locale: Locale) -> Vec<String> {
    svg::stage_words(stage, locale)
}

/// What is waited for before a step of the top level, in short.
pub(crate) fn wait_words(definition: &Definition, step: &str, locale: Locale) -> Vec<String> {
    svg::wait_words(definition, step, locale)
}

/// A condition as it is written, parameters by their titles and values.
pub(crate) fn as_written(when: &Expression, parameters: &Parameters, locale: Locale) -> String {
    when.source_with(parameters, |parameter| {
        parameter.told(locale, &parameter.value().to_string())
    })
}

impl Definition {
    /// The workflow as a Mermaid flow chart, titles in `locale`.
    #[must_use]
    pub fn diagram(&self, locale: Locale) -> String {
        mermaid::mermaid(self, locale)
    }

    /// The workflow as SVG: steps downwards, branches side by side, titles in `locale`. It has no
    /// script and no style attribute; unless it is a file of its own, its colours are those of the
    /// classes `diagram-…` of the page around it, and else the colour of the text.
    #[must_use]
    pub fn drawing(&self, drawing: &Drawing, locale: Locale) -> String {
        svg::svg(self, drawing, locale)
    }
}
