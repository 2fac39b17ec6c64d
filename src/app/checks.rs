//! Gathers what is wrong with each field of an input, so that a form tells everything at once.

use chancery_types::NameError;
use chancery_types::name::{check_line, check_text};

use crate::app::{AppError, FieldProblem};
use crate::domain::email;
use crate::domain::tax_id::{self, TaxIdError};

/// What is wrong so far.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldProblem>);

impl Checks {
    /// Adds a problem.
    pub fn add(&mut self, problem: FieldProblem) {
        self.0.push(problem);
    }

    /// Adds a problem unless `good`.
    pub fn require(&mut self, good: bool, field: &str, code: &'static str) {
        if !good {
            self.add(FieldProblem::new(field, code));
        }
    }

    fn name(&mut self, field: &str, checked: Result<String, NameError>) -> String {
        checked.unwrap_or_else(|error| {
            self.add(FieldProblem::of_name(field, error));
            String::new()
        })
    }

    /// One line that must be there.
    pub fn line(&mut self, field: &str, text: &str, graphemes_max: usize) -> String {
        self.name(field, check_line(text, graphemes_max))
    }

    /// One line that may be blank.
    pub fn optional_line(
        &mut self,
        field: &str,
        text: Option<&str>,
        graphemes_max: usize,
    ) -> Option<String> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        Some(self.line(field, text, graphemes_max))
    }

    /// A text of several lines that must be there.
    pub fn text(&mut self, field: &str, text: &str, graphemes_max: usize) -> String {
        self.name(field, check_text(text, graphemes_max))
    }

    /// An e-mail address, folded.
    pub fn email(&mut self, field: &str, text: &str) -> String {
        if text.trim().is_empty() {
            self.add(FieldProblem::new(field, "empty"));
            return String::new();
        }
        email::check(text).unwrap_or_else(|| {
            self.add(FieldProblem::new(field, "email"));
            String::new()
        })
    }

    /// Everything, or that nothing is wrong.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every problem.
    pub fn done(self) -> Result<(), AppError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid { fields: self.0 })
        }
    }
}

/// Identifiers of an organisation as typed; blank counts as none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxIds {
    /// ISO 3166, two capital letters.
    pub country: String,
    /// ИНН; in Russia only.
    pub inn: Option<String>,
    /// КПП; in Russia only.
    pub kpp: Option<String>,
    /// VAT number; outside Russia.
    pub vat_id: Option<String>,
}

impl TaxIds {
    /// Checks forms and control digits; in Russia an ИНН must be there.
    #[must_use]
    pub fn check(&self, checks: &mut Checks) -> Self {
        let country = self.country.trim().to_uppercase();
        let good = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        checks.require(good, "country", "country");
        let given = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).unwrap_or("");
            (!text.is_empty()).then(|| text.to_owned())
        };
        let (inn, kpp, vat_id) = (given(&self.inn), given(&self.kpp), given(&self.vat_id));
        if country == "RU" {
            checks.require(inn.is_some(), "inn", "empty");
            checks.require(vat_id.is_none(), "vat_id", "tax-id-not-of-country");
            tax_field(checks, "inn", inn.as_deref().map(tax_id::check_inn));
            tax_field(checks, "kpp", kpp.as_deref().map(tax_id::check_kpp));
            return Self {
                country,
                inn,
                kpp,
                vat_id: None,
            };
        }
        checks.require(inn.is_none(), "inn", "tax-id-not-of-country");
        checks.require(kpp.is_none(), "kpp", "tax-id-not-of-country");
        let checked = vat_id
            .as_deref()
            .map(|id| tax_id::check_vat_id(&country, id));
        let normal = checked.clone().and_then(Result::ok);
        if good {
            tax_field(checks, "vat_id", checked.map(|checked| checked.map(|_| ())));
        }
        Self {
            country,
            inn: None,
            kpp: None,
            vat_id: normal,
        }
    }
}

fn tax_field(checks: &mut Checks, field: &str, checked: Option<Result<(), TaxIdError>>) {
    let code = match checked {
        None | Some(Ok(())) => return,
        Some(Err(TaxIdError::Format)) => "tax-id-format",
        Some(Err(TaxIdError::ControlDigit)) => "tax-id-control-digit",
        Some(Err(TaxIdError::NotOfCountry)) => "tax-id-not-of-country",
    };
    checks.add(FieldProblem::new(field, code));
}
