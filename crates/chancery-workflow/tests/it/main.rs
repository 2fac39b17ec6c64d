//! The engine and its files, tested from outside: scripts, properties, diagnostics, conditions.

mod card;
mod conditions;
mod diagnostics;
mod files;
mod properties;
mod script;
mod support;
