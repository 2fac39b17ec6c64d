//! Fields that were there and that readers draw themselves: what a form gains must not draw them
//! otherwise.

use std::collections::{HashMap, HashSet};

use chancery_pdf::{Dictionary, Object, Pdf, PdfError};

use crate::changes::Comparison;
use crate::fill_rules::inherited;

impl Comparison<'_, '_> {
    /// Whether what the form gained draws fields that were there. Readers draw those that have no
    /// appearance: in the way that the form says (`/DA`) where they say none, in its fonts (`/DR`).
    pub(crate) fn draws_old_fields(
        &mut self,
        key: &[u8],
        was: Option<&Object>,
        is: Option<&Object>,
    ) -> Result<bool, PdfError> {
        let fonts = self.gained_fonts(was, is)?;
        if key == b"DR" && self.gains_a_kind(was, is)? {
            return Ok(true);
        }
        if key == b"DR" && fonts.is_empty() {
            return Ok(false);
        }
        let anew = self.draws_all_anew()?;
        // Some readers draw every field as an entry of a form of theirs, in this way.
        let own_way = key == b"DA" && !self.is_plain_way(is)?;
        let widgets = self.old_widgets()?;
        // Thousands of fields may be drawn in one way.
        let mut ways = HashMap::new();
        let walked = self.known.walked.saturating_add(widgets.len() as u64);
        self.known.walked = walked;
        for widget in widgets {
            let Object::Dictionary(widget) = self.before.resolve(&widget)? else {
                continue;
            };
            let kind = self.before.value(&widget, b"Subtype")?;
            let is_text = matches!(kind.as_name(), None | Some(b"Widget" | b"FreeText"));
            let is_signature =
                self.before.value(&widget, b"FT")?.as_name() == Some(b"Sig".as_slice());
            let seen = anew || own_way || widget.get(b"AP").is_none();
            let is_drawn = seen && widget.get(b"Kids").is_none();
            if !is_drawn || !is_text || is_signature {
                continue;
            }
            let gains = match self.way_of(widget.clone())? {
                None => key == b"DA",
                Some(way) if key == b"DR" => match ways.get(&way) {
                    Some(known) => *known,
                    None => {
                        let names = names_a_font(&way, &fonts);
                        ways.insert(way, names);
                        names
                    }
                },
                Some(_) => false,
            };
            if gains {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What readers may draw of the earlier form: its fields but signatures, what stands on pages.
    fn old_widgets(&mut self) -> Result<Vec<Object>, PdfError> {
        let fields = self.before.fields()?;
        let walked = self.known.walked.saturating_add(fields.len() as u64);
        self.known.walked = walked;
        let mut widgets = Vec::new();
        for field in fields {
            // Nobody draws a signature's field anew.
            if field.kind.as_deref() == Some(b"Sig") {
                continue;
            }
            widgets.push(Object::Reference(field.id));
            if let Object::Dictionary(own) = self.before.get(field.id)? {
                let kids = self.before.value(&own, b"Kids")?;
                widgets.extend(kids.as_array().unwrap_or(&[]).iter().cloned());
            }
        }
        // What stands on a page and not in the form is drawn in the form's way too.
        for page in self.pages_after()?.pages() {
            if let Object::Dictionary(page) = self.before.get(page.id)? {
                let annotations = self.before.value(&page, b"Annots")?;
                widgets.extend(annotations.as_array().unwrap_or(&[]).iter().cloned());
            }
        }
        Ok(widgets)
    }

    /// Whether text is drawn in this way as in any other: black, in the size that fits the box, as
    /// where nothing is said; another one would cut a value off.
    fn is_plain_way(&self, way: Option<&Object>) -> Result<bool, PdfError> {
        let way = self.after.resolve(way.unwrap_or(&Object::Null))?;
        let Some(text) = way
            .as_string()
            .and_then(|way| std::str::from_utf8(way).ok())
        else {
            return Ok(false);
        };
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let is_size = |size: &str| size.parse::<f64>().is_ok_and(|size| size == 0.0);
        Ok(match words.as_slice() {
            [font, size, "Tf", colour @ ..] => {
                let is_black = matches!(colour, [] | ["0", "g"] | ["0", "0", "0", "rg"]);
                font.starts_with('/') && is_size(size) && is_black
            }
            _ => false,
        })
    }

    fn gained_fonts(
        &self,
        was: Option<&Object>,
        is: Option<&Object>,
    ) -> Result<HashSet<Vec<u8>>, PdfError> {
        let known = fonts_of(self.before, was)?;
        let mut fonts = fonts_of(self.after, is)?;
        fonts.retain(|name| !known.contains(name));
        Ok(fonts)
    }

    /// Whether the earlier form asks readers to draw every field, whatever its appearance.
    fn draws_all_anew(&self) -> Result<bool, PdfError> {
        let form = self.before.form()?.unwrap_or_default();
        Ok(self.before.value(&form, b"NeedAppearances")? == Object::Boolean(true))
    }

    /// Whether the resources of a form gain something of another kind than text is drawn with: some
    /// readers draw all fields by it, in other colours for instance.
    fn gains_a_kind(&self, was: Option<&Object>, is: Option<&Object>) -> Result<bool, PdfError> {
        const OF_TEXT: [&[u8]; 3] = [b"Font", b"Encoding", b"ProcSet"];
        let kinds = |pdf: &Pdf<'_>, resources: Option<&Object>| {
            let resources = pdf.resolve(resources.unwrap_or(&Object::Null))?;
            let entries = resources
                .as_dictionary()
                .map_or(&[][..], Dictionary::entries);
            let keys = entries.iter().map(|entry| entry.key.clone());
            Ok::<HashSet<Vec<u8>>, PdfError>(keys.collect())
        };
        let known = kinds(self.before, was)?;
        let mut gained = kinds(self.after, is)?.into_iter();
        Ok(gained.any(|kind| !known.contains(&kind) && !OF_TEXT.contains(&kind.as_slice())))
    }

    /// How a widget of the earlier revision says that it is drawn, itself or by what is above it.
    pub(crate) fn way_of(&self, widget: Dictionary) -> Result<Option<Vec<u8>>, PdfError> {
        if let Some(way) = self.before.value(&widget, b"DA")?.as_string() {
            return Ok(Some(way.to_vec()));
        }
        if let Some(above) = widget.get(b"Parent").and_then(Object::as_reference)
            && let Some(way) = inherited(self.before, above, b"DA")?.as_string()
        {
            return Ok(Some(way.to_vec()));
        }
        let form = self.before.form()?.unwrap_or_default();
        let way = self.before.value(&form, b"DA")?;
        Ok(way.as_string().map(<[u8]>::to_vec))
    }
}

/// The names of the fonts of resources.
fn fonts_of(pdf: &Pdf<'_>, resources: Option<&Object>) -> Result<HashSet<Vec<u8>>, PdfError> {
    let resources = pdf.resolve(resources.unwrap_or(&Object::Null))?;
    let Some(resources) = resources.as_dictionary() else {
        return Ok(HashSet::new());
    };
    let fonts = pdf.value(resources, b"Font")?;
    let entries = fonts.as_dictionary().map_or(&[][..], Dictionary::entries);
    Ok(entries.iter().map(|entry| entry.key.clone()).collect())
}

/// Whether the operators of a field's look choose one of these fonts.
fn names_a_font(way: &[u8], fonts: &HashSet<Vec<u8>>) -> bool {
    let mut words = way.split(|byte| byte.is_ascii_whitespace() || *byte == 0);
    words.any(|word| {
        let name = word.strip_prefix(b"/");
        // A name may be written in other ways (7.3.5); which one is meant is not asked.
        name.is_some_and(|name| name.contains(&b'#') || fonts.contains(name))
    })
}
