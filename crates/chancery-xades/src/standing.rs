//! Where in a document references cover something: found for any element at once, however many
//! references and taken-out signatures there are.
//!
//! The places of a document are cut where something begins or ends to be covered. Between two cuts
//! every node is covered alike.

use std::collections::BTreeMap;
use std::ops::Range;

use chancery_xml::{Document, Element, NodeId};

use crate::budget::Budget;
use crate::reference::Covered;

/// How an element is covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Some reference covers it.
    pub holds: bool,
    /// Some reference that keeps comments does.
    pub comments: bool,
    /// Some reference covers it with everything beneath it.
    pub whole: bool,
    /// Some reference that keeps comments does.
    pub whole_comments: bool,
}

/// One reference: from where to where, and what is taken out of it.
struct Piece {
    span: Range<u32>,
    without: Vec<Range<u32>>,
    comments: bool,
}

impl Piece {
    fn of(document: &Document, covered: &Covered) -> Self {
        let without = covered.without.iter();
        let mut without: Vec<Range<u32>> = without.map(|out| document.span(*out)).collect();
        without.sort_unstable_by_key(|out| out.start);
        Self {
            span: document.span(covered.apex),
            without,
            comments: covered.comments,
        }
    }

    fn holds(&self, place: u32) -> bool {
        self.span.contains(&place) && !self.without.iter().any(|out| out.contains(&place))
    }

    /// Whether nothing is taken out between these places.
    fn is_whole(&self, within: &Range<u32>) -> bool {
        let first = self.without.partition_point(|out| out.start < within.start);
        self.without
            .get(first)
            .is_none_or(|out| out.start >= within.end)
    }
}

/// Everything that the references of one signature cover.
pub(crate) struct Cover<'d, 'c> {
    document: &'d Document,
    budget: &'c Budget,
    pieces: Vec<Piece>,
    /// Where the pieces begin and end, and how what follows is covered.
    cuts: Vec<u32>,
    between: Vec<Standing>,
    /// Where references lead, in order.
    apexes: Vec<u32>,
    /// Elements whose text alone is covered.
    texts: BTreeMap<NodeId, &'c Covered>,
}

impl<'d, 'c> Cover<'d, 'c> {
    pub fn of(document: &'d Document, covered: &'c [Covered], budget: &'c Budget) -> Self {
        let mut texts = BTreeMap::new();
        for one in covered.iter().filter(|one| one.text_only) {
            texts.entry(one.apex).or_insert(one);
        }
        let nodes = covered.iter().filter(|one| !one.text_only);
        let pieces: Vec<Piece> = nodes.map(|one| Piece::of(document, one)).collect();
        let mut cuts: Vec<u32> = pieces
            .iter()
            .flat_map(|piece| piece.without.iter().chain([&piece.span]))
            .flat_map(|span| [span.start, span.end])
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut apexes: Vec<u32> = covered
            .iter()
            .map(|one| document.span(one.apex).start)
            .collect();
        apexes.sort_unstable();
        let mut cover = Self {
            document,
            budget,
            pieces,
            cuts,
            between: Vec::new(),
            apexes,
            texts,
        };
        let cuts = cover.cuts.iter();
        cover.between = cuts.map(|place| cover.at(*place)).collect();
        cover
    }

    /// How a place is covered, by every piece.
    fn at(&self, place: u32) -> Standing {
        let mut found = Standing::default();
        for piece in &self.pieces {
            if !self.budget.spend(piece.without.len().saturating_add(1)) {
                return Standing::default();
            }
            if piece.holds(place) {
                found.holds = true;
                found.comments |= piece.comments;
            }
        }
        found
    }

    /// How an element is covered.
    pub fn standing(&self, element: Element<'d>) -> Standing {
        let span = self.document.span(element.id());
        let (mut found, next) = self.around(span.start);
        if !found.holds {
            return found;
        }
        if next.is_none_or(|next| next >= span.end) {
            found.whole = true;
            found.whole_comments = found.comments;
            return found;
        }
        for piece in &self.pieces {
            if !self.budget.spend(piece.without.len().saturating_add(1)) {
                return Standing::default();
            }
            if piece.holds(span.start) && piece.is_whole(&span) {
                found.whole = true;
                found.whole_comments |= piece.comments;
            }
        }
        found
    }

    /// How a node is covered, whatever is beneath it.
    pub fn of_node(&self, id: NodeId) -> Standing {
        self.around(self.document.span(id).start).0
    }

    /// How a place is covered, and where that ends.
    fn around(&self, place: u32) -> (Standing, Option<u32>) {
        let after = self.cuts.partition_point(|cut| *cut <= place);
        let found = after.checked_sub(1).and_then(|at| self.between.get(at));
        (
            found.copied().unwrap_or_default(),
            self.cuts.get(after).copied(),
        )
    }

    /// Whether a reference leads to something beneath an element.
    pub fn leads_beneath(&self, element: Element<'d>) -> bool {
        let span = self.document.span(element.id());
        let first = self.apexes.partition_point(|apex| *apex <= span.start);
        self.apexes.get(first).is_some_and(|apex| *apex < span.end)
    }

    /// The reference that covers the text of an element and nothing else of it.
    pub fn text(&self, element: Element<'d>) -> Option<&'c Covered> {
        self.texts.get(&element.id()).copied()
    }
}
