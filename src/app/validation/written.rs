//! What programs read of a check: the report in a form of its own version, and what it comes to in
//! a sentence.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, json_schema};
use serde::Serialize;
use serde_json::Value;

use super::Checked;
use crate::i18n::Formats;
use crate::i18n::verdict::summary;

/// The form of a report. A field that is taken away, or means something else, makes a new one.
pub const REPORT_FORM: &str = "chancery/verification-report/1";

/// Marks an object as one of [`REPORT_FORM`].
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(into = "&str")]
pub struct Form;

impl From<Form> for &str {
    fn from(_: Form) -> Self {
        REPORT_FORM
    }
}

impl JsonSchema for Form {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Form".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        json_schema!({ "description": "The form of this object.", "const": REPORT_FORM })
    }
}

/// A report as it is written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WrittenReport {
    /// The form.
    pub schema: Form,
    /// What it comes to, in a sentence of the reader's language: the verdict, who signed, and when.
    pub summary: String,
    /// The report.
    #[serde(flatten)]
    pub checked: Checked,
}

impl WrittenReport {
    /// A report for this reader.
    #[must_use]
    pub fn of(checked: Checked, formats: &Formats) -> Self {
        Self {
            schema: Form,
            summary: summary(&checked.report, formats),
            checked,
        }
    }
}

/// A file of which there is no report, beside those of which there is one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnreadFile {
    /// The form.
    pub schema: Form,
    /// What is wrong with it, in a sentence of the reader's language.
    pub summary: String,
    /// The file, as it was named.
    pub file: String,
    /// As `summary`.
    pub error: String,
}

impl UnreadFile {
    /// A file by the name that it was given, and what is wrong with it.
    #[must_use]
    pub fn new(file: String, error: String) -> Self {
        Self {
            schema: Form,
            summary: error.clone(),
            file,
            error,
        }
    }
}

/// An object of [`REPORT_FORM`].
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Entry {
    /// A report.
    Judged(Box<WrittenReport>),
    /// Why there is none.
    Unread(UnreadFile),
}

/// The JSON Schema of one object of [`REPORT_FORM`]: complete, and closed to what it does not name.
#[must_use]
pub fn report_schema() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<Entry>()
        .to_value();
    close(&mut schema, false);
    if let Value::Object(object) = &mut schema {
        object.insert("title".to_owned(), REPORT_FORM.into());
    }
    schema
}

/// Closes every object to fields that it does not name; one that is a part of another is closed by
/// that one.
fn close(schema: &mut Value, is_part: bool) {
    let Value::Object(object) = schema else {
        return;
    };
    let has_fields = object.contains_key("properties");
    for key in ["oneOf", "anyOf", "allOf"] {
        let parts = object.get_mut(key).and_then(Value::as_array_mut);
        for part in parts.into_iter().flatten() {
            close(part, is_part || has_fields);
        }
    }
    for key in ["properties", "$defs"] {
        let named = object.get_mut(key).and_then(Value::as_object_mut);
        for (_, one) in named.into_iter().flatten() {
            close(one, false);
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(one) = object.get_mut(key) {
            close(one, false);
        }
    }
    if has_fields && !is_part {
        object.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
}
