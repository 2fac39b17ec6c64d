//! What is seen otherwise in a file since a signature was made, as pages show it: a sentence first,
//! then the pages that differ, then the others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use chancery_signature::Indication;
use chancery_signature::facts::Change;
use chancery_signature::report::{ChangeReport, Code, Reason, SignatureReport};

use crate::app::revisions::{PairedPage, Picture, Seen};
use crate::app::signing::shown::in_ranges;
use crate::domain::comparison::Piece;
use crate::domain::comparison::looks::Look;
use crate::domain::comparison::marks::Mark;
use crate::web::Shell;

/// A page in both states, with its pictures within the answer: nothing of them is kept.
#[derive(Clone, Debug)]
pub struct PairView {
    /// The page, from 1.
    pub number: usize,
    /// How the two stand, in words.
    pub word: String,
    /// Its tone.
    pub tone: &'static str,
    /// That it differs, and in how many places; empty if it does not, or is not there twice.
    pub sentence: String,
    /// The picture of the signed one, as an address; empty if there is none.
    pub signed: String,
    /// The picture of the present one.
    pub now: String,
    /// The size of the present one, as an SVG's `viewBox`.
    pub view_box: String,
    /// Where the two differ, in pixels of it.
    pub marks: Vec<Mark>,
    /// The text, if it differs.
    pub pieces: Vec<Piece>,
}

/// `partials/revision.html` takes it as `seen`.
#[derive(Clone, Debug)]
pub struct SeenView {
    /// What it came to, in a sentence.
    pub headline: String,
    /// Its tone.
    pub tone: &'static str,
    /// What else must be said.
    pub sentences: Vec<String>,
    /// Whether the signature covers the whole file: then there are no pages to compare.
    pub is_whole: bool,
    /// The pages that differ, and those of which nothing can be said.
    pub first: Vec<PairView>,
    /// Those that are the same.
    pub rest: Vec<PairView>,
}

const DIFFERENT: [Look; 3] = [Look::Differs, Look::Added, Look::Removed];

impl SeenView {
    /// In the reader's words, beside what our validator says of the signature that `seen` is since.
    #[must_use]
    pub fn new(shell: &Shell, seen: &Seen, since: &SignatureReport) -> Self {
        let is_ordinary = is_only_signed_further(since);
        let all = |looks: &[Look], key: &str| {
            let numbers = seen.numbers(looks);
            let pages = in_ranges(&numbers);
            (!numbers.is_empty()).then(|| shell.t2(key, "count", numbers.len(), "pages", pages))
        };
        let mut sentences = Vec::new();
        sentences.extend(all(&DIFFERENT, "revision-differs"));
        sentences.extend(all(&[Look::OtherText], "revision-other-text"));
        sentences.extend(all(&[Look::Unknown], "revision-unknown"));
        let is_otherwise = |look: &Look| DIFFERENT.contains(look) || *look == Look::OtherText;
        let tone = match seen.is_same() {
            true => "good",
            false if is_ordinary => "plain",
            false if seen.pages.iter().any(|one| is_otherwise(&one.seen.look)) => "attention",
            false => "plain",
        };
        if is_ordinary && seen.pages.iter().any(|one| is_otherwise(&one.seen.look)) {
            sentences.push(shell.t("revision-ordinary"));
        }
        // Programs draw the value of a field anew, or show the picture that stands beside it: the
        // pages here show that picture.
        let is_filled = |one: &ChangeReport| {
            matches!(
                one.change,
                Change::FieldFilled { .. } | Change::FieldLetters { .. }
            )
        };
        let is_filled = since.changes.iter().any(is_filled);
        let tone = match tone {
            "good" if is_filled => "attention",
            tone => tone,
        };
        if is_filled {
            sentences.push(shell.t("revision-fields"));
        }
        let headline = match (seen.is_whole, sentences.is_empty()) {
            (true, _) => shell.t("revision-whole"),
            (false, true) => shell.t("revision-same"),
            (false, false) => sentences.remove(0),
        };
        let (rest, first): (Vec<_>, Vec<_>) = seen
            .pages
            .iter()
            .partition(|page| page.seen.look == Look::Same);
        Self {
            headline,
            tone,
            sentences,
            is_whole: seen.is_whole,
            first: first
                .into_iter()
                .map(|one| pair(shell, one, is_ordinary))
                .collect(),
            rest: rest
                .into_iter()
                .map(|one| pair(shell, one, is_ordinary))
                .collect(),
        }
    }
}

/// The key of what stands beneath the title: whose signature it is, and what is shown.
#[must_use]
pub const fn about_key(seen: &Seen) -> &'static str {
    if seen.is_whole {
        "revision-about-whole"
    } else {
        "revision-about"
    }
}

/// Whether all that came after a signature are further signatures, in order, with their marks, and
/// what keeps them provable: a mark that stands over something is none of these.
fn is_only_signed_further(since: &SignatureReport) -> bool {
    let is_further = |change: &Change| {
        matches!(
            change,
            Change::SignatureAdded { .. } | Change::EvidenceAdded
        )
    };
    let stands_over = |warning: &Reason| {
        warning.code == Code::MarkAdded
            && warning.args.get("over").is_some_and(|on| on != "nothing")
    };
    since.indication == Indication::TotalPassed
        && since.changes_left_out == 0
        && since.changes.iter().all(|one| is_further(&one.change))
        && !since.warnings.iter().any(stands_over)
}

fn pair(shell: &Shell, page: &PairedPage, is_ordinary: bool) -> PairView {
    let look = page.seen.look;
    PairView {
        number: page.seen.number,
        word: shell.t(&format!("revision-look-{}", look.code().replace('_', "-"))),
        tone: match look {
            Look::Same => "good",
            Look::Unknown => "plain",
            _ if is_ordinary => "plain",
            _ => "attention",
        },
        sentence: match page.marks.len() {
            0 => String::new(),
            count => {
                let number = page.seen.number;
                shell.t2("revision-places", "number", number, "count", count)
            }
        },
        signed: address(page.signed.as_ref()),
        now: address(page.now.as_ref()),
        view_box: page.now.as_ref().map_or_else(String::new, |now| {
            format!("0 0 {} {}", now.grid.width, now.grid.height)
        }),
        marks: page.marks.clone(),
        pieces: page.seen.pieces.clone(),
    }
}

fn address(picture: Option<&Picture>) -> String {
    picture.map_or_else(String::new, |picture| {
        format!("data:image/png;base64,{}", STANDARD.encode(&picture.png))
    })
}
