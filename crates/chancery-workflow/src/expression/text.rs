//! A condition's tree as text again, for messages: not as it was written, but so that it reads.

use super::{Expr, Order, Search, Sum};

impl Expr {
    /// The expression in the language's own syntax, brackets where in doubt.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Text(text) => format!("'{text}'"),
            Self::Money(money) => format!("money('{}', '{}')", money.currency, money.amount),
            Self::Date(date) => format!("date('{date}')"),
            Self::List(members) => {
                let texts: Vec<String> = members.iter().map(Self::text).collect();
                format!("[{}]", texts.join(", "))
            }
            Self::Field(name) => format!("doc.{name}"),
            Self::Currency(name) => format!("doc.{name}.currency"),
            Self::DepartmentKey(name) => format!("doc.{name}"),
            Self::Has(name) => format!("has(doc.{name})"),
            Self::Initiator => "initiator".to_owned(),
            Self::InitiatorLogin => "initiator.login".to_owned(),
            Self::InitiatorDepartments => "initiator.departments".to_owned(),
            Self::VersionNumber => "version.number".to_owned(),
            Self::VersionAuthor => "version.author".to_owned(),
            Self::Round => "round".to_owned(),
            Self::Actor => "actor".to_owned(),
            Self::Voters(stage) => format!("voters('{stage}')"),
            Self::Fact(name, part) => format!("facts.{name}.{part}"),
            Self::Changed(names) => {
                let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
                format!("changed({})", quoted.join(", "))
            }
            Self::Not(inner) => format!("!({})", inner.text()),
            Self::Negate(inner) => format!("-({})", inner.text()),
            Self::And(a, b) => format!("({} && {})", a.text(), b.text()),
            Self::Or(a, b) => format!("({} || {})", a.text(), b.text()),
            Self::If(parts) => {
                let [test, yes, no] = parts.as_ref();
                format!("({} ? {} : {})", test.text(), yes.text(), no.text())
            }
            Self::Equal(a, b) => format!("{} == {}", a.text(), b.text()),
            Self::Compare(order, a, b) => {
                let sign = match order {
                    Order::Less => "<",
                    Order::LessOrEqual => "<=",
                    Order::Greater => ">",
                    Order::GreaterOrEqual => ">=",
                };
                format!("{} {sign} {}", a.text(), b.text())
            }
            Self::In(a, b) => format!("{} in {}", a.text(), b.text()),
            Self::Sum(sum, a, b) => {
                let sign = match sum {
                    Sum::Add => '+',
                    Sum::Subtract => '-',
                    Sum::Multiply => '*',
                    Sum::Divide => '/',
                    Sum::Remainder => '%',
                };
                format!("({} {sign} {})", a.text(), b.text())
            }
            Self::Search(search, a, b) => {
                let name = match search {
                    Search::StartsWith => "startsWith",
                    Search::EndsWith => "endsWith",
                    Search::Contains => "contains",
                };
                format!("{}.{name}({})", a.text(), b.text())
            }
            Self::Size(inner) => format!("size({})", inner.text()),
            Self::InGroup(inner, group) => format!("in_group({}, '{group}')", inner.text()),
        }
    }
}
