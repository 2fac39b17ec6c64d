//! What a condition can be true of: intervals of numbers, amounts, dates; sets of texts; presence.
//!
//! A condition is written out as its *cases*: ways in which it can have one outcome, each a set of
//! constraints on what it reads. A condition without a case for `true` is never true. Evaluation
//! goes from left to right and stops early, and so do the cases: the right side of `a || b` is
//! looked at only where `a` is false. What the analysis does not follow (arithmetic between two
//! fields, `startsWith`) is a question that may be answered either way, but only one way at a time.
//!
//! The answer is exact where it is given; where a condition has too many cases there is none.

use std::collections::{BTreeMap, BTreeSet};

use chancery_types::FieldType;
use rust_decimal::Decimal;

use super::range::{Range, Scalar};
use super::{Expr, Expression, Order};
use crate::kind::{Bounds, Kind};

/// The most pairs of cases that one analysis looks at.
const PAIRS_MAX: u32 = 20_000;

/// A set of texts: some, or all but some.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Texts {
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
}

impl Texts {
    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::In(a), Self::In(b)) => Self::In(a.intersection(b).cloned().collect()),
            (Self::In(some), Self::NotIn(not)) | (Self::NotIn(not), Self::In(some)) => {
                Self::In(some.difference(not).cloned().collect())
            }
            (Self::NotIn(a), Self::NotIn(b)) => Self::NotIn(a.union(b).cloned().collect()),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::In(some) if some.is_empty())
    }
}

/// One way in which a condition can have its outcome. All names are written as in conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    present: BTreeMap<String, bool>,
    ranges: BTreeMap<String, Range>,
    texts: BTreeMap<String, Texts>,
    answers: BTreeMap<String, bool>,
}

/// All ways; `None` where they were not counted to the end.
pub(crate) type Cases = Option<Vec<Case>>;

impl Case {
    /// Both at once, if that can be.
    fn meet(&self, other: &Self) -> Option<Self> {
        let mut both = self.clone();
        for (map, added) in [
            (&mut both.present, &other.present),
            (&mut both.answers, &other.answers),
        ] {
            for (name, answer) in added {
                if map
                    .insert(name.clone(), *answer)
                    .is_some_and(|old| old != *answer)
                {
                    return None;
                }
            }
        }
        for (name, range) in &other.ranges {
            let met = match both.ranges.get(name) {
                Some(old) => old.meet(range),
                None => range.clone(),
            };
            if met.is_empty() {
                return None;
            }
            both.ranges.insert(name.clone(), met);
        }
        for (name, texts) in &other.texts {
            let met = both
                .texts
                .get(name)
                .map_or_else(|| texts.clone(), |old| old.meet(texts));
            if met.is_empty() {
                return None;
            }
            both.texts.insert(name.clone(), met);
        }
        Some(both)
    }

    /// The constraints as an administrator reads them.
    pub(crate) fn text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (name, present) in &self.present {
            let has_more = self.ranges.contains_key(name) || self.texts.contains_key(name);
            match present {
                true if has_more => {}
                true => parts.push(format!("has({name})")),
                false => parts.push(format!("!has({name})")),
            }
        }
        for (name, range) in &self.ranges {
            parts.extend(range.text(name));
        }
        for (name, texts) in &self.texts {
            let listed = |some: &BTreeSet<String>| {
                let quoted: Vec<String> = some.iter().map(|text| format!("'{text}'")).collect();
                quoted.join(", ")
            };
            parts.push(match texts {
                Texts::In(some) if some.len() == 1 => format!("{name} == {}", listed(some)),
                Texts::In(some) => format!("{name} in [{}]", listed(some)),
                Texts::NotIn(not) if not.len() == 1 => format!("{name} != {}", listed(not)),
                Texts::NotIn(not) => format!("!({name} in [{}])", listed(not)),
            });
        }
        for (question, answer) in &self.answers {
            parts.push(if *answer {
                question.clone()
            } else {
                format!("!({question})")
            });
        }
        parts.join(", ")
    }
}

/// Counts cases over the fields of one kind.
pub(crate) struct Analysis<'a> {
    kind: &'a Kind,
    pairs_left: u32,
}

impl<'a> Analysis<'a> {
    pub(crate) const fn new(kind: &'a Kind) -> Self {
        Self {
            kind,
            pairs_left: PAIRS_MAX,
        }
    }

    /// The ways in which `when` turns out as `outcome`; without a condition it is always true.
    pub(crate) fn of(&mut self, when: Option<&Expression>, outcome: bool) -> Cases {
        match when {
            Some(when) => self.cases(&when.root, outcome),
            None => self.cases(&Expr::Bool(true), outcome),
        }
    }

    /// Both, where that can be.
    pub(crate) fn both(&mut self, left: Cases, right: Cases) -> Cases {
        let (left, right) = (left?, right?);
        let pairs = u32::try_from(left.len().saturating_mul(right.len())).unwrap_or(u32::MAX);
        self.pairs_left = self.pairs_left.checked_sub(pairs)?;
        let mut met = Vec::new();
        for a in &left {
            met.extend(right.iter().filter_map(|b| a.meet(b)));
        }
        met.dedup();
        Some(met)
    }

    /// Either.
    pub(crate) fn either(&mut self, left: Cases, right: Cases) -> Cases {
        let mut all = left?;
        all.extend(right?);
        Some(all)
    }

    fn cases(&mut self, expr: &Expr, outcome: bool) -> Cases {
        match (expr, outcome) {
            (Expr::Bool(value), _) => Some(if *value == outcome {
                vec![Case::default()]
            } else {
                Vec::new()
            }),
            (Expr::Not(inner), _) => self.cases(inner, !outcome),
            (Expr::And(a, b), true) | (Expr::Or(a, b), false) => {
                let (left, right) = (self.cases(a, outcome), self.cases(b, outcome));
                self.both(left, right)
            }
            (Expr::And(a, b), false) | (Expr::Or(a, b), true) => {
                let stops = self.cases(a, outcome);
                let (goes_on, right) = (self.cases(a, !outcome), self.cases(b, outcome));
                let second = self.both(goes_on, right);
                self.either(stops, second)
            }
            (Expr::If(parts), _) => {
                let [test, yes, no] = parts.as_ref();
                let (test_true, yes) = (self.cases(test, true), self.cases(yes, outcome));
                let (test_false, no) = (self.cases(test, false), self.cases(no, outcome));
                let first = self.both(test_true, yes);
                let second = self.both(test_false, no);
                self.either(first, second)
            }
            (Expr::Has(name), _) => Some(self.has(name, outcome)),
            (Expr::Equal(a, b), _) => self.equal(a, b, outcome),
            (Expr::Compare(order, a, b), _) => Some(self.compare(*order, a, b, outcome)),
            (Expr::In(needle, list), _) => self.contains(needle, list, outcome),
            _ => Some(vec![self.question(expr, outcome)]),
        }
    }

    fn has(&self, name: &str, outcome: bool) -> Vec<Case> {
        let required = self.kind.field(name).is_some_and(|field| field.required);
        match (required, outcome) {
            (true, true) => vec![Case::default()],
            (true, false) => Vec::new(),
            (false, _) => vec![Case {
                present: BTreeMap::from([(format!("doc.{name}"), outcome)]),
                ..Case::default()
            }],
        }
    }

    /// That the fields which `expr` reads are there: only then is it evaluated.
    fn read(&self, expr: &Expr) -> Case {
        let mut case = Case::default();
        expr.visit(&mut |part| {
            if let Expr::Field(name) | Expr::Currency(name) | Expr::DepartmentKey(name) = part
                && self.kind.field(name).is_some_and(|field| !field.required)
            {
                case.present.insert(format!("doc.{name}"), true);
            }
        });
        case
    }

    /// A question that is not followed further.
    fn question(&self, expr: &Expr, outcome: bool) -> Case {
        let mut case = self.read(expr);
        case.answers.insert(expr.text(), outcome);
        case
    }

    fn equal(&mut self, a: &Expr, b: &Expr, outcome: bool) -> Cases {
        for (side, other) in [(a, b), (b, a)] {
            if let Expr::Bool(value) = other {
                return self.cases(side, *value == outcome);
            }
            if let (Some(name), Expr::Text(text)) = (text_name(side), other) {
                let some = BTreeSet::from([text.clone()]);
                let texts = if outcome {
                    Texts::In(some)
                } else {
                    Texts::NotIn(some)
                };
                return Some(self.texts(side, name, &texts));
            }
            if let Some((name, value, currency)) = self.ordered(side, other) {
                let ranges = if outcome {
                    vec![Range::point(value)]
                } else {
                    vec![Range::below(value.clone()), Range::above(value)]
                };
                return Some(self.ranges(side, &name, &ranges, currency));
            }
        }
        let (left, right) = if a.text() <= b.text() { (a, b) } else { (b, a) };
        let sorted = Expr::Equal(Box::new(left.clone()), Box::new(right.clone()));
        Some(vec![self.question(&sorted, outcome)])
    }

    fn compare(&self, order: Order, a: &Expr, b: &Expr, outcome: bool) -> Vec<Case> {
        for (side, other, order) in [(a, b, order), (b, a, turned(order))] {
            let Some((name, value, currency)) = self.ordered(side, other) else {
                continue;
            };
            let order = if outcome { order } else { opposite(order) };
            let range = match order {
                Order::Less => Range::below(value),
                Order::LessOrEqual => Range::at_most(value),
                Order::Greater => Range::above(value),
                Order::GreaterOrEqual => Range::at_least(value),
            };
            return self.ranges(side, &name, &[range], currency);
        }
        let literals = literal(a).zip(literal(b));
        if let Some(((left, _), (right, _))) = literals {
            let holds = match order {
                Order::Less => left < right,
                Order::LessOrEqual => left <= right,
                Order::Greater => left > right,
                Order::GreaterOrEqual => left >= right,
            };
            return if holds == outcome {
                vec![Case::default()]
            } else {
                Vec::new()
            };
        }
        let whole = Expr::Compare(order, Box::new(a.clone()), Box::new(b.clone()));
        vec![self.question(&whole, outcome)]
    }

    /// `needle in [literal, …]` is a row of equalities; anything else is not followed.
    fn contains(&mut self, needle: &Expr, list: &Expr, outcome: bool) -> Cases {
        if let Expr::List(members) = list {
            let mut any = Expr::Bool(false);
            for member in members {
                let equal = Expr::Equal(Box::new(needle.clone()), Box::new(member.clone()));
                any = Expr::Or(Box::new(any), Box::new(equal));
            }
            return self.cases(&any, outcome);
        }
        let whole = Expr::In(Box::new(needle.clone()), Box::new(list.clone()));
        Some(vec![self.question(&whole, outcome)])
    }

    fn texts(&self, side: &Expr, name: String, texts: &Texts) -> Vec<Case> {
        let known = match side {
            Expr::Field(field) => self.kind.field(field).and_then(|field| {
                (field.field_type == FieldType::Choice).then(|| {
                    field
                        .choices
                        .iter()
                        .map(|choice| choice.code.clone())
                        .collect()
                })
            }),
            Expr::Currency(field) => self
                .kind
                .field(field)
                .map(|field| field.currencies.iter().cloned().collect()),
            _ => None,
        };
        let met = match known {
            Some(known) => Texts::In(known).meet(texts),
            None => texts.clone(),
        };
        if met.is_empty() {
            return Vec::new();
        }
        let mut case = self.read(side);
        case.texts.insert(name, met);
        vec![case]
    }

    fn ranges(
        &self,
        side: &Expr,
        name: &str,
        ranges: &[Range],
        currency: Option<String>,
    ) -> Vec<Case> {
        let base = self.base(side);
        let mut cases = Vec::new();
        for range in ranges {
            let met = base.meet(range);
            if met.is_empty() {
                continue;
            }
            let mut case = self.read(side);
            case.ranges.insert(name.to_owned(), met);
            if let Some(code) = &currency {
                let code = Texts::In(BTreeSet::from([code.clone()]));
                case.texts.insert(format!("{name}.currency"), code);
            }
            cases.push(case);
        }
        cases
    }

    /// What the kind says of a value anyway.
    fn base(&self, side: &Expr) -> Range {
        let Expr::Field(name) = side else {
            return Range::at_least(Scalar::Int(1));
        };
        let bounds = self
            .kind
            .field(name)
            .map_or(Bounds::None, |field| field.bounds);
        match bounds {
            Bounds::Integer { min, max } => {
                Range::between(min.map(Scalar::Int), max.map(Scalar::Int))
            }
            Bounds::Money { min, max } => {
                Range::between(min.map(Scalar::Amount), max.map(Scalar::Amount))
            }
            Bounds::Date { min, max } => {
                Range::between(min.map(Scalar::Date), max.map(Scalar::Date))
            }
            Bounds::None | Bounds::Length { .. } => Range::between(None, None),
        }
    }

    /// A thing with an order against a literal: its name, the literal, the literal's currency.
    fn ordered(&self, side: &Expr, other: &Expr) -> Option<(String, Scalar, Option<String>)> {
        let name = match side {
            Expr::Field(name) => {
                let kind = self.kind.field(name)?.field_type;
                let has_order = matches!(
                    kind,
                    FieldType::Integer | FieldType::Money | FieldType::Date
                );
                has_order.then(|| format!("doc.{name}"))?
            }
            Expr::Round => "round".to_owned(),
            Expr::VersionNumber => "version.number".to_owned(),
            _ => return None,
        };
        let (value, currency) = literal(other)?;
        Some((name, value, currency))
    }
}

fn text_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Field(name) | Expr::DepartmentKey(name) => Some(format!("doc.{name}")),
        Expr::Currency(name) => Some(format!("doc.{name}.currency")),
        Expr::InitiatorLogin => Some("initiator.login".to_owned()),
        _ => None,
    }
}

fn literal(expr: &Expr) -> Option<(Scalar, Option<String>)> {
    match expr {
        Expr::Int(number) => Some((Scalar::Int(*number), None)),
        Expr::Negate(inner) => match inner.as_ref() {
            Expr::Int(number) => Some((Scalar::Int(number.checked_neg()?), None)),
            _ => None,
        },
        Expr::Money(money) => {
            let amount: Decimal = money.amount;
            Some((Scalar::Amount(amount), Some(money.currency.clone())))
        }
        Expr::Date(date) => Some((Scalar::Date(*date), None)),
        _ => None,
    }
}

/// The same comparison, read from the other side.
const fn turned(order: Order) -> Order {
    match order {
        Order::Less => Order::Greater,
        Order::LessOrEqual => Order::GreaterOrEqual,
        Order::Greater => Order::Less,
        Order::GreaterOrEqual => Order::LessOrEqual,
    }
}

/// The comparison that holds where this one does not.
const fn opposite(order: Order) -> Order {
    match order {
        Order::Less => Order::GreaterOrEqual,
        Order::LessOrEqual => Order::Greater,
        Order::Greater => Order::LessOrEqual,
        Order::GreaterOrEqual => Order::Less,
    }
}
