//! Layers, whose content is shown or not (ISO 32000-2, 8.11): which of them readers take
//! differently.

use std::collections::HashSet;

use crate::object::{Dictionary, Object};
use crate::readings::Varies;
use crate::readings_walk::Walk;

/// Most configurations of layers.
const CONFIGURATIONS_MAX: usize = 64;
/// Uses of a layer that switch nothing, or only what is printed and exported.
const NEUTRAL: [&[u8]; 5] = [b"CreatorInfo", b"PageElement", b"Print", b"Export", b"View"];

/// What is known of the layers of a file.
#[derive(Default)]
pub(crate) struct Layers {
    /// Those that the catalog lists; nothing where it has none at all: then all is shown.
    listed: Option<HashSet<u32>>,
    met: HashSet<u32>,
}

impl Walk<'_, '_> {
    /// The layers that the catalog lists, and how they are switched.
    pub(crate) fn read_layers(&mut self, catalog: &Dictionary) {
        let layers = self.value(catalog, b"OCProperties");
        let Some(layers) = layers.as_dictionary() else {
            return;
        };
        let listed = self.value(layers, b"OCGs");
        let listed = listed.as_array().unwrap_or(&[]).iter();
        let listed = listed.filter_map(Object::as_reference);
        self.layers.listed = Some(listed.map(|id| id.number).collect());
        let more = self.value(layers, b"Configs");
        let usual = layers.get(b"D").cloned();
        let configurations = usual.iter().chain(more.as_array().unwrap_or(&[]));
        for configuration in configurations.take(CONFIGURATIONS_MAX) {
            let Ok(Object::Dictionary(one)) = self.pdf.resolve(configuration) else {
                continue;
            };
            let lists = [&b"AS"[..], b"OFF"].map(|key| self.value(&one, key));
            let listed = lists.iter().filter_map(Object::as_array);
            let state = self.value(&one, b"BaseState");
            let is_on = state.as_name().is_none_or(|state| state == b"ON");
            let meant = self.is_to_view(&one);
            if !is_on || !meant || listed.into_iter().any(|list| !list.is_empty()) {
                self.varies(Varies::Layers);
            }
        }
    }

    /// What the content that a resource is for may belong to (8.11.3.2).
    pub(crate) fn layers_in(&mut self, resources: &Dictionary) {
        let named = resources.get(b"Properties").and_then(Object::as_reference);
        if named.is_some_and(|id| !self.layers.met.insert(id.number)) {
            return;
        }
        let named = self.value(resources, b"Properties");
        let named = named.as_dictionary().cloned().unwrap_or_default();
        for entry in named.entries() {
            let direct = entry.value.as_dictionary();
            // What is no object of its own some readers do not take for layers.
            if direct.is_some_and(|one| one.is_name(b"Type", b"OCMD"))
                && self.layers.listed.is_some()
            {
                self.varies(Varies::Layers);
            }
            self.layer(&entry.value);
        }
    }

    /// What some content, or an annotation, belongs to.
    pub(crate) fn layer(&mut self, owner: &Object) {
        if self.layers.listed.is_none() {
            return;
        }
        let number = owner.as_reference().map(|id| id.number);
        if number.is_some_and(|number| !self.layers.met.insert(number)) {
            return;
        }
        let one = match self.pdf.resolve(owner) {
            Ok(Object::Dictionary(one)) => one,
            Ok(_) => return,
            Err(error) => return self.failed(&error),
        };
        match self.value(&one, b"Type").as_name() {
            Some(b"OCG") => self.group(number, &one),
            Some(b"OCMD") => self.membership(&one),
            _ => {}
        }
    }

    /// Layers in combination (8.11.2.2): expressions are not read by all, nor is what combines
    /// nothing.
    fn membership(&mut self, one: &Dictionary) {
        let policy = self.value(one, b"P");
        let policies: [&[u8]; 4] = [b"AnyOn", b"AllOn", b"AnyOff", b"AllOff"];
        let named = policy.as_name();
        let is_known = policy == Object::Null || named.is_some_and(|one| policies.contains(&one));
        let expression = self.value(one, b"VE");
        let groups = match one.get(b"OCGs") {
            Some(group @ Object::Reference(_)) => match self.pdf.resolve(group) {
                Ok(Object::Array(groups)) => groups.to_vec(),
                _ => vec![group.clone()],
            },
            Some(Object::Array(groups)) => groups.to_vec(),
            _ => Vec::new(),
        };
        let listed = self.layers.listed.as_ref();
        let is_listed = |group: &Object| {
            let number = group.as_reference().map(|id| id.number);
            number.is_some_and(|number| listed.is_none_or(|listed| listed.contains(&number)))
        };
        let sound = !groups.is_empty() && groups.iter().all(is_listed);
        if !is_known || !sound || expression != Object::Null {
            self.varies(Varies::Layers);
        }
        for group in groups {
            self.layer(&group);
        }
    }

    /// One layer: some readers look at what it is meant for, and at layers that are not listed.
    fn group(&mut self, number: Option<u32>, group: &Dictionary) {
        let listed = self.layers.listed.as_ref();
        let is_listed = number.is_some_and(|one| listed.is_none_or(|listed| listed.contains(&one)));
        let usage = self.value(group, b"Usage");
        let usage = usage.as_dictionary().cloned().unwrap_or_default();
        let view = self.value(&usage, b"View");
        let state = view.as_dictionary().and_then(|view| view.get(b"ViewState"));
        let is_seen = state.is_none_or(|state| state.as_name() == Some(b"ON"));
        let mut uses = usage.entries().iter();
        let neutral = is_seen && uses.all(|one| NEUTRAL.contains(&one.key.as_slice()));
        if !is_listed || !neutral || !self.is_to_view(group) {
            self.varies(Varies::Layers);
        }
    }

    /// Whether a layer, or a configuration of them, is meant to be seen (8.11.2.1).
    fn is_to_view(&mut self, one: &Dictionary) -> bool {
        let is_view = |name: &Object| matches!(name.as_name(), Some(b"View" | b"All"));
        match self.value(one, b"Intent") {
            Object::Null => true,
            Object::Array(several) => several.iter().any(is_view),
            one => is_view(&one),
        }
    }
}
