//! The house's own files, as the server reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chancery_workflow::{
    Ability, Calendar, Definition, Diagnostic, House, Kind, Means, Vocabulary, parse_parameters,
};

/// Everything that chains are read against.
pub struct Files {
    pub vocabulary: Vocabulary,
    pub kinds: BTreeMap<String, Kind>,
    pub calendars: BTreeMap<String, Calendar>,
    /// The chains' texts by name.
    pub chains: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../workflows")
}

fn texts(name: &str) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder().join(name)).expect(name);
    let texts = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        let id = path.file_stem().expect("a name").to_string_lossy();
        (
            id.into_owned(),
            std::fs::read_to_string(&path).expect("a text"),
        )
    });
    texts.collect()
}

impl Files {
    /// Reads them.
    pub fn read() -> Self {
        let text = |name| std::fs::read_to_string(folder().join(name)).expect(name);
        let vocabulary = Vocabulary::parse(&text("vocabulary.yaml")).expect("the vocabulary");
        let parameters = parse_parameters(&text("parameters.yaml")).expect("the parameters");
        let vocabulary = vocabulary.with_parameters(parameters);
        let kinds = texts("kinds").into_iter();
        let kinds = kinds.map(|(id, text)| {
            let kind = Kind::parse(&text, &vocabulary).expect("a kind");
            (id, kind)
        });
        let calendars = texts("calendars").into_iter();
        let calendars = calendars.map(|(id, text)| {
            let calendar = Calendar::parse(&text).expect("a calendar");
            (id, calendar)
        });
        Self {
            kinds: kinds.collect(),
            calendars: calendars.collect(),
            chains: texts("chains"),
            vocabulary,
        }
    }

    /// Reads a chain with everything that the linter looks at, its embedded tests included.
    pub fn check(&self, source: &str) -> Result<Definition, Vec<Diagnostic>> {
        let house = House {
            kinds: &self.kinds,
            vocabulary: &self.vocabulary,
            calendars: &self.calendars,
        };
        let means = Means {
            abilities: BTreeSet::from(Ability::ALL),
            journals: self.vocabulary.journals().keys().cloned().collect(),
            templates: self.vocabulary.templates().keys().cloned().collect(),
            ..Means::default()
        };
        Definition::parse_with(source, &house, &means)
    }

    /// The longest chain, by name, with its text.
    pub fn largest(&self) -> (&str, &str) {
        let longest = self.chains.iter().max_by_key(|(_, text)| text.len());
        let (id, text) = longest.expect("a chain");
        (id, text)
    }
}
