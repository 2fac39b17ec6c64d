//! Forms as browsers post them: read once, shown again with what was typed and what is wrong.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::UrlencodedError;
use actix_web::web::Form;
use actix_web::{FromRequest, HttpRequest};
use chancery_types::Locale;

use super::{Problem, csrf, problem};
use crate::app::FieldProblem;

/// A posted form whose CSRF token was right.
#[derive(Clone, Debug, Default)]
pub struct PostedForm {
    fields: Vec<(String, String)>,
}

impl PostedForm {
    /// The fields of a form that came in another shape than a browser's plain one. The caller has
    /// compared the CSRF token.
    #[must_use]
    pub const fn of(fields: Vec<(String, String)>) -> Self {
        Self { fields }
    }

    /// The values of the fields whose names begin with `prefix`, by the rest of their names.
    #[must_use]
    pub fn under(&self, prefix: &str) -> std::collections::BTreeMap<String, String> {
        let rest = |(name, value): &(String, String)| {
            Some((name.strip_prefix(prefix)?.to_owned(), value.clone()))
        };
        self.fields.iter().filter_map(rest).collect()
    }

    /// The first value of a field as typed; empty if it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The first value, `None` when it is blank.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<&str> {
        let text = self.text(name);
        (!text.trim().is_empty()).then_some(text)
    }

    /// Every value of a field that is sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = move |field: &&(String, String)| field.0 == name;
        self.fields
            .iter()
            .filter(same)
            .map(|(_, value)| value.as_str())
    }

    /// A value of a type that is read from text, such as an identifier.
    ///
    /// # Errors
    ///
    /// The field's problem `not-a-choice`: only a changed form sends one.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Result<T, crate::app::AppError> {
        self.text(name)
            .trim()
            .parse()
            .map_err(|_| crate::app::AppError::invalid(name, "not-a-choice"))
    }

    /// As [`PostedForm::parse`], `None` when the field is blank.
    ///
    /// # Errors
    ///
    /// As [`PostedForm::parse`].
    pub fn parse_optional<T: std::str::FromStr>(
        &self,
        name: &str,
    ) -> Result<Option<T>, crate::app::AppError> {
        self.optional(name).map(|_| self.parse(name)).transpose()
    }

    /// The form to show again, with what is wrong.
    #[must_use]
    pub fn view(&self, locale: Locale, problems: &[FieldProblem]) -> FormView {
        FormView {
            values: self.fields.clone(),
            errors: problems
                .iter()
                .map(|problem| FieldError {
                    field: problem.field.clone(),
                    text: problem::field_text(locale, problem),
                })
                .collect(),
        }
    }
}

impl FromRequest for PostedForm {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = Form::<Vec<(String, String)>>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let fields = reading.await.map_err(|why| unreadable(&why))?.into_inner();
            let form = Self { fields };
            csrf::check_token(&request, Some(form.text(csrf::FIELD))).await?;
            Ok(form)
        })
    }
}

/// A body that is longer than a form may be is another problem than one that is none.
fn unreadable(why: &actix_web::Error) -> Problem {
    match why.as_error::<UrlencodedError>() {
        Some(UrlencodedError::Overflow { .. }) => Problem::http(413, "body-too-large"),
        _ => Problem::unreadable(),
    }
}

/// A form as a page shows it: values and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct FormView {
    values: Vec<(String, String)>,
    /// What is wrong, in the order of checking.
    pub errors: Vec<FieldError>,
}

impl FormView {
    /// The form with another value of `name`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.retain(|(field, _)| field != name);
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What is wrong with a field, in words.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub text: String,
}

impl FormView {
    /// A form filled with these values.
    #[must_use]
    pub fn of<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let values = values.into_iter();
        Self {
            values: values.map(|(n, v)| (n.into(), v.into())).collect(),
            errors: Vec::new(),
        }
    }

    /// The value of a field; empty if there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Whether a field has this value among its values: for choices and check boxes.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values
            .iter()
            .any(|(field, held)| field == name && held == value)
    }

    /// Whether a field has one of these choices among its values.
    #[must_use]
    pub fn has_any(&self, name: &str, choices: &[(String, String)]) -> bool {
        choices.iter().any(|(value, _)| self.has(name, value))
    }

    /// The values of the fields whose names begin with `prefix`, by the rest of their names.
    #[must_use]
    pub fn under(&self, prefix: &str) -> std::collections::BTreeMap<String, String> {
        let rest = |(name, value): &(String, String)| {
            Some((name.strip_prefix(prefix)?.to_owned(), value.clone()))
        };
        self.values.iter().filter_map(rest).collect()
    }

    /// The values of the fields whose names begin with `prefix` that are identifiers.
    #[must_use]
    pub fn identifiers(&self, prefix: &str) -> Vec<uuid::Uuid> {
        let within = self
            .values
            .iter()
            .filter(|(name, _)| name.starts_with(prefix));
        within.filter_map(|(_, value)| value.parse().ok()).collect()
    }

    /// What is wrong with a field; empty if nothing.
    #[must_use]
    pub fn error(&self, name: &str) -> &str {
        let found = self.errors.iter().find(|error| error.field == name);
        found.map_or("", |error| error.text.as_str())
    }
}
