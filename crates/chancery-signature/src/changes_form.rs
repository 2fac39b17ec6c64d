//! The part of a revision's changes that signing brings: fields, widgets, annotations.

use std::collections::HashSet;

use chancery_pdf::object::StringForm;
use chancery_pdf::{Dictionary, Object, ObjectId, PdfError};

use crate::changes::Comparison;
use crate::changes_walk::{Old, pairs, same_entry, same_option};
use crate::facts::Change;

/// What a new signature field merged with its widget may say.
const FIELD_KEYS: &[&[u8]] = &[
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"V",
    b"F",
    b"Ff",
    b"Rect",
    b"AP",
    b"AS",
    b"P",
    b"Parent",
    b"MK",
    b"DA",
    b"Q",
    b"Lock",
    b"SV",
    b"BS",
    b"Border",
    b"M",
    b"NM",
    b"Kids",
    b"H",
    b"StructParent",
    b"DR",
    b"C",
    b"Contents",
];
/// What filling an empty signature field may change.
const FILLED_KEYS: &[&[u8]] = &[b"V", b"AP", b"AS", b"M", b"F", b"MK", b"NM", b"DA"];

/// How deep resources are: kinds of things, and their names (7.8.3).
const RESOURCES_DEPTH: u32 = 2;
/// Most entries at the end of a list that are looked for one by one.
const FEW: usize = 16;
/// Most entries of a list that are no references: each is compared with all.
const DIRECT_MAX: usize = 1_000;

impl Comparison<'_, '_> {
    pub(crate) fn form(&mut self) -> Result<(), PdfError> {
        // A form of which neither the dictionary nor the list was written is the form it was.
        if !self.met.as_ref().is_none_or(|met| met.form) {
            self.filled_fields()?;
            return self.filled_values();
        }
        let (old, new) = (self.before.form()?, self.after.form()?);
        let Some(new) = new else {
            if old.is_some() {
                self.unexplained(0, "the form was removed");
            }
            return Ok(());
        };
        let (was, is) = (self.before.catalog()?, self.after.catalog()?);
        self.explain_only_mention(was.get(b"AcroForm"), is.get(b"AcroForm"));
        self.form_entries(old.as_ref(), &new)?;
        self.filled_fields()?;
        self.filled_values()?;
        self.field_list(&old.unwrap_or_default(), &new)
    }

    fn form_entries(&mut self, old: Option<&Dictionary>, new: &Dictionary) -> Result<(), PdfError> {
        let empty = Dictionary::default();
        let old = old.unwrap_or(&empty);
        for (key, (was, is)) in pairs(old, new) {
            match key {
                b"Fields" => {}
                b"SigFlags" if is.is_none_or(|is| is.as_integer().is_some()) => {}
                _ if same_option(was, is) => {}
                // A form of a signature's own, or what it lacked to show the mark.
                b"DR" | b"DA" if was.is_none_or(|was| self.extends(was, is, RESOURCES_DEPTH)) => {
                    if self.draws_old_fields(key, was, is)? {
                        self.unexplained(0, "the way in which fields are drawn");
                    }
                    if let Some(is) = is.cloned() {
                        self.explain_fonts(&is)?;
                    }
                }
                // What is so without being said.
                b"NeedAppearances" if was.is_none() && is == Some(&Object::Boolean(false)) => {}
                other => {
                    let what = format!("the form's /{}", String::from_utf8_lossy(other));
                    self.unexplained(0, &what);
                }
            }
        }
        Ok(())
    }

    /// Explains what is new beneath resources, as far as fonts consist of it: anything may be hung
    /// up there, a page or another catalog, too.
    fn explain_fonts(&mut self, resources: &Object) -> Result<(), PdfError> {
        let before = self.explained.clone();
        self.explain_beneath(resources)?;
        let brought: Vec<u32> = self.explained.difference(&before).copied().collect();
        for number in brought {
            let indirect = self.after.shared(number)?;
            if !indirect.object.as_dictionary().is_none_or(is_of_a_font) {
                self.explained.remove(&number);
            }
        }
        Ok(())
    }

    /// Whether `new` says what `old` says, and perhaps more: fonts beside those that were there.
    /// What a name stands for gains nothing.
    fn extends(&self, old: &Object, new: Option<&Object>, depth: u32) -> bool {
        let new = new.unwrap_or(&Object::Null);
        match (self.before.resolve(old), self.after.resolve(new)) {
            (Ok(Object::Dictionary(old)), Ok(Object::Dictionary(new))) if depth > 0 => {
                pairs(&old, &new).into_values().all(|(was, is)| {
                    let Some(was) = was else { return true };
                    same_option(Some(was), is)
                        || matches!(was, Object::Dictionary(_)) && self.extends(was, is, depth - 1)
                })
            }
            (Ok(old), Ok(new)) => same_option(Some(&old), Some(&new)),
            _ => false,
        }
    }

    fn field_list(&mut self, old: &Dictionary, new: &Dictionary) -> Result<(), PdfError> {
        self.explain_only_mention(old.get(b"Fields"), new.get(b"Fields"));
        let was = self.before.value(old, b"Fields")?;
        let is = self.after.value(new, b"Fields")?;
        let (was, is) = (was.as_array().unwrap_or(&[]), is.as_array().unwrap_or(&[]));
        // The order of the list means nothing; that nothing was lost or doubled does.
        let Some(added) = added_to(was, is) else {
            self.unexplained(0, "the list of fields");
            return Ok(());
        };
        for added in added {
            match added {
                Object::Reference(id) => self.added_field(*id)?,
                _ => self.unexplained(0, "a field without a number"),
            }
        }
        Ok(())
    }

    fn added_field(&mut self, id: ObjectId) -> Result<(), PdfError> {
        let Object::Dictionary(field) = self.after.get(id)? else {
            self.unexplained(id.number, "a field");
            return Ok(());
        };
        let kids = self.after.value(&field, b"Kids")?;
        let all = kids.as_array().unwrap_or(&[]);
        let kids: Vec<ObjectId> = all.iter().filter_map(Object::as_reference).collect();
        if kids.len() < all.len() {
            self.unexplained(id.number, "a part of a field that has no number");
            return Ok(());
        }
        // Without a subtype it shows nothing; what shows it stands beneath it then.
        let bare = field.get(b"Subtype").is_none() && has_known_keys(&field);
        if !field.is_name(b"FT", b"Sig") || !(bare || is_widget(&field)) {
            self.unexplained(id.number, "a field that is not a signature");
            return Ok(());
        }
        for kid in &kids {
            // Other annotations draw outside their rectangle, too.
            let kid = self.after.get(*kid)?;
            let is_widget = |kid: &Dictionary| is_widget(kid) && kid.get(b"T").is_none();
            if !kid.as_dictionary().is_some_and(is_widget) {
                self.unexplained(id.number, "a part of a field that is not its widget");
                return Ok(());
            }
        }
        let named = self.after.value(&field, b"T")?;
        if !is_plain_name(&named) || field.get(b"Parent").is_some_and(|one| *one != Object::Null) {
            // What its name is depends on who reads it.
            self.unexplained(id.number, "the name of a field");
            return Ok(());
        }
        let name = self.after.partial_name(id, &field)?.unwrap_or_default();
        if self.fields_after()?.named(&name).len() > 1 {
            // Readers keep one field of a name, and draw that alone.
            self.unexplained(id.number, "a second field of one name");
            return Ok(());
        }
        self.explain_beneath(&Object::Reference(id))?;
        self.widgets.insert(id.number);
        self.widgets.extend(kids.iter().map(|kid| kid.number));
        if field.get(b"V").is_some() {
            return self.signature_added(id, &field, false);
        }
        self.empty_field(id, &field)
    }

    /// A field for a signature to come, which must show nothing yet.
    fn empty_field(&mut self, id: ObjectId, field: &Dictionary) -> Result<(), PdfError> {
        let covered = self.covered_by(id, field, false)?;
        let shows = field.get(b"AP").is_some() && covered.percent > 0;
        if shows || field.get(b"Kids").is_some() {
            self.unexplained(id.number, "a signature field without a signature");
            return Ok(());
        }
        let name = self.after.partial_name(id, field)?;
        self.note(Change::SignatureFieldAdded {
            field: name.unwrap_or_default(),
            covers_percent: covered.percent,
            page: covered.page,
            beneath: covered.beneath,
        });
        Ok(())
    }

    /// Empty signature fields of the earlier revision that carry a signature now.
    fn filled_fields(&mut self) -> Result<(), PdfError> {
        for empty in self.met_fields() {
            let id = empty.field.id;
            let kind = empty.field.kind.as_deref();
            if kind != Some(b"Sig")
                || !self.touched.contains(&id.number)
                || empty.signature(self.before)?.is_some()
            {
                continue;
            }
            let (Object::Dictionary(old), Object::Dictionary(new)) =
                (self.before.get(id)?, self.after.get(id)?)
            else {
                continue;
            };
            if new.get(b"V").is_none() || !is_place(&new) || !self.only_filled(id, &old, &new)? {
                self.unexplained(id.number, "a signature field");
                continue;
            }
            self.explain(id.number);
            self.explain_beneath(&Object::Dictionary(new.clone()))?;
            self.appearance_of(&old, &new)?;
            let kids = self.after.value(&new, b"Kids")?;
            for kid in kids
                .as_array()
                .unwrap_or(&[])
                .iter()
                .filter_map(Object::as_reference)
            {
                let (was, is) = (self.before.get(kid)?, self.after.get(kid)?);
                let (Some(was), Some(is)) = (was.as_dictionary(), is.as_dictionary()) else {
                    continue;
                };
                let touched = self.touched.contains(&kid.number);
                if touched && is_place(is) && self.only_filled(kid, was, is)? {
                    self.explain(kid.number);
                    self.explain_beneath(&Object::Dictionary(is.clone()))?;
                    self.appearance_of(was, is)?;
                }
            }
            self.signature_added(id, &new, true)?;
        }
        Ok(())
    }

    fn only_filled(
        &mut self,
        id: ObjectId,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, PdfError> {
        // An appearance that something else refers to has a second place, which would go on
        // showing the old one.
        let was = old.get(b"AP");
        let reference = was.and_then(Object::as_reference);
        let shared = reference.is_some_and(|id| self.mentions(id.number) > 1);
        if shared && !same_option(was, new.get(b"AP")) {
            return Ok(false);
        }
        for (key, (was, is)) in pairs(old, new) {
            let same = FILLED_KEYS.contains(&key) || same_entry(key, was, is);
            let named = key == b"P" && was.is_none();
            if !(same || named && self.stands_on(id, is)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a widget names the page that lists it, and no other lists it.
    fn stands_on(&mut self, id: ObjectId, named: Option<&Object>) -> Result<bool, PdfError> {
        let named = named.and_then(Object::as_reference);
        let mut pages = self.pages_after()?.all_showing(id.number);
        let page = pages.next().map(|(page, _)| page.id);
        Ok(named.is_some() && page == named && pages.next().is_none())
    }

    /// What a widget shows may be replaced, as far as it is shown by this widget alone.
    pub(crate) fn appearance_of(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<(), PdfError> {
        match new.get(b"AP").cloned() {
            Some(is) => self.explain_place(old.get(b"AP"), &is, Old::Rewritten),
            None => Ok(()),
        }
    }

    fn signature_added(
        &mut self,
        id: ObjectId,
        field: &Dictionary,
        existing: bool,
    ) -> Result<(), PdfError> {
        let named = self.fields_after()?.get(id);
        let named = named.filter(|one| one.field.kind.as_deref() == Some(b"Sig"));
        let name = match named {
            Some(named) if named.signature(self.after)?.is_some() => named.field.name.clone(),
            _ => {
                self.unexplained(id.number, "a signature field without a signature");
                return Ok(());
            }
        };
        let covered = self.covered_by(id, field, existing)?;
        self.note(Change::SignatureAdded {
            field: name,
            covers_percent: covered.percent,
            page: covered.page,
            existing,
            beneath: covered.beneath,
        });
        Ok(())
    }
}

/// Whether fonts and lists of fonts consist of such dictionaries, and documents do not.
fn is_of_a_font(dictionary: &Dictionary) -> bool {
    const TYPES: [&[u8]; 4] = [b"Font", b"FontDescriptor", b"Encoding", b"CMap"];
    const OF_A_DOCUMENT: [&[u8]; 6] = [
        b"Pages",
        b"Kids",
        b"Contents",
        b"Annots",
        b"AcroForm",
        b"Root",
    ];
    let kind = dictionary.get(b"Type");
    let kind = kind.is_none_or(|kind| kind.as_name().is_some_and(|kind| TYPES.contains(&kind)));
    let mut entries = dictionary.entries().iter();
    kind && !entries.any(|entry| OF_A_DOCUMENT.contains(&entry.key.as_slice()))
}

fn has_known_keys(dictionary: &Dictionary) -> bool {
    let mut entries = dictionary.entries().iter();
    entries.all(|entry| FIELD_KEYS.contains(&entry.key.as_slice()))
}

/// Whether it is a widget or shows nothing: other annotations draw outside their rectangle, too.
fn is_place(dictionary: &Dictionary) -> bool {
    dictionary.is_name(b"Subtype", b"Widget") || dictionary.get(b"Subtype").is_none()
}

/// Whether readers take a partial name alike (12.7.4.2): no marks of languages (7.9.2.2), no
/// control characters, no other order of bytes, no empty part.
fn is_plain_name(name: &Object) -> bool {
    let Object::String(name) = name else {
        return false;
    };
    if name.enciphered || name.form == StringForm::Folded {
        return false;
    }
    let units: Vec<u16> = match name.bytes.as_slice() {
        [0xff, 0xfe, ..] => return false,
        [0xfe, 0xff, text @ ..] => match text.as_chunks::<2>() {
            (pairs, []) => pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
            _ => return false,
        },
        bytes => bytes.iter().copied().map(u16::from).collect(),
    };
    let point = u16::from(b'.');
    units.iter().all(|unit| *unit >= u16::from(b' '))
        && units
            .split(|unit| *unit == point)
            .all(|part| !part.is_empty())
}

/// Whether it is the widget of a signature field and says nothing else.
fn is_widget(dictionary: &Dictionary) -> bool {
    dictionary.is_name(b"Subtype", b"Widget") && has_known_keys(dictionary)
}

/// What stands in `is` and not in `was`; nothing if something was lost or stands twice.
fn added_to<'o>(was: &'o [Object], is: &'o [Object]) -> Option<Vec<&'o Object>> {
    let same = was.iter().zip(is);
    let same = same.take_while(|(was, is)| same_option(Some(was), Some(is)));
    let same = same.count();
    let (gone, come) = (was.get(same..)?, is.get(same..)?);
    let few = gone.len() <= FEW && come.len() <= FEW;
    let (old, new) = (Members::of(was, few)?, Members::of(is, few)?);
    // Of two fields of one name the first is drawn: those that were there keep their order.
    let mut left = gone.iter().peekable();
    for one in come {
        left.next_if(|old| same_option(Some(old), Some(one)));
    }
    let kept = left.peek().is_none() && gone.iter().all(|one| new.have(one));
    let added: Vec<&Object> = come.iter().filter(|one| !old.have(one)).collect();
    let whole = is.len() == was.len().saturating_add(added.len());
    (kept && whole).then_some(added)
}

/// The entries of a list: references in a set, unless only a few are asked for.
struct Members<'o> {
    numbered: HashSet<ObjectId>,
    others: Vec<&'o Object>,
}

impl<'o> Members<'o> {
    fn of(list: &'o [Object], few: bool) -> Option<Self> {
        let (mut numbered, mut others) = (HashSet::new(), Vec::new());
        for object in list {
            match object {
                Object::Reference(id) if !few => {
                    numbered.insert(*id);
                }
                other => others.push(other),
            }
        }
        (few || others.len() <= DIRECT_MAX).then_some(Self { numbered, others })
    }

    fn have(&self, one: &Object) -> bool {
        let known = one
            .as_reference()
            .is_some_and(|id| self.numbered.contains(&id));
        let mut others = self.others.iter();
        known || others.any(|other| same_option(Some(other), Some(one)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(numbers: &[u32]) -> Vec<Object> {
        let generation = 0;
        let ids = numbers.iter().map(|number| ObjectId {
            number: *number,
            generation,
        });
        ids.map(Object::from).collect()
    }

    #[test]
    fn a_list_may_grow_and_keeps_its_order_and_loses_nothing() {
        let long: Vec<u32> = (1..100).collect();
        let mut turned = long.clone();
        turned.reverse();
        turned.push(200);
        for (was, is, expected) in [
            (&[1, 2][..], &[1, 2, 3][..], Some(1)),
            (&[1, 2], &[3, 1, 2], Some(1)),
            // Of two fields of one name the first is drawn.
            (&[1, 2], &[3, 2, 1], None),
            (&[1, 2], &[1, 3], None),
            (&[1, 2], &[1, 2, 2], None),
            (&[], &[], Some(0)),
            (&long, &turned, None),
            (&turned, &long, None),
        ] {
            let (was, is) = (list(was), list(is));
            let added = added_to(&was, &is).map(|added| added.len());
            assert_eq!(added, expected);
        }
        let direct = vec![Object::Null; 2_000];
        let longer = vec![Object::Null; 3_000];
        assert_eq!(
            added_to(&direct, &longer),
            None,
            "not compared each with each"
        );
    }
}
