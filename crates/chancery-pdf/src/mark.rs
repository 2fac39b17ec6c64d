//! The visible mark of one signature: a widget's appearance in one slot of the sheet.

use crate::append::Update;
use crate::canvas::{Canvas, Frame, Style, Typefaces, Weight, rectangle};
use crate::error::PdfError;
use crate::object::{Dictionary, Object, ObjectId};
use crate::sheet::{Mark, SLOT_HEIGHT, SLOT_WIDTH};

const NAME: Style = Style::new(Weight::Bold, 10.5, 0.0);
const LINE: Style = Style::new(Weight::Regular, 7.6, 0.15);
const NOTE: Style = Style::new(Weight::Regular, 6.4, 0.42);
/// A name of eighty letters takes four; more than five leave no room for anything else.
const NAME_LINES_MAX: usize = 5;
const GAP: Style = Style::new(Weight::Regular, 2.6, 0.0);
const PADDING: f64 = 9.0;
const BAR: f64 = 3.0;
const BLUE: [f64; 3] = [0.10, 0.27, 0.47];

/// One line with its style.
type Line = (Style, String);

/// Draws the mark; answers the content stream. The resources are added by [`enter`].
pub(crate) fn draw(faces: &mut Typefaces<'_>, mark: &Mark) -> Canvas {
    let width = SLOT_WIDTH - BAR - 2.0 * PADDING;
    let height = SLOT_HEIGHT - 2.0 * PADDING;
    let whole = Frame {
        left: 0.0,
        bottom: 0.0,
        width: SLOT_WIDTH,
        height: SLOT_HEIGHT,
    };
    let mut canvas = Canvas::default();
    canvas.fill(whole, [1.0; 3]);
    canvas.fill(
        Frame {
            width: BAR,
            ..whole
        },
        BLUE,
    );
    let inner = Frame {
        left: 0.3,
        bottom: 0.3,
        width: SLOT_WIDTH - 0.6,
        height: SLOT_HEIGHT - 0.6,
    };
    canvas.stroke(inner, (0.6, 0.72), "[] 0");
    let (text, note) = fit(faces, mark, width, height);
    let left = BAR + PADDING;
    let mut base = SLOT_HEIGHT - PADDING + 1.5;
    for (style, line) in &text {
        base -= style.leading();
        if line.is_empty() {
            continue;
        }
        canvas.text(faces, *style, (left, base), line);
    }
    let mut base = PADDING - 1.0;
    for (style, line) in note.iter().rev() {
        canvas.text(faces, *style, (left, base), line);
        base += style.leading();
    }
    canvas
}

/// Chooses the largest of a few scales at which everything fits; at the smallest the middle lines
/// are cut, never the name nor the note.
fn fit(faces: &Typefaces<'_>, mark: &Mark, width: f64, height: f64) -> (Vec<Line>, Vec<Line>) {
    let set = |style: Style, text: &str, lines_max: usize| -> Vec<Line> {
        let lines = faces.wrap(style, text, width, lines_max);
        lines.into_iter().map(|line| (style, line)).collect()
    };
    let tall = |lines: &[Line]| lines.iter().map(|(style, _)| style.leading()).sum::<f64>();
    let mut text = Vec::new();
    let mut note = Vec::new();
    for scale in [1.0, 0.94, 0.88, 0.82, 0.76, 0.7] {
        text = set(NAME.scaled(scale), &mark.name, NAME_LINES_MAX);
        for (index, line) in mark.lines.iter().enumerate() {
            // A breath between the name and what follows.
            if index == 0 {
                text.push((GAP.scaled(scale), String::new()));
            }
            text.extend(set(LINE.scaled(scale), line, 3));
        }
        note = set(NOTE.scaled(scale), &mark.note, 2);
        if tall(&text) + tall(&note) + 3.0 <= height {
            return (text, note);
        }
    }
    while tall(&text) + tall(&note) + 3.0 > height && text.pop().is_some() {}
    if let Some((style, last)) = text.last_mut() {
        while faces.width(*style, &format!("{last} …")) > width && last.pop().is_some() {}
        last.push_str(" …");
    }
    (text, note)
}

/// Adds the appearance's form object.
pub(crate) fn enter(
    update: &mut Update<'_, '_>,
    canvas: &Canvas,
    resources: ObjectId,
) -> Result<ObjectId, PdfError> {
    let form = Dictionary::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", rectangle([0.0, 0.0, SLOT_WIDTH, SLOT_HEIGHT]))
        .with("Resources", resources);
    update.add_stream(form, &canvas.operators)
}
