//! A workflow as SVG. Its structure is its layout: steps stand below one another, branches beside
//! one another, nothing crosses.

mod words;

use chancery_types::{Locale, Localized};

use super::text::{escape, lines};
use super::{Drawing, Standing};
use crate::definition::{Definition, Node, Parallel, Stage, StageKind};
use crate::parameter::Parameters;
use words::{Words, described};

/// The width of a stage, in the drawing's units (pixels where it is not scaled).
const BOX_WIDTH: i32 = 232;
/// The height of a line of a title, and of smaller text.
const LINE: i32 = 18;
const SMALL_LINE: i32 = 15;
/// The most characters in a line of a title, and of smaller text.
const LINE_CHARS: usize = 22;
const SMALL_CHARS: usize = 31;
/// The most lines of a title, and of a condition.
const TITLE_LINES: usize = 4;
const CONDITION_LINES: usize = 4;
/// The space between two steps, between two branches, and within a frame.
const GAP: i32 = 26;
const BESIDE: i32 = 18;
const PADDING: i32 = 14;
/// The arrow from a condition to its step.
const ARROW: i32 = 14;
/// The radius of the beginning and of the end.
const RADIUS: i32 = 9;

/// Colours for a file that stands alone.
const COLOURS: &str = "<style>\
.diagram{color:#1d232b;background:#fff;font-family:system-ui,sans-serif}\
.diagram-done{stroke:#1a7f4b}.diagram-open{stroke:#0b62c4;stroke-width:2.5}\
.diagram-refused{stroke:#b3261e}\
@media (prefers-color-scheme:dark){\
.diagram{color:#e6e9ee;background:#14181d}\
.diagram-done{stroke:#5fcf95}.diagram-open{stroke:#7ab8ff}.diagram-refused{stroke:#ff8a80}}\
</style>";

pub(super) fn stage_words(stage: &Stage, locale: Locale) -> Vec<String> {
    let conditions = &std::collections::BTreeMap::new();
    let waits = &[];
    let parameters = &Parameters::new();
    Words {
        locale,
        conditions,
        parameters,
        waits,
    }
    .of_stage(stage)
}

pub(super) fn wait_words(definition: &Definition, step: &str, locale: Locale) -> Vec<String> {
    let conditions = &std::collections::BTreeMap::new();
    let waits = definition.subdocuments();
    let words = Words {
        locale,
        conditions,
        parameters: definition.parameters(),
        waits,
    };
    words.of_waits(step)
}

pub(super) fn svg(definition: &Definition, drawing: &Drawing, locale: Locale) -> String {
    let mut canvas = Canvas {
        out: String::new(),
        drawing,
        words: Words {
            locale,
            conditions: &drawing.conditions,
            parameters: definition.parameters(),
            waits: definition.subdocuments(),
        },
    };
    let size = canvas.column_size(definition.nodes());
    let width = size.width.max(BOX_WIDTH) + 2 * PADDING;
    let middle = width / 2;
    let top = PADDING + 2 * RADIUS;
    canvas.circle(middle, PADDING + RADIUS, false);
    let bottom = canvas.column(definition.nodes(), middle, top + GAP, Some(top));
    canvas.arrow(middle, bottom, bottom + GAP);
    canvas.circle(middle, bottom + GAP + RADIUS, true);
    let height = bottom + GAP + 2 * RADIUS + PADDING;
    let prefix: String = drawing
        .prefix
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let (title, about) = (format!("{prefix}-title"), format!("{prefix}-desc"));
    let xmlns = if drawing.is_file {
        " xmlns=\"http://www.w3.org/2000/svg\""
    } else {
        ""
    };
    let colours = if drawing.is_file { COLOURS } else { "" };
    format!(
        "<svg{xmlns} class=\"diagram\" role=\"img\" aria-labelledby=\"{title} {about}\" \
         width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-size=\"13\" fill=\"currentColor\">{colours}\
         <title id=\"{title}\">{}</title><desc id=\"{about}\">{}</desc>\n{}</svg>\n",
        escape(definition.title(locale)),
        escape(&described(definition, drawing, &canvas.words)),
        canvas.out,
    )
}

#[derive(Clone, Copy, Default)]
struct Size {
    width: i32,
    height: i32,
}

struct Canvas<'a> {
    out: String,
    drawing: &'a Drawing,
    words: Words<'a>,
}

/// The lines of whatever stands in a box.
struct Written {
    title: Vec<String>,
    small: Vec<String>,
}

impl Written {
    fn height(&self) -> i32 {
        2 * 9 + count(&self.title) * LINE + count(&self.small) * SMALL_LINE
    }
}

fn count(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(0)
}

/// The height of a condition's field; 0 without one.
fn label_height(condition: &[String]) -> i32 {
    match count(condition) {
        0 => 0,
        lines => lines * SMALL_LINE + 8,
    }
}

impl Canvas<'_> {
    fn written(&self, node: &Node) -> Written {
        let title = title_of(node.title(), node.id(), self.words.locale);
        let mut small = match node {
            Node::Stage(stage) => self.words.of_stage(stage),
            Node::Automatic(automatic) => self.words.of_automatic(automatic),
            Node::Parallel(_) | Node::Sequence(_) => Vec::new(),
        };
        small.extend(self.words.of_waits(node.id()));
        if let Some(standing) = self.drawing.standings.get(node.path()) {
            small.push(self.words.standing(*standing));
        }
        Written {
            title: lines(&title, LINE_CHARS, TITLE_LINES),
            small: small
                .iter()
                .flat_map(|text| lines(text, SMALL_CHARS, 3))
                .collect(),
        }
    }

    fn condition(&self, node: &Node) -> Vec<String> {
        let when = node.when().map(|when| self.words.when(when));
        when.map_or_else(Vec::new, |when| lines(&when, SMALL_CHARS, CONDITION_LINES))
    }

    /// The height of a condition above its step, with the arrow between.
    fn condition_height(&self, node: &Node) -> i32 {
        match label_height(&self.condition(node)) {
            0 => 0,
            height => height + ARROW,
        }
    }

    fn size(&self, node: &Node) -> Size {
        let condition = self.condition_height(node);
        let inner = match node {
            Node::Stage(_) | Node::Automatic(_) => Size {
                width: BOX_WIDTH,
                height: self.written(node).height(),
            },
            Node::Sequence(block) => self.column_size(&block.steps),
            Node::Parallel(block) => self.frame_size(block),
        };
        Size {
            width: inner.width.max(BOX_WIDTH),
            height: inner.height + condition,
        }
    }

    fn column_size(&self, nodes: &[Node]) -> Size {
        let mut size = Size::default();
        for node in nodes {
            let one = self.size(node);
            size.width = size.width.max(one.width);
            size.height += one.height + GAP;
        }
        size.height = (size.height - GAP).max(0);
        size
    }

    fn frame_size(&self, block: &Parallel) -> Size {
        let branches: Vec<Size> = block.branches.iter().map(|node| self.size(node)).collect();
        let beside = i32::try_from(branches.len()).unwrap_or(1).saturating_sub(1) * BESIDE;
        let width: i32 = branches.iter().map(|size| size.width).sum();
        let height = branches.iter().map(|size| size.height).max().unwrap_or(0);
        Size {
            width: width + beside + 2 * PADDING,
            height: self.head_height(block) + height + 2 * GAP + PADDING,
        }
    }

    fn head(&self, block: &Parallel) -> (Vec<String>, Vec<String>) {
        let title = title_of(&block.title, &block.id, self.words.locale);
        let join = self.words.join(block.join, block.branches.len());
        let mut small = lines(&join, SMALL_CHARS, 2);
        let waits = self.words.of_waits(&block.id).into_iter();
        small.extend(waits.flat_map(|wait| lines(&wait, SMALL_CHARS, 3)));
        (lines(&title, LINE_CHARS, TITLE_LINES), small)
    }

    fn head_height(&self, block: &Parallel) -> i32 {
        let (title, join) = self.head(block);
        PADDING + count(&title) * LINE + count(&join) * SMALL_LINE
    }

    /// Draws steps one below the other from `y` on, around `x`; `before` is where the line to the
    /// first of them begins. Answers where the last one ends.
    fn column(&mut self, nodes: &[Node], x: i32, mut y: i32, before: Option<i32>) -> i32 {
        let mut before = before;
        for node in nodes {
            if let Some(from) = before {
                self.lead(node, x, from, y);
            }
            y = self.node(node, x, y);
            before = Some(y);
            y += GAP;
        }
        before.unwrap_or(y)
    }

    /// Draws a step and answers where it ends.
    fn node(&mut self, node: &Node, x: i32, y: i32) -> i32 {
        let condition = self.condition(node);
        let begins = y + self.condition_height(node);
        self.label(&condition, node, x, y);
        match node {
            Node::Stage(_) | Node::Automatic(_) => self.boxed(node, x, begins),
            Node::Sequence(block) => self.column(&block.steps, x, begins, Some(begins)),
            Node::Parallel(block) => self.frame(block, node, x, begins),
        }
    }

    fn boxed(&mut self, node: &Node, x: i32, y: i32) -> i32 {
        let written = self.written(node);
        let height = written.height();
        let left = x - BOX_WIDTH / 2;
        let standing = self.drawing.standings.get(node.path());
        let class = standing.map_or("plain", |standing| standing.code());
        let radius = match node {
            Node::Automatic(_) => 0,
            _ => 8,
        };
        let dashes = match standing {
            Some(Standing::Skipped) => " stroke-dasharray=\"2 4\"",
            _ if node.when().is_some() => " stroke-dasharray=\"7 4\"",
            _ => "",
        };
        self.out.push_str(&format!(
            "<g><title>{}</title><rect class=\"diagram-box diagram-{class}\" x=\"{left}\" \
             y=\"{y}\" width=\"{BOX_WIDTH}\" height=\"{height}\" rx=\"{radius}\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"1.5\"{dashes}/>",
            escape(&title_of(node.title(), node.id(), self.words.locale)),
        ));
        // A signature has a second line at its foot, as on paper.
        if let Node::Stage(stage) = node
            && stage.kind == StageKind::Sign
        {
            let (from, to, foot) = (left + 10, left + BOX_WIDTH - 10, y + height - 4);
            self.out.push_str(&format!(
                "<path d=\"M{from} {foot}H{to}\" stroke=\"currentColor\"/>"
            ));
        }
        let below = self.lines(&written.title, x, y + 9, false);
        self.lines(&written.small, x, below, true);
        self.out.push_str("</g>\n");
        y + height
    }

    fn frame(&mut self, block: &Parallel, node: &Node, x: i32, y: i32) -> i32 {
        let size = self.frame_size(block);
        let left = x - size.width / 2;
        let dashes = if node.when().is_some() {
            " stroke-dasharray=\"7 4\""
        } else {
            ""
        };
        self.out.push_str(&format!(
            "<rect class=\"diagram-frame\" x=\"{left}\" y=\"{y}\" width=\"{}\" height=\"{}\" \
             rx=\"12\" fill=\"currentColor\" fill-opacity=\"0.05\" stroke=\"currentColor\" \
             stroke-opacity=\"0.45\"{dashes}/>\n",
            size.width, size.height
        ));
        let (title, join) = self.head(block);
        let below = self.lines(&title, x, y + PADDING / 2, false);
        self.lines(&join, x, below, true);
        let fork = y + self.head_height(block);
        let end = y + size.height - PADDING;
        let mut middles = Vec::new();
        let mut at = left + PADDING;
        for branch in &block.branches {
            let width = self.size(branch).width;
            let middle = at + width / 2;
            middles.push(middle);
            self.lead(branch, middle, fork, fork + GAP);
            let ends = self.node(branch, middle, fork + GAP);
            self.line(middle, ends, end);
            at += width + BESIDE;
        }
        if let (Some(first), Some(last)) = (middles.first(), middles.last()) {
            self.bar(*first, *last, fork);
            self.bar(*first, *last, end);
        }
        // From the bar on the way leads out in the middle of the frame.
        self.line(x, end, y + size.height);
        y + size.height
    }

    fn label(&mut self, condition: &[String], node: &Node, x: i32, y: i32) {
        if condition.is_empty() {
            return;
        }
        let height = label_height(condition);
        let left = x - BOX_WIDTH / 2;
        let whole = node.when().map(|when| self.words.when(when));
        self.out.push_str(&format!(
            "<g class=\"diagram-condition\"><title>{}</title><rect class=\"diagram-label\" \
             x=\"{left}\" y=\"{y}\" width=\"{BOX_WIDTH}\" height=\"{height}\" rx=\"4\" \
             fill=\"currentColor\" fill-opacity=\"0.08\"/>",
            escape(&whole.unwrap_or_default()),
        ));
        self.lines(condition, x, y + 2, true);
        self.out.push_str("</g>\n");
    }

    /// The way to a step that begins at `y`: to its condition, if it has one, and from there on.
    fn lead(&mut self, node: &Node, x: i32, from: i32, y: i32) {
        match self.condition_height(node) {
            0 => self.arrow(x, from, y),
            height => {
                self.line(x, from, y);
                self.arrow(x, y + height - ARROW, y + height);
            }
        }
    }

    /// Writes lines around `x` and answers where they end.
    fn lines(&mut self, lines: &[String], x: i32, mut y: i32, small: bool) -> i32 {
        let (step, size) = if small {
            (SMALL_LINE, "11.5")
        } else {
            (LINE, "13.5")
        };
        let weight = if small { "" } else { " font-weight=\"600\"" };
        for line in lines {
            y += step;
            let base = y - 4;
            self.out.push_str(&format!(
                "<text x=\"{x}\" y=\"{base}\" text-anchor=\"middle\" \
                 font-size=\"{size}\"{weight}>{}</text>",
                escape(line)
            ));
        }
        y
    }

    fn line(&mut self, x: i32, from: i32, to: i32) {
        if from < to {
            self.out.push_str(&format!(
                "<path class=\"diagram-way\" d=\"M{x} {from}V{to}\" fill=\"none\" \
                 stroke=\"currentColor\"/>\n"
            ));
        }
    }

    fn bar(&mut self, from: i32, to: i32, y: i32) {
        self.out.push_str(&format!(
            "<path class=\"diagram-way\" d=\"M{from} {y}H{to}\" fill=\"none\" \
             stroke=\"currentColor\"/>\n"
        ));
    }

    fn arrow(&mut self, x: i32, from: i32, to: i32) {
        self.line(x, from, to);
        let (left, right, up) = (x - 4, x + 4, to - 7);
        self.out.push_str(&format!(
            "<path class=\"diagram-head\" d=\"M{left} {up}H{right}L{x} {to}Z\"/>\n"
        ));
    }

    fn circle(&mut self, x: i32, y: i32, is_end: bool) {
        let width = if is_end { "3" } else { "1.5" };
        self.out.push_str(&format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"{width}\"/>\n"
        ));
    }
}

fn title_of(title: &Localized, id: &str, locale: Locale) -> String {
    title.get(locale).unwrap_or(id).to_owned()
}
