//! Spans and due dates in words.

use chancery_workflow::{Due, Span, Unit};

use super::words::Words;

impl Words<'_> {
    /// A length of time: `5 рабочих дней`.
    pub fn span(&self, span: Span) -> String {
        let unit = match span.unit() {
            Unit::WorkingDays => "bd",
            Unit::WorkingHours => "bh",
            Unit::Days => "d",
            Unit::Hours => "h",
            Unit::Minutes => "m",
            Unit::Seconds => "s",
        };
        let count = [("count", span.count().into())];
        self.t(&format!("template-span-{unit}"), &count)
    }

    /// When a task is due.
    pub(super) fn due(&self, due: &Due) -> String {
        match due {
            Due::After(span) => self.t("template-due", &[("span", self.span(*span).into())]),
            Due::By { field, before } => {
                let mut args = vec![("field", self.field(field).into())];
                let Some(span) = before else {
                    return self.t("template-due-by", &args);
                };
                args.push(("span", self.span(*span).into()));
                self.t("template-due-before", &args)
            }
        }
    }
}
