//! The fonts that content shows text in, and where they are named (7.8.3).

use std::collections::HashSet;
use std::rc::Rc;

use crate::error::PdfError;
use crate::object::{Dictionary, Object};
use crate::readings::Divided;
use crate::readings_walk::Walk;

/// The names of some fonts.
pub(crate) type Names = Rc<HashSet<Vec<u8>>>;

impl Walk<'_, '_> {
    /// Text of a page in a font that its resources lack is left out by some readers.
    pub(crate) fn page_names(&mut self, page: &Dictionary, shown: &HashSet<Vec<u8>>) {
        let named = self.page_resources(page);
        let named = named.and_then(|resources| self.fonts_of(&resources));
        match named {
            Ok(named) if shown.is_subset(&named) => {}
            Ok(_) => self.divided(Divided::Names),
            Err(error) => self.failed(&error),
        }
    }

    /// What the resources of a form lack is looked for in those of the page around it, which may be
    /// any.
    pub(crate) fn form_names(&mut self, form: &Dictionary, shown: HashSet<Vec<u8>>) {
        if shown.is_empty() {
            return;
        }
        let resources = form.get(b"Resources").cloned().unwrap_or(Object::Null);
        match self.fonts_of(&resources) {
            Ok(named) => {
                let lacking = shown.into_iter().filter(|name| !named.contains(name));
                self.contents.lacking.extend(lacking);
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Text in fonts that nothing names.
    pub(crate) fn names_nowhere(&mut self) {
        let contents = &self.contents;
        if !contents.lacking.is_subset(&contents.named) {
            self.divided(Divided::Names);
        }
    }

    /// The resources of a page, its own or those of the nodes above it.
    fn page_resources(&self, page: &Dictionary) -> Result<Object, PdfError> {
        let mut node = page.clone();
        for _ in 0..self.pdf.limits.depth_max {
            if let Some(resources) = node.get(b"Resources")
                && self.pdf.resolve(resources)? != Object::Null
            {
                return Ok(resources.clone());
            }
            let Some(above) = node.get(b"Parent").and_then(Object::as_reference) else {
                break;
            };
            // Thousands of pages may have one parent, with a long list of them.
            match &self.pdf.shared(above.number)?.object {
                Object::Dictionary(above) => node = above.clone(),
                _ => break,
            }
        }
        Ok(Object::Null)
    }

    /// Whether something is a font to all readers (9.5): of a kind, with a name or letters.
    fn is_font(&self, font: &Object) -> bool {
        let Ok(Object::Dictionary(font)) = self.pdf.resolve(font) else {
            // What cannot be read is told where it is drawn.
            return self.pdf.resolve(font).is_err();
        };
        let has = |key: &[u8], fits: fn(&Object) -> bool| {
            self.pdf.value(&font, key).as_ref().is_ok_and(fits)
        };
        let is_kind = |kind: &[u8]| font.is_name(b"Subtype", kind);
        if is_kind(b"Type3") {
            return has(b"CharProcs", |letters| letters.as_dictionary().is_some());
        }
        let is_named = has(b"BaseFont", |name| name.as_name().is_some());
        let composed = has(b"DescendantFonts", |fonts| fonts.as_array().is_some());
        let simple: [&[u8]; 3] = [b"Type1", b"TrueType", b"MMType1"];
        is_named && (is_kind(b"Type0") && composed || simple.into_iter().any(is_kind))
    }

    /// The names of the fonts of resources.
    fn fonts_of(&mut self, resources: &Object) -> Result<Names, PdfError> {
        let number = resources.as_reference().map(|id| (id.number, false));
        if let Some(known) = number.and_then(|number| self.contents.fonts.get(&number)) {
            return Ok(Rc::clone(known));
        }
        let resources = self.pdf.resolve(resources)?;
        let fonts = resources.as_dictionary().and_then(|own| own.get(b"Font"));
        let fonts = fonts.cloned().unwrap_or(Object::Null);
        let own = fonts.as_reference().map(|id| (id.number, true));
        let known = own.and_then(|own| self.contents.fonts.get(&own));
        let names = match known {
            Some(known) => Rc::clone(known),
            None => {
                let fonts = self.pdf.resolve(&fonts)?;
                let fonts = fonts.as_dictionary().map_or(&[][..], Dictionary::entries);
                let fonts = fonts.iter().filter(|font| self.is_font(&font.value));
                let names: HashSet<Vec<u8>> = fonts.map(|font| font.key.clone()).collect();
                self.contents.named.extend(names.iter().cloned());
                Rc::new(names)
            }
        };
        for place in number.into_iter().chain(own) {
            self.contents.fonts.insert(place, Rc::clone(&names));
        }
        Ok(names)
    }
}
