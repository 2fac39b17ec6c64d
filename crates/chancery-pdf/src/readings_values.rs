//! Fields whose values and appearances say different things (ISO 32000-2, 12.7.4.3): most readers
//! show the appearance, and those that let people type into a page show the value.

use std::collections::HashMap;
use std::rc::Rc;

use crate::codes::Codes;
use crate::lexer::Parser;
use crate::lexer::content::Token;
use crate::object::{Dictionary, Object, Stream};
use crate::readings::Varies;
use crate::readings_walk::Walk;
use crate::shown::is_hidden;

/// Most fields above one.
const PARENTS_MAX: usize = 16;
/// Most bytes of appearances that are taken apart, and of values that are compared with them.
const BYTES_MAX: u64 = 8 * 1024 * 1024;
/// Largest content that is read, in bytes.
const CONTENT_BYTES_MAX: usize = 256 * 1024;
/// What reading the codes of a font costs, in bytes.
const FONT_COST: u64 = 16 * 1024;
/// Flags of fields (12.7.5.3 and 12.7.5.4): a password, a button that is pushed, a list that opens.
const PASSWORD: i64 = 1 << 13;
const PUSHED: i64 = 1 << 16;
const OPENS: i64 = 1 << 17;

/// What was read of appearances, and what may still be.
pub(crate) struct Values {
    left: u64,
    /// The text of each appearance; nothing where it cannot be told.
    looks: HashMap<u32, Option<Rc<str>>>,
    /// What the codes of each font stand for.
    fonts: HashMap<u32, Option<Rc<Codes>>>,
    /// What fields leave to those beneath them: thousands may have one above.
    fields: HashMap<u32, Rc<Field>>,
}

/// What a field says, itself or by those above it.
#[derive(Clone, Default)]
struct Field {
    kind: Option<Rc<[u8]>>,
    flags: Option<i64>,
    value: Said,
    options: Option<Object>,
}

/// The value of a field.
#[derive(Clone, Default)]
enum Said {
    #[default]
    Nothing,
    Text(Rc<str>),
    Name(Rc<[u8]>),
    /// A long text, several choices, or what cannot be read.
    Other,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            left: BYTES_MAX,
            looks: HashMap::new(),
            fonts: HashMap::new(),
            fields: HashMap::new(),
        }
    }
}

impl Walk<'_, '_> {
    /// A widget of a field.
    pub(crate) fn field(&mut self, widget: &Dictionary, looks: bool) {
        let (mut field, mut passed) = (widget.clone(), Vec::new());
        let has_value = loop {
            let parent = field.get(b"Parent").and_then(Object::as_reference);
            if let Some(said) = self.says(&field) {
                break said;
            }
            let Some(parent) = parent.filter(|id| !passed.contains(&id.number)) else {
                break false;
            };
            if let Some(known) = self.fields.get(&parent.number) {
                break *known;
            }
            passed.push(parent.number);
            match self.pdf.get(parent) {
                Ok(Object::Dictionary(above)) if passed.len() <= PARENTS_MAX => field = above,
                _ => break false,
            }
        };
        self.fields
            .extend(passed.into_iter().map(|number| (number, has_value)));
        self.has_values |= has_value;
        if has_value && !looks {
            self.varies(Varies::Fields);
        }
        if looks && !self.found.varies.contains(&Varies::Values) {
            self.value_of_look(widget);
        }
    }

    /// Whether a field says that it has a value that readers may draw, or that it has none.
    fn says(&mut self, field: &Dictionary) -> Option<bool> {
        if let Some(kind) = field.get(b"FT").and_then(Object::as_name)
            && kind == b"Sig"
        {
            return Some(false);
        }
        match self.value(field, b"V") {
            Object::Null => None,
            Object::String(text) => Some(!text.bytes.is_empty()),
            Object::Name(_) => Some(false),
            _ => Some(true),
        }
    }

    /// Compares what a widget shows with the value of its field.
    fn value_of_look(&mut self, widget: &Dictionary) {
        let flags = self.value(widget, b"F").as_integer().unwrap_or(0);
        if is_hidden(flags) {
            return;
        }
        let field = self.field_of(widget, 0);
        let flags = field.flags.unwrap_or(0);
        let agrees = match field.kind.as_deref() {
            Some(b"Tx") if flags & PASSWORD == 0 => self.text_agrees(widget, &field),
            Some(b"Ch") if flags & OPENS != 0 => self.text_agrees(widget, &field),
            Some(b"Btn") if flags & PUSHED == 0 => self.state_agrees(widget, &field),
            _ => true,
        };
        if !agrees {
            self.varies(Varies::Values);
        }
    }

    /// Whether a widget is of a field for a signature, and nobody has signed there.
    pub(crate) fn is_unsigned(&mut self, widget: &Dictionary) -> bool {
        let field = self.field_of(widget, 0);
        field.kind.as_deref() == Some(b"Sig") && matches!(field.value, Said::Nothing)
    }

    fn field_of(&mut self, node: &Dictionary, depth: usize) -> Field {
        let mut field = match node.get(b"Parent").and_then(Object::as_reference) {
            Some(above) if depth < PARENTS_MAX => Field::clone(&self.above(above.number, depth)),
            _ => Field::default(),
        };
        if let Object::Name(kind) = self.value(node, b"FT") {
            field.kind = Some(kind.into());
        }
        field.flags = self.value(node, b"Ff").as_integer().or(field.flags);
        match self.value(node, b"V") {
            Object::Null => {}
            Object::Name(name) => field.value = Said::Name(name.into()),
            value => {
                let text = text_in(&value).map(Rc::from);
                field.value = text.map_or(Said::Other, Said::Text);
            }
        }
        let options = self.value(node, b"Opt");
        field.options = Some(options)
            .filter(|options| options.as_array().is_some())
            .or(field.options);
        field
    }

    fn above(&mut self, number: u32, depth: usize) -> Rc<Field> {
        if let Some(known) = self.values.fields.get(&number) {
            return Rc::clone(known);
        }
        // What leads back to itself ends here.
        self.values.fields.insert(number, Rc::default());
        let field = match self.pdf.by_number(number) {
            Ok(above) => {
                let above = above.object.as_dictionary();
                above.map(|above| self.field_of(above, depth.saturating_add(1)))
            }
            Err(error) => {
                self.failed(&error);
                None
            }
        };
        let field = Rc::new(field.unwrap_or_default());
        self.values.fields.insert(number, Rc::clone(&field));
        field
    }

    /// A box is ticked where its state is the value.
    fn state_agrees(&mut self, widget: &Dictionary, field: &Field) -> bool {
        let value = match &field.value {
            Said::Name(value) => value,
            Said::Nothing => b"Off".as_slice(),
            Said::Text(_) | Said::Other => return true,
        };
        let state = self.value(widget, b"AS");
        let state = state.as_name().unwrap_or(b"Off");
        if state != b"Off" {
            return state == value;
        }
        // Off, though it could be on.
        let looks = self.value(widget, b"AP");
        let looks = looks.as_dictionary().cloned().unwrap_or_default();
        let states = self.value(&looks, b"N");
        let states = states.as_dictionary();
        value == b"Off" || states.is_none_or(|states| states.get(value).is_none())
    }

    fn text_agrees(&mut self, widget: &Dictionary, field: &Field) -> bool {
        let value = match &field.value {
            Said::Nothing => Rc::from(""),
            Said::Text(text) => Rc::clone(text),
            Said::Name(_) | Said::Other => return true,
        };
        let looks = self.value(widget, b"AP");
        let looks = looks.as_dictionary().cloned().unwrap_or_default();
        let Some(id) = looks.get(b"N").and_then(Object::as_reference) else {
            return true;
        };
        let shown = match self.values.looks.get(&id.number) {
            Some(shown) => shown.clone(),
            None => {
                let shown = match self.pdf.get(id) {
                    Ok(Object::Stream(stream)) => self.text_of(&stream).map(Rc::from),
                    _ => return true,
                };
                self.values.looks.insert(id.number, shown.clone());
                shown
            }
        };
        let Some(shown) = shown else {
            return false;
        };
        let options = field.options.as_ref().and_then(Object::as_array);
        let options = options.filter(|_| field.kind.as_deref() == Some(b"Ch"));
        let count = options.map_or(0, <[Object]>::len);
        let cost = value
            .len()
            .saturating_add(shown.len())
            .saturating_add(count);
        let Some(left) = self.values.left.checked_sub(cost as u64) else {
            return false;
        };
        self.values.left = left;
        let named = options.and_then(|options| option(options, &value));
        let mut texts = std::iter::once(value.to_string()).chain(named);
        texts.any(|text| is_same(&text, &shown))
    }

    /// The text of an appearance; nothing where nobody can tell it by its codes.
    fn text_of(&mut self, stream: &Stream) -> Option<String> {
        let id = crate::object::ObjectId {
            number: 0,
            generation: 0,
        };
        let content = self.pdf.stream_bytes(id, stream).ok()?;
        let cost = content.len() as u64;
        self.values.left = self.values.left.checked_sub(cost)?;
        if content.len() > CONTENT_BYTES_MAX {
            return None;
        }
        let resources = self.value(&stream.dictionary, b"Resources");
        let resources = resources.as_dictionary().cloned().unwrap_or_default();
        let fonts = self.value(&resources, b"Font");
        let fonts = fonts.as_dictionary().cloned().unwrap_or_default();
        let mut parser = Parser::new(&content, 0, 8, CONTENT_BYTES_MAX as u64);
        let (mut text, mut operands) = (String::new(), Vec::new());
        let mut font: Option<Rc<Codes>> = None;
        let mut known: HashMap<Vec<u8>, Option<Rc<Codes>>> = HashMap::new();
        while let Some(token) = parser.token().ok()? {
            match token {
                Token::Operand(operand) => operands.push(operand),
                Token::Operator(word) => {
                    match (word, operands.as_slice()) {
                        (b"Tf", [Object::Name(name), _]) => {
                            font = known
                                .entry(name.clone())
                                .or_insert_with(|| self.codes_of(&fonts, name))
                                .clone();
                        }
                        (b"Tj" | b"'", [Object::String(shown)])
                        | (b"\"", [_, _, Object::String(shown)]) => {
                            font.as_ref()?.read(&shown.bytes, &mut text);
                        }
                        (b"TJ", [Object::Array(parts)]) => {
                            for part in parts.iter().filter_map(Object::as_string) {
                                font.as_ref()?.read(part, &mut text);
                            }
                        }
                        (b"ID", _) => parser.pass_inline_image().ok()?,
                        // Parts of its own, which may show anything.
                        (b"Do", _) => return None,
                        _ => {}
                    }
                    operands.clear();
                }
            }
        }
        Some(text)
    }

    /// What the codes of a font stand for; nothing where that is not known.
    fn codes_of(&mut self, fonts: &Dictionary, name: &[u8]) -> Option<Rc<Codes>> {
        let font = fonts.get(name)?;
        let number = font.as_reference().map(|id| id.number);
        if let Some(known) = number.and_then(|number| self.values.fonts.get(&number)) {
            return known.clone();
        }
        self.values.left = self.values.left.checked_sub(FONT_COST)?;
        let font = self.pdf.resolve(font).ok()?;
        let codes = font
            .as_dictionary()
            .and_then(|font| Codes::of(self.pdf, font));
        let cost = codes.as_ref().map_or(0, Codes::cost);
        self.values.left = self.values.left.saturating_sub(cost);
        let codes = codes.map(Rc::new);
        self.values
            .fonts
            .extend(number.map(|number| (number, codes.clone())));
        codes
    }
}

/// The text of a value. What stands beyond ASCII and Latin-1 in the encoding of texts (annex D.3)
/// counts as unknown, as it does in fonts.
fn text_in(value: &Object) -> Option<String> {
    let text = value.as_text()?;
    let bytes = value.as_string()?;
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Some(text);
    }
    let letters = text.chars().map(|letter| match letter {
        '\u{18}'..='\u{1f}' | '\u{80}'..='\u{9e}' | '\u{a0}' => char::REPLACEMENT_CHARACTER,
        letter => letter,
    });
    Some(letters.collect())
}

/// What the option of a value is called.
fn option(options: &[Object], value: &str) -> Option<String> {
    options.iter().find_map(|option| match option.as_array()? {
        [own, name] if text_in(own)? == value => text_in(name),
        _ => None,
    })
}

/// Whether a value and what is shown are the same, white space aside. A letter that is not known by
/// its code may be any.
fn is_same(value: &str, shown: &str) -> bool {
    let is_seen = |letter: &char| {
        !letter.is_whitespace() && !letter.is_control() && !matches!(letter, '\u{ad}' | '\u{feff}')
    };
    let (mut value, mut shown) = (value.chars().filter(is_seen), shown.chars().filter(is_seen));
    loop {
        match (value.next(), shown.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other => {}
            (Some(_), Some(char::REPLACEMENT_CHARACTER))
            | (Some(char::REPLACEMENT_CHARACTER), Some(_)) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn white_space_is_not_compared_and_everything_else_is() {
        assert!(is_same("1 000\r\n00", "10 0000"));
        assert!(is_same("naïve", "na\u{fffd}ve"));
        assert!(is_same("", " \n"));
        for (value, shown) in [("900", "100"), ("100", "1000"), ("", "1"), ("1", "")] {
            assert!(!is_same(value, shown), "{value} {shown}");
        }
    }
}
