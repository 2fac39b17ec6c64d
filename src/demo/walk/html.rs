//! Forms read out of our own pages, as a browser would post them.
//!
//! A scanner for what askama writes: quoted attributes, void inputs, no scripts with markup inside.

/// A form of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it posts to.
    pub action: String,
    /// Its other attributes, such as `data-prepare-url`.
    pub attributes: Vec<(String, String)>,
    /// What it would send: hidden fields, values, ticked boxes, chosen options.
    pub fields: Vec<(String, String)>,
    /// Every field's name, ticked or not, and its choices (value and text) if it has any.
    pub known: Vec<(String, Vec<(String, String)>)>,
}

impl Form {
    /// An attribute; empty if it has none.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &str {
        find(&self.attributes, name)
    }

    /// What a field would send; empty if nothing.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        find(&self.fields, name)
    }

    /// Whether it has a field of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.known.iter().any(|(held, _)| held == name)
    }

    /// Fills a field in.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(held, _)| held != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// The value of the choice whose text holds `text`.
    #[must_use]
    pub fn choice(&self, name: &str, text: &str) -> Option<&str> {
        let (_, choices) = self.known.iter().find(|(held, _)| held == name)?;
        let found = choices.iter().find(|(_, shown)| shown.contains(text));
        found.map(|(value, _)| value.as_str())
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(held, _)| held == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// A start or end tag.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    is_end: bool,
}

impl Tag {
    fn get(&self, name: &str) -> &str {
        find(&self.attributes, name)
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(held, _)| held == name)
    }
}

/// Every form of a page, in its order. Fields may stand outside and name their form by `form=`.
#[must_use]
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    let mut select: Option<(String, bool)> = None;
    let mut option: Option<(String, bool)> = None;
    let mut area: Option<String> = None;
    walk(page, |tag, text_before| {
        if let Some(form) = forms.last_mut().filter(|_| open) {
            let text = decode(text_before);
            if let Some((value, is_chosen)) = option.take() {
                choose(form, select.as_mut(), value, is_chosen, text.trim());
            }
            if let Some(name) = area.take() {
                form.fields
                    .push((name, text.trim_start_matches('\n').to_owned()));
            }
        }
        match (tag.name.as_str(), tag.is_end) {
            ("form", false) => {
                open = true;
                forms.push(Form {
                    action: tag.get("action").to_owned(),
                    attributes: tag.attributes.clone(),
                    ..Form::default()
                });
            }
            ("form", true) => open = false,
            _ if !open => {}
            ("input", false) => forms
                .last_mut()
                .into_iter()
                .for_each(|form| input(form, tag)),
            ("select", false) => {
                let name = tag.get("name").to_owned();
                forms
                    .last_mut()
                    .into_iter()
                    .for_each(|form| form.known.push((name.clone(), Vec::new())));
                select = Some((name, false));
            }
            ("select", true) => select = None,
            ("option", false) => {
                option = Some((tag.get("value").to_owned(), tag.has("selected")));
            }
            ("textarea", false) => {
                let name = tag.get("name").to_owned();
                forms
                    .last_mut()
                    .into_iter()
                    .for_each(|form| form.known.push((name.clone(), Vec::new())));
                area = Some(name);
            }
            _ => {}
        }
    });
    forms
}

/// The first form that posts to `action`; a search that gets the same address is another form.
#[must_use]
pub fn form_to(page: &str, action: &str) -> Option<Form> {
    forms(page)
        .into_iter()
        .find(|form| form.action == action && form.attribute("method") == "post")
}

/// An option belongs to its select: the first, unless another is selected, is what would be sent.
fn choose(
    form: &mut Form,
    select: Option<&mut (String, bool)>,
    value: String,
    is_chosen: bool,
    text: &str,
) {
    let Some((name, has_value)) = select else {
        return;
    };
    let known = form.known.iter_mut().find(|(held, _)| held == name);
    if let Some((_, choices)) = known {
        choices.push((value.clone(), text.to_owned()));
    }
    if is_chosen || !*has_value {
        form.set(name, &value);
        *has_value = true;
    }
}

fn input(form: &mut Form, tag: &Tag) {
    let name = tag.get("name").to_owned();
    if name.is_empty() {
        return;
    }
    let kind = tag.get("type");
    if !form.has(&name) {
        form.known.push((name.clone(), Vec::new()));
    }
    let is_sent = match kind {
        "checkbox" | "radio" => tag.has("checked"),
        "file" | "submit" | "image" | "button" => false,
        _ => true,
    };
    if is_sent {
        form.fields.push((name, tag.get("value").to_owned()));
    }
}

/// Calls `each` for every tag, with the text since the one before.
fn walk(page: &str, mut each: impl FnMut(&Tag, &str)) {
    let mut rest = page;
    while let Some((text, from)) = rest.split_once('<') {
        let (tag, after) = read_tag(from);
        if let Some(tag) = tag {
            each(&tag, text);
        }
        rest = after;
    }
}

fn read_tag(from: &str) -> (Option<Tag>, &str) {
    if from.starts_with('!') {
        return (None, from.split_once('>').map_or("", |(_, after)| after));
    }
    let (is_end, mut rest) = match from.strip_prefix('/') {
        Some(after) => (true, after),
        None => (false, from),
    };
    let end = |c: char| c.is_whitespace() || c == '>' || c == '/';
    let (name, after) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
    let mut tag = Tag {
        name: name.to_ascii_lowercase(),
        attributes: Vec::new(),
        is_end,
    };
    rest = after;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (Some(tag), after);
        }
        if rest.is_empty() {
            return (None, rest);
        }
        let stop = |c: char| c.is_whitespace() || c == '>' || c == '=';
        let (key, after) = rest.split_at(rest.find(stop).unwrap_or(rest.len()));
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => ("", after.strip_prefix('=').unwrap_or(after)),
        };
        tag.attributes
            .push((key.to_ascii_lowercase(), decode(value)));
        rest = after;
    }
}

/// Character references: those that askama and people write.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        out.push_str(before);
        let known = from.split_once(';').and_then(|(name, after)| {
            let letter = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "nbsp" => '\u{a0}',
                _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
            };
            Some((letter, after))
        });
        let (letter, after) = known.unwrap_or(('&', from));
        out.push(letter);
        rest = after;
    }
    out + rest
}

/// What a page says, without tags: for looking words up and for the transcript.
#[must_use]
pub fn text(page: &str) -> String {
    let body = page.find("<main").and_then(|at| page.get(at..));
    let body = body.unwrap_or(page);
    let mut words = String::new();
    walk(body, |_, before| {
        words.push_str(before);
        words.push(' ');
    });
    let text = decode(&words);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<!doctype html><form action="/a"></form><form method="post" action="/a" data-x="1 &#38; 2">
        <input type="hidden" name="_csrf" value="t&quot;k"><input name="title" value="Ж">
        <input type="checkbox" name="yes" value="on"><input type="checkbox" name="no" value="n" checked>
        <select name="kind"><option value="">—</option><option value="c" selected>Договор</option></select>
        <textarea name="words">
два &lt;слова&gt;</textarea><input type="file" name="main"><button type="submit">Да</button></form>
        <main><p>Тот &amp; этот</p></main><form action="/b"></form>"##;

    #[test]
    fn a_form_is_what_a_browser_would_send() {
        let found = forms(PAGE);
        assert_eq!(found.len(), 3);
        let form = form_to(PAGE, "/a").expect("the form");
        assert_eq!(form.attribute("data-x"), "1 & 2");
        assert_eq!(form.value("_csrf"), "t\"k");
        assert_eq!(form.value("title"), "Ж");
        assert_eq!((form.value("yes"), form.value("no")), ("", "n"));
        assert_eq!(form.value("kind"), "c");
        assert_eq!(form.choice("kind", "Догов"), Some("c"));
        assert_eq!(form.value("words"), "два <слова>");
        assert!(form.has("main") && form.value("main").is_empty());
        assert_eq!(text(PAGE), "Тот & этот");
    }

    #[test]
    fn a_page_cut_anywhere_is_read_to_its_end() {
        for (at, _) in PAGE.char_indices() {
            let _ = forms(&PAGE[..at]);
        }
    }
}
