//! The ways in: who reads a file, and for what.

use std::collections::BTreeMap;

use super::Definition;
use super::afterthoughts::refined;
use super::lint::Scrutiny;
use super::parse::Reading;
use crate::calendar::Calendar;
use crate::diagnostic::Diagnostic;
use crate::kind::Kind;
use crate::means::{Means, PLAIN};
use crate::read::Findings;
use crate::trial;
use crate::vocabulary::Vocabulary;
use crate::yaml;

/// What the files of a house are read against, by whoever runs its timers.
#[derive(Clone, Copy, Debug)]
pub struct House<'a> {
    /// The kinds, by identifier.
    pub kinds: &'a BTreeMap<String, Kind>,
    /// The roles and groups.
    pub vocabulary: &'a Vocabulary,
    /// The calendars, by identifier.
    pub calendars: &'a BTreeMap<String, Calendar>,
}

impl Definition {
    /// Reads a file of `workflows/chains/` for somebody who runs timers: due dates in working time,
    /// reminders and escalation are accepted, and [`crate::apply`] arms timers for them.
    ///
    /// # Errors
    ///
    /// As [`Definition::parse`].
    pub fn parse_in(source: &str, house: &House<'_>) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_with(source, house, &PLAIN)
    }

    /// As [`Definition::parse_in`], for somebody who carries out more: what `means` names is
    /// accepted, and [`crate::apply`] gives its effects.
    ///
    /// # Errors
    ///
    /// As [`Definition::parse`].
    pub fn parse_with(
        source: &str,
        house: &House<'_>,
        means: &Means,
    ) -> Result<Self, Vec<Diagnostic>> {
        read(Reading::of_house(source, house, means, Scrutiny::Full))
    }

    /// As [`Definition::parse_with`], but the examples of the file are only read: for whoever tries
    /// them, or anything else with a file whose examples do not hold.
    ///
    /// # Errors
    ///
    /// As [`Definition::parse`], without [`crate::trial::test`]'s findings.
    pub fn parse_untried(
        source: &str,
        house: &House<'_>,
        means: &Means,
    ) -> Result<Self, Vec<Diagnostic>> {
        read(Reading::of_house(source, house, means, Scrutiny::Untried))
    }

    /// As [`Definition::parse_pinned`], for somebody who runs timers. The calendar is the one that
    /// the run is pinned to.
    ///
    /// # Errors
    ///
    /// As [`Definition::parse`].
    pub fn parse_pinned_in(source: &str, house: &House<'_>) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_pinned_with(source, house, &PLAIN)
    }

    /// As [`Definition::parse_pinned_in`], for somebody who carries out what `means` names.
    ///
    /// # Errors
    ///
    /// As [`Definition::parse`].
    pub fn parse_pinned_with(
        source: &str,
        house: &House<'_>,
        means: &Means,
    ) -> Result<Self, Vec<Diagnostic>> {
        read(Reading::of_house(source, house, means, Scrutiny::Pinned))
    }

    /// Reads a file of `workflows/chains/` against the kinds and the vocabulary of the house, for
    /// somebody who runs no timers and has no other means: what only these carry out is refused by
    /// name.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file, in its order, up to
    /// [`crate::diagnostic::DIAGNOSTICS_MAX`] findings.
    pub fn parse(
        source: &str,
        kinds: &BTreeMap<String, Kind>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Vec<Diagnostic>> {
        read(Reading::plain(source, kinds, vocabulary, Scrutiny::Full))
    }

    /// Reads a file that a run was pinned to when it started: whatever was accepted then is
    /// accepted now. Analyses that came to the language later do not refuse it.
    ///
    /// # Errors
    ///
    /// As [`Definition::parse`].
    pub fn parse_pinned(
        source: &str,
        kinds: &BTreeMap<String, Kind>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Vec<Diagnostic>> {
        read(Reading::plain(source, kinds, vocabulary, Scrutiny::Pinned))
    }
}

fn read(reading: Reading<'_>) -> Result<Definition, Vec<Diagnostic>> {
    let tree = yaml::parse(reading.source).map_err(|finding| vec![finding])?;
    let mut findings = Findings::default();
    match reading.definition(&tree, &mut findings) {
        Some(mut definition) if !findings.has_errors() => {
            if reading.scrutiny == Scrutiny::Full {
                let tried = trial::test(&definition).into_iter();
                tried
                    .flat_map(|example| example.findings)
                    .for_each(|finding| findings.push(finding));
                if findings.has_errors() {
                    return Err(refined(reading.source, findings.into_list()));
                }
            }
            definition.warnings = findings.into_list();
            Ok(definition)
        }
        _ => Err(refined(reading.source, findings.into_list())),
    }
}
