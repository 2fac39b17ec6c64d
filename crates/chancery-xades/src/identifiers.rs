//! Identifiers of elements: the attributes `Id`, `ID` and `id` without a namespace.

use std::collections::HashMap;

use chancery_xml::{Document, Element};

/// Every identifier of a document and the elements that have it.
pub(crate) struct Identifiers<'d> {
    known: HashMap<&'d str, Found<'d>>,
}

/// What an identifier names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found<'d> {
    One(Element<'d>),
    /// More than one element: which of them was meant cannot be told.
    Several,
}

impl<'d> Identifiers<'d> {
    pub fn of(document: &'d Document) -> Self {
        let mut known: HashMap<&'d str, Found<'d>> = HashMap::new();
        for element in document.root().descendants() {
            let mut own: Vec<&'d str> = ["Id", "ID", "id"]
                .iter()
                .filter_map(|name| element.attribute(name))
                .collect();
            own.sort_unstable();
            own.dedup();
            for value in own {
                known
                    .entry(value)
                    .and_modify(|found| *found = Found::Several)
                    .or_insert(Found::One(element));
            }
        }
        Self { known }
    }

    pub fn find(&self, value: &str) -> Option<Found<'d>> {
        self.known.get(value).copied()
    }
}
