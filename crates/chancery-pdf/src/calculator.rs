//! Functions that are programs (ISO 32000-2, 7.10.5 and annex B): whether every reader gets through
//! them alike.

use crate::lexer::Parser;
use crate::lexer::content::Token;
use crate::object::Object;

/// Largest program that is looked at, in bytes.
const PROGRAM_BYTES_MAX: usize = 64 * 1024;
/// Deepest nesting of procedures.
const DEPTH_MAX: u32 = 32;
/// Most values that all readers hold at a time.
const STACK_MAX: usize = 100;
/// Most operations of one run.
const STEPS_MAX: u32 = 100_000;

#[derive(Clone, Debug)]
enum Step {
    Push(Value),
    Do(Vec<u8>),
    Procedure(Vec<Step>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Whole(i32),
    Real(f64),
    Truth(bool),
}

impl Value {
    fn number(self) -> Option<f64> {
        match self {
            Self::Whole(whole) => Some(f64::from(whole)),
            Self::Real(real) => Some(real),
            Self::Truth(_) => None,
        }
    }

    fn whole(self) -> Option<i32> {
        match self {
            Self::Whole(whole) => Some(whole),
            Self::Real(_) | Self::Truth(_) => None,
        }
    }
}

/// Whether a program takes so many numbers and gives so many, tried at the ends of what it may be
/// given and in between: numbers, and none that overflows or divides by nothing.
pub(crate) fn is_sound(program: &[u8], taken: usize, given: usize) -> bool {
    [0.0, 0.3, 1.0].iter().all(|at| {
        let numbers = vec![*at; taken.min(STACK_MAX)];
        run(program, &numbers, given).is_some()
    })
}

/// What a program makes of numbers; nothing where readers may make something else.
pub(crate) fn run(program: &[u8], numbers: &[f64], given: usize) -> Option<Vec<f64>> {
    if program.len() > PROGRAM_BYTES_MAX {
        return None;
    }
    let mut parser = Parser::new(program, 0, DEPTH_MAX, PROGRAM_BYTES_MAX as u64);
    if !brace(&mut parser, program, b'{') {
        return None;
    }
    let steps = procedure(&mut parser, program, DEPTH_MAX)?;
    let mut machine = Machine {
        stack: numbers.iter().copied().map(Value::Real).collect(),
        left: STEPS_MAX,
    };
    machine.run(&steps)?;
    let made = machine.stack.into_iter().map(Value::number);
    made.collect::<Option<Vec<f64>>>()
        .filter(|made| made.len() == given)
}

fn brace(parser: &mut Parser<'_>, program: &[u8], brace: u8) -> bool {
    parser.skip_space();
    let here = program.get(parser.position) == Some(&brace);
    if here {
        parser.position = parser.position.saturating_add(1);
    }
    here
}

fn procedure(parser: &mut Parser<'_>, program: &[u8], depth: u32) -> Option<Vec<Step>> {
    let below = depth.checked_sub(1)?;
    let mut steps = Vec::new();
    loop {
        if brace(parser, program, b'}') {
            return Some(steps);
        }
        if brace(parser, program, b'{') {
            steps.push(Step::Procedure(procedure(parser, program, below)?));
            continue;
        }
        steps.push(match parser.token().ok()?? {
            Token::Operator(word) => Step::Do(word.to_vec()),
            Token::Operand(Object::Integer(whole)) => {
                Step::Push(Value::Whole(i32::try_from(whole).ok()?))
            }
            Token::Operand(Object::Real(real)) => Step::Push(Value::Real(real)),
            Token::Operand(Object::Boolean(truth)) => Step::Push(Value::Truth(truth)),
            Token::Operand(_) => return None,
        });
    }
}

struct Machine {
    stack: Vec<Value>,
    left: u32,
}

impl Machine {
    fn run(&mut self, steps: &[Step]) -> Option<()> {
        let mut steps = steps.iter();
        while let Some(step) = steps.next() {
            self.left = self.left.checked_sub(1)?;
            match step {
                Step::Push(value) => self.push(*value)?,
                Step::Do(word) => self.apply(word)?,
                Step::Procedure(then) => match steps.next()? {
                    Step::Do(word) if word == b"if" => {
                        if self.truth()? {
                            self.run(then)?;
                        }
                    }
                    Step::Procedure(other) => {
                        let Step::Do(word) = steps.next()? else {
                            return None;
                        };
                        if word != b"ifelse" {
                            return None;
                        }
                        let chosen = if self.truth()? { then } else { other };
                        self.run(chosen)?;
                    }
                    _ => return None,
                },
            }
        }
        Some(())
    }

    fn push(&mut self, value: Value) -> Option<()> {
        let finite = value.number().is_none_or(f64::is_finite);
        let fits = self.stack.len() < STACK_MAX && finite;
        fits.then(|| self.stack.push(value))
    }

    fn pop(&mut self) -> Option<Value> {
        self.stack.pop()
    }

    fn truth(&mut self) -> Option<bool> {
        match self.pop()? {
            Value::Truth(truth) => Some(truth),
            Value::Whole(_) | Value::Real(_) => None,
        }
    }

    fn apply(&mut self, word: &[u8]) -> Option<()> {
        match word {
            b"pop" => self.pop().map(|_| ()),
            b"dup" => {
                let top = *self.stack.last()?;
                self.push(top)
            }
            b"exch" => {
                let (top, below) = (self.pop()?, self.pop()?);
                self.push(top)?;
                self.push(below)
            }
            b"copy" | b"index" | b"roll" => self.arrange(word),
            b"abs" | b"neg" | b"ceiling" | b"floor" | b"round" | b"truncate" | b"sqrt" | b"sin"
            | b"cos" | b"ln" | b"log" | b"cvi" | b"cvr" => self.turn(word),
            b"add" | b"sub" | b"mul" | b"div" | b"idiv" | b"mod" | b"atan" | b"exp" => {
                self.join(word)
            }
            b"eq" | b"ne" | b"gt" | b"ge" | b"lt" | b"le" => self.compare(word),
            b"and" | b"or" | b"xor" | b"not" | b"bitshift" => self.decide(word),
            _ => None,
        }
    }

    fn arrange(&mut self, word: &[u8]) -> Option<()> {
        let by = self.pop()?.whole()?;
        if word == b"roll" {
            let count = usize::try_from(self.pop()?.whole()?).ok()?;
            let from = self.stack.len().checked_sub(count)?;
            let moved = self.stack.get_mut(from..)?;
            let by = i64::from(by).checked_rem_euclid(i64::try_from(count).ok()?)?;
            moved.rotate_right(usize::try_from(by).ok()?);
            return Some(());
        }
        let count = usize::try_from(by).ok()?;
        if word == b"index" {
            let at = self.stack.len().checked_sub(count)?.checked_sub(1)?;
            let found = *self.stack.get(at)?;
            return self.push(found);
        }
        let from = self.stack.len().checked_sub(count)?;
        let copied = self.stack.get(from..)?.to_vec();
        copied.into_iter().try_for_each(|value| self.push(value))
    }

    /// Operations on one number.
    fn turn(&mut self, word: &[u8]) -> Option<()> {
        let value = self.pop()?;
        let number = value.number()?;
        let whole = value.whole();
        let made = match (word, whole) {
            (b"abs", Some(whole)) => Value::Whole(whole.checked_abs()?),
            (b"neg", Some(whole)) => Value::Whole(whole.checked_neg()?),
            (b"ceiling" | b"floor" | b"round" | b"truncate" | b"cvi", Some(_)) => value,
            (b"abs", None) => Value::Real(number.abs()),
            (b"neg", None) => Value::Real(-number),
            (b"ceiling", None) => Value::Real(number.ceil()),
            (b"floor", None) => Value::Real(number.floor()),
            (b"round", None) => Value::Real((number + 0.5).floor()),
            (b"truncate", None) => Value::Real(number.trunc()),
            (b"cvi", None) => Value::Whole(whole_of(number)?),
            (b"cvr", _) => Value::Real(number),
            (b"sqrt", _) => Value::Real(number.sqrt()),
            (b"sin", _) => Value::Real(number.to_radians().sin()),
            (b"cos", _) => Value::Real(number.to_radians().cos()),
            (b"ln", _) => Value::Real(number.ln()),
            (b"log", _) => Value::Real(number.log10()),
            _ => return None,
        };
        self.push(made)
    }

    /// Operations on two numbers.
    fn join(&mut self, word: &[u8]) -> Option<()> {
        let (right, left) = (self.pop()?, self.pop()?);
        if let (Value::Whole(left), Value::Whole(right)) = (left, right) {
            let whole = match word {
                b"add" => Some(left.checked_add(right)?),
                b"sub" => Some(left.checked_sub(right)?),
                b"mul" => Some(left.checked_mul(right)?),
                b"idiv" => Some(left.checked_div(right)?),
                b"mod" => Some(left.checked_rem(right)?),
                _ => None,
            };
            if let Some(whole) = whole {
                return self.push(Value::Whole(whole));
            }
        }
        let (left, right) = (left.number()?, right.number()?);
        let made = match word {
            b"add" => left + right,
            b"sub" => left - right,
            b"mul" => left * right,
            b"div" if right != 0.0 => left / right,
            b"atan" if left != 0.0 || right != 0.0 => {
                left.atan2(right).to_degrees().rem_euclid(360.0)
            }
            b"exp" => left.powf(right),
            _ => return None,
        };
        self.push(Value::Real(made))
    }

    fn compare(&mut self, word: &[u8]) -> Option<()> {
        let (right, left) = (self.pop()?, self.pop()?);
        if let (Value::Truth(left), Value::Truth(right)) = (left, right) {
            let truth = match word {
                b"eq" => left == right,
                b"ne" => left != right,
                _ => return None,
            };
            return self.push(Value::Truth(truth));
        }
        let order = left.number()?.partial_cmp(&right.number()?)?;
        self.push(Value::Truth(match word {
            b"eq" => order.is_eq(),
            b"ne" => order.is_ne(),
            b"gt" => order.is_gt(),
            b"ge" => order.is_ge(),
            b"lt" => order.is_lt(),
            _ => order.is_le(),
        }))
    }

    fn decide(&mut self, word: &[u8]) -> Option<()> {
        let right = self.pop()?;
        if word == b"not" {
            return self.push(match right {
                Value::Truth(truth) => Value::Truth(!truth),
                Value::Whole(whole) => Value::Whole(!whole),
                Value::Real(_) => return None,
            });
        }
        let left = self.pop()?;
        self.push(match (word, left, right) {
            (b"and", Value::Truth(left), Value::Truth(right)) => Value::Truth(left && right),
            (b"or", Value::Truth(left), Value::Truth(right)) => Value::Truth(left || right),
            (b"xor", Value::Truth(left), Value::Truth(right)) => Value::Truth(left != right),
            (b"and", Value::Whole(left), Value::Whole(right)) => Value::Whole(left & right),
            (b"or", Value::Whole(left), Value::Whole(right)) => Value::Whole(left | right),
            (b"xor", Value::Whole(left), Value::Whole(right)) => Value::Whole(left ^ right),
            (b"bitshift", Value::Whole(left), Value::Whole(by)) => {
                let by_left = u32::try_from(by).ok().filter(|by| *by < 31);
                let by_right = by.checked_neg().and_then(|by| u32::try_from(by).ok());
                let whole = match (by_left, by_right) {
                    (Some(by), _) => left.checked_mul(1_i32.checked_shl(by)?)?,
                    (_, Some(by)) => left.checked_shr(by)?,
                    _ => return None,
                };
                Value::Whole(whole)
            }
            _ => return None,
        })
    }
}

/// The whole part of a number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is within the bounds of what it becomes"
)]
fn whole_of(number: f64) -> Option<i32> {
    let whole = number.trunc();
    let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&whole);
    fits.then_some(whole as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_make_numbers_or_nothing() {
        let made = |program: &str, given: usize| run(program.as_bytes(), &[0.5], given);
        assert_eq!(made("{ 1 exch sub }", 1), Some(vec![0.5]));
        assert_eq!(
            made("{ dup 0 mul exch dup 0.84 mul exch pop 0 }", 3),
            Some(vec![0.0, 0.42, 0.0])
        );
        assert_eq!(made("{0 0 0 4 3 roll}", 4), Some(vec![0.0, 0.0, 0.0, 0.5]));
        assert_eq!(made("{ 0.4 gt { 1 } { 0 } ifelse }", 1), Some(vec![1.0]));
        assert_eq!(made("{ 1 index 2 copy pop pop pop }", 1), None);
        assert_eq!(made("{ 7 2 idiv cvr add 2 bitshift }", 1), None);
        assert_eq!(made("{ pop 7 2 idiv 2 bitshift }", 1), Some(vec![12.0]));
        for program in [
            "{ 1 eq }",
            "{ 0 div }",
            "{ pop 1 0 idiv }",
            "{ 4294967297 mul 4294967296 sub }",
            "{ pop 65536 65536 mul }",
            "{ pop pop 1 }",
            "{ 1 }",
            "{ foo }",
            "{ { 1 exch sub } }",
            "{ -1 mul ln }",
            "{ 1 exch sub",
            "1 exch sub",
        ] {
            assert_eq!(made(program, 1), None, "{program}");
        }
        assert!(is_sound(b"{ 1 exch sub }", 1, 1));
        assert!(!is_sound(b"{ 1 exch div }", 1, 1));
    }
}
