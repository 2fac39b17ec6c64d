//! How documents under way by earlier texts of a workflow come to this one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Definition, Node};

/// What `migrate` says, and the number that it would be named by in a later text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Succession {
    /// The file's own `version`, if it has one.
    pub version: Option<u32>,
    /// The versions whose documents it speaks of; empty for those of every earlier text.
    pub from: BTreeSet<u32>,
    /// What a step of an earlier text is called in this one, by its identifier there.
    pub map: BTreeMap<String, String>,
    /// Whether the clocks of open tasks begin anew, instead of going on with what is left.
    pub restarts_timers: bool,
}

impl Succession {
    /// Whether it speaks of documents that go by `before`.
    #[must_use]
    pub fn is_from(&self, before: &Self) -> bool {
        self.from.is_empty()
            || before
                .version
                .is_some_and(|version| self.from.contains(&version))
    }
}

/// What becomes of a step of an earlier text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is at the same path, if this text has that path at all.
    Same,
    /// It is the step at another path.
    Renamed(String),
    /// It is none of this text's, though there may be one at its path.
    Left,
}

impl Definition {
    /// How documents of earlier texts come to this one.
    #[must_use]
    pub const fn succession(&self) -> &Succession {
        &self.succession
    }

    /// The step with this identifier, at whatever depth.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Node> {
        fn within<'n>(nodes: &'n [Node], id: &str) -> Option<&'n Node> {
            let mut nodes = nodes.iter();
            nodes.find_map(|node| match node.id() == id {
                true => Some(node),
                false => within(node.children(), id),
            })
        }
        within(self.nodes(), id)
    }

    /// What each stage of `before`, automatic ones too, is in this text, by its path there. No two
    /// are the same one.
    pub(crate) fn places_of(&self, before: &Self) -> BTreeMap<String, Place> {
        let stages = before.stages().map(|stage| stage.path.clone());
        let automatics = before.automatics().map(|one| one.path.clone());
        let all: BTreeSet<String> = stages.chain(automatics).collect();
        if !self.succession.is_from(&before.succession) {
            return all.into_iter().map(|path| (path, Place::Same)).collect();
        }
        let mut places = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for path in &all {
            let Some(new) = self.named_anew(path) else {
                continue;
            };
            let is_it = self.is_same_sort(before, path, &new) && taken.insert(new.clone());
            let place = match is_it {
                true if new == *path => Place::Same,
                true => Place::Renamed(new),
                false => Place::Left,
            };
            places.insert(path.clone(), place);
        }
        for path in all {
            let place = match taken.contains(&path) {
                true => Place::Left,
                false => Place::Same,
            };
            places.entry(path).or_insert(place);
        }
        places
    }

    /// The path that the map gives to what was at `path`: by the name of the step itself, else by
    /// that of the innermost block around it that is named.
    fn named_anew(&self, path: &str) -> Option<String> {
        let mut known = path.len();
        loop {
            let (step, rest) = path.split_at(known);
            let id = step.rsplit('/').next().unwrap_or(step);
            if let Some(new) = self.succession.map.get(id) {
                let node = self.step(new)?;
                return Some(format!("{}{rest}", node.path()));
            }
            known = step.rfind('/')?;
        }
    }

    /// Whether the stage at `path` of another text asks for what the one at `new` asks for.
    fn is_same_sort(&self, before: &Self, path: &str, new: &str) -> bool {
        match (before.stage(path), self.stage(new)) {
            (Some(old), Some(new)) => old.kind == new.kind,
            (None, None) => self.automatics().any(|one| one.path == new),
            _ => false,
        }
    }
}
