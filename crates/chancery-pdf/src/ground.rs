//! What a person sees of the shapes at a place: nothing but one even ground and rules of tables, or
//! something that a mark over it would hide.

use crate::ink::{Clip, Colour};
use crate::outline::{BENT, Figure, Point, is_inside, touches};
use crate::plane::Region;
use crate::shown::{FRAMED_MIN, Place};

/// Most rules at one place that are a table and no drawing.
const RULES_MAX: usize = 32;
/// Most pieces that rules are put together from.
const PIECES_MAX: usize = 2_000;
/// Widest and shortest rule, in points. Shorter lines may be the strokes of a letter.
const RULE_WIDTH: f64 = 2.0;
const RULE_LENGTH: f64 = 36.0;
/// How far pieces of one rule may be apart: dashes, and the borders of cells.
const GAP: f64 = 4.0;
/// Within how many points no three rules of a table stand beside each other.
const DENSE: f64 = 7.0;
/// How far from the edge of a field its box and the lines between its letters may stand.
const FIELD_EDGE: f64 = 3.0;
/// What counts as touching.
const EDGE: f64 = 0.5;

/// A path as it was painted.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) figures: Vec<Figure>,
    /// Around all figures and their strokes.
    pub(crate) region: Region,
    pub(crate) fill: Option<Fill>,
    pub(crate) stroke: Option<Stroke>,
    pub(crate) clip: Clip,
    /// Whether it is always shown.
    pub(crate) always: bool,
}

/// How it was filled; the colour, if it is known and covers what is beneath.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    pub(crate) even_odd: bool,
    pub(crate) colour: Option<Colour>,
    pub(crate) look: Look,
}

/// How its strokes were drawn; their width in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stroke {
    pub(crate) width: f64,
    /// How long corners may be drawn, in widths; nothing where they are cut or round.
    pub(crate) corners: Option<f64>,
    pub(crate) colour: Option<Colour>,
    pub(crate) look: Look,
}

/// What paint looks like over what stands there; of paint that nothing is known of, like paper.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Whether it is seen on paper.
    pub(crate) dark: bool,
    /// Whether what is beneath shows through it.
    pub(crate) thin: bool,
}

/// A thin straight line along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rule {
    upright: bool,
    at: f64,
    from: f64,
    to: f64,
}

impl Rule {
    /// A box that is as thin as a rule.
    fn of(region: &Region) -> Option<Self> {
        let (width, height) = region.size();
        let Region([left, bottom, right, top]) = *region;
        let (x, y) = region.middle();
        match (width <= RULE_WIDTH, height <= RULE_WIDTH) {
            (true, _) if width <= height => Some(Self {
                upright: true,
                at: x,
                from: bottom,
                to: top,
            }),
            (_, true) => Some(Self {
                upright: false,
                at: y,
                from: left,
                to: right,
            }),
            _ => None,
        }
    }
}

impl Rule {
    /// Whether it stands across another one that ends there.
    fn ends(&self, other: &Self, end: f64) -> bool {
        self.meets(other) && (self.at - end).abs() <= GAP
    }

    /// Whether it crosses another one, or ends on it.
    fn meets(&self, other: &Self) -> bool {
        let reaches = |one: &Self, at: f64| one.from - GAP <= at && at <= one.to + GAP;
        self.upright != other.upright && reaches(self, other.at) && reaches(other, self.at)
    }
}

/// What is seen at one place so far: an even colour, unless that is not known, and rules on it.
pub(crate) struct Ground {
    /// The place, and what of it counts for shapes.
    whole: Region,
    inner: Region,
    place: Place,
    colour: Option<Colour>,
    rules: Vec<Rule>,
    drawing: bool,
}

impl Ground {
    /// A place on paper.
    pub(crate) fn white(whole: Region, place: Place) -> Self {
        let inner = whole.within(match place {
            Place::Mark => EDGE,
            Place::Field => FIELD_EDGE,
        });
        Self {
            whole,
            inner,
            place,
            colour: Some(Colour::WHITE),
            rules: Vec::new(),
            drawing: false,
        }
    }

    /// The even colour that is seen, if it is known.
    pub(crate) const fn colour(&self) -> Option<Colour> {
        self.colour
    }

    /// Something stands there that has a look of its own.
    pub(crate) fn forget(&mut self) {
        self.colour = None;
    }

    /// Whether more than a ground and rules is there.
    pub(crate) fn is_drawn_on(&self) -> bool {
        if self.drawing || self.rules.len() > PIECES_MAX {
            return true;
        }
        let joined = joined(self.rules.clone());
        let short = |rule: &Rule| rule.to - rule.from < RULE_LENGTH && !self.divides(rule);
        joined.len() > RULES_MAX
            || joined.iter().any(short)
            || are_dense(&joined)
            || self.is_lettered(&joined)
    }

    /// Whether rules make a letter beneath a mark: an upright one ends where none crosses it, or
    /// one across that meets an upright one goes on to nowhere. Lines of tables end on each other,
    /// and a line to write on meets none.
    fn is_lettered(&self, rules: &[Rule]) -> bool {
        let uprights = rules.iter().filter(|rule| rule.upright).count();
        if self.place != Place::Mark || uprights == 0 {
            return false;
        }
        let ends_free = |rule: &Rule| {
            let free = |end: f64| {
                let (x, y) = match rule.upright {
                    true => (rule.at, end),
                    false => (end, rule.at),
                };
                let point = Region([x, y, x, y]);
                self.inner.meets(&point) && !rules.iter().any(|other| other.ends(rule, end))
            };
            free(rule.from) || free(rule.to)
        };
        let meets = |rule: &Rule| rules.iter().any(|other| other.meets(rule));
        rules
            .iter()
            .any(|rule| (rule.upright || meets(rule)) && ends_free(rule))
    }

    /// Whether a line divides a field between its letters: it stands on the edge of the box.
    fn divides(&self, rule: &Rule) -> bool {
        let Region([left, bottom, right, top]) = self.inner;
        let ends = rule.from <= bottom || rule.to >= top;
        let across = rule.from <= left && rule.to >= right;
        self.place == Place::Field && if rule.upright { ends } else { across }
    }

    /// Takes in a path; answers how many strokes were looked at.
    pub(crate) fn paint(&mut self, drawn: &Drawn) -> u64 {
        let shown = drawn.clip.of(&drawn.region);
        let shown = shown.and_then(|shown| shown.common(&self.inner));
        if shown.is_none() {
            return 1;
        }
        if let Some(Fill {
            even_odd, colour, ..
        }) = drawn.fill
            && (colour.is_none() || colour != self.colour)
        {
            self.filled(drawn, even_odd, colour.filter(|_| drawn.always));
        }
        if let Some(stroke) = drawn.stroke
            && (stroke.colour.is_none() || stroke.colour != self.colour)
        {
            self.stroked(drawn, stroke);
        }
        drawn.figures.iter().map(Figure::cost).sum()
    }

    /// Whether the mark stands within or beside an intricate figure that it may make another of.
    fn changes(&self, figure: &Figure) -> bool {
        let (width, height) = self.whole.size();
        let framed = width >= FRAMED_MIN && height >= FRAMED_MIN;
        figure.is_intricate()
            && figure.region.meets(&self.inner)
            && !(framed && figure.region.holds(&self.whole))
    }

    fn filled(&mut self, drawn: &Drawn, even_odd: bool, colour: Option<Colour>) {
        let Some(part) = drawn.clip.of(&self.inner) else {
            return;
        };
        let (mut around, mut drawing) = (Vec::new(), false);
        for figure in &drawn.figures {
            if self.changes(figure) {
                drawing = true;
            } else if figure.strokes(true).any(|stroke| touches(stroke, &part)) {
                let shape = figure.as_box().and_then(|region| drawn.clip.of(&region));
                match shape.as_ref().map(Rule::of) {
                    Some(Some(rule)) if !drawn.clip.odd => self.rules.push(rule),
                    // A box whose end the clipping takes away.
                    None if figure.as_box().is_some() => {}
                    _ => drawing = true,
                }
            } else {
                around.push(figure);
            }
        }
        if is_inside(around.into_iter(), part.middle(), even_odd) {
            match drawn.clip {
                clip if clip.odd => drawing = true,
                _ if part == self.inner => self.cover(colour),
                _ => self.clipped(drawn),
            }
        }
        self.drawing |= drawing;
    }

    /// An even ground; what it covers for certain is not seen any more.
    fn cover(&mut self, colour: Option<Colour>) {
        self.colour = colour;
        if colour.is_some() {
            self.rules.clear();
            self.drawing = false;
        }
    }

    /// Evenly filled, with an edge of what lets it through at this place.
    fn clipped(&mut self, drawn: &Drawn) {
        match drawn.clip.region.as_ref().and_then(Rule::of) {
            Some(rule) => self.rules.push(rule),
            None => self.drawing = true,
        }
    }

    fn stroked(&mut self, drawn: &Drawn, Stroke { width, corners, .. }: Stroke) {
        let Some(part) = drawn.clip.of(&self.inner) else {
            return;
        };
        let near = part.grown(width / 2.0);
        for figure in &drawn.figures {
            if self.changes(figure) {
                self.drawing = true;
            }
            // Lines of tables have corners too; these reach no further than the lines are wide.
            let tips = corners.map_or_else(Vec::new, |limit| figure.tips(width, limit));
            let is_long =
                |(corner, tip): &(Point, Point)| (tip.0 - corner.0).hypot(tip.1 - corner.1) > width;
            if tips.iter().any(|tip| is_long(tip) && touches(*tip, &near)) {
                self.drawing = true;
            }
            for stroke in figure
                .strokes(false)
                .filter(|stroke| touches(*stroke, &near))
            {
                let ((x, y), (to_x, to_y)) = stroke;
                let region = Region::of([x, y, to_x, to_y]);
                let rule = Rule::of(&region)
                    .filter(|_| region.size().0.min(region.size().1) <= BENT)
                    .filter(|_| width <= RULE_WIDTH && !drawn.clip.odd);
                match rule {
                    Some(rule) => self.rules.push(rule),
                    None => self.drawing = true,
                }
            }
        }
    }

    /// Takes in paint that goes wherever it is let through, even in itself.
    pub(crate) fn flood(&mut self, clip: Clip) {
        match clip.of(&self.inner) {
            None => {}
            Some(part) if part == self.inner && !clip.odd => self.colour = None,
            Some(_) => self.drawing = true,
        }
    }
}

/// Whether three rules stand so close beside each other that they are no lines of a table but
/// strokes of a picture: bars, hatching, areas.
fn are_dense(rules: &[Rule]) -> bool {
    rules.iter().enumerate().any(|(index, one)| {
        let behind = rules.get(index.saturating_add(1)..).unwrap_or(&[]);
        let near = behind
            .iter()
            .take_while(|other| other.upright == one.upright && other.at - one.at <= DENSE);
        let beside = |other: &&Rule| other.from < one.to && one.from < other.to;
        near.filter(beside).count() >= 2
    })
}

/// The rules that pieces on one line make together, in order.
fn joined(mut rules: Vec<Rule>) -> Vec<Rule> {
    let order = |one: &Rule, other: &Rule| {
        let by = |rule: &Rule| (rule.upright, rule.at, rule.from);
        by(one)
            .partial_cmp(&by(other))
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    rules.sort_by(order);
    let mut joined: Vec<Rule> = Vec::new();
    for rule in rules {
        // Pieces of one line may be a little beside each other.
        let mut latest = joined.iter_mut().rev();
        let near = latest.find(|one| {
            let beside = one.upright == rule.upright && (one.at - rule.at).abs() <= EDGE;
            beside && rule.from <= one.to + GAP && one.from <= rule.to + GAP
        });
        match near {
            Some(one) => {
                one.from = one.from.min(rule.from);
                one.to = one.to.max(rule.to);
            }
            None => joined.push(rule),
        }
    }
    joined
}
