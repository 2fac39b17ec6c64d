//! The remarks of a document, ready to print: `partials/document/remarks.html`.

use chancery_types::Instant;

use super::view::When;
use crate::app::remarks::KnownRemark;
use crate::web::Shell;
use crate::web::pages::documents::place::place_words;

/// The remarks of a document: `partials/document/remarks.html` takes them as `remarks`.
#[derive(Clone, Debug)]
pub struct RemarksView {
    /// How many are open.
    pub open_count: usize,
    /// Whether an open one may be closed by the reader.
    pub waits_for_reader: bool,
    /// The remarks, open ones first.
    pub remarks: Vec<RemarkLine>,
}

/// One remark.
#[derive(Clone, Debug)]
pub struct RemarkLine {
    /// The remark.
    pub id: String,
    /// Who wants it.
    pub author: String,
    /// When it was given.
    pub at: When,
    /// "to version 2".
    pub version: String,
    /// Where, in words: "page 3, mark 2"; empty if of the document as a whole.
    pub place: String,
    /// The address of that place.
    pub place_href: String,
    /// What.
    pub text: String,
    /// Whether it is open.
    pub is_open: bool,
    /// The answer it was closed with; empty while open.
    pub answer: String,
    /// Who closed it; empty while open.
    pub closed_by: String,
    /// Whether the reader may close it.
    pub may_close: bool,
    /// Whether the reader made it.
    pub is_own: bool,
}

impl RemarksView {
    /// The remarks of a document.
    #[must_use]
    pub fn new(shell: &Shell, remarks: &[KnownRemark]) -> Self {
        let mut lines: Vec<RemarkLine> = remarks
            .iter()
            .map(|remark| RemarkLine::new(shell, remark))
            .collect();
        lines.sort_by_key(|line| !line.is_open);
        Self {
            open_count: lines.iter().filter(|line| line.is_open).count(),
            waits_for_reader: lines.iter().any(|line| line.may_close && !line.is_own),
            remarks: lines,
        }
    }
}

impl RemarkLine {
    fn new(shell: &Shell, remark: &KnownRemark) -> Self {
        let key = remark.row.comment_id.map(|id| id.to_string());
        let about = (
            remark.place,
            remark.mark,
            key.as_deref().unwrap_or_default(),
        );
        let document = remark.row.document_id.into();
        let (place, place_href) = place_words(shell, document, remark.version_number, about);
        Self {
            place,
            place_href,
            id: remark.row.id.to_string(),
            author: remark.author_name.clone(),
            at: When::new(shell, Instant::from_micros(remark.row.created_at)),
            version: shell.t1("remark-version", "number", remark.version_number),
            text: remark.row.text.clone(),
            is_open: remark.row.state == "open",
            answer: remark.row.answer.clone().unwrap_or_default(),
            closed_by: remark.closed_by_name.clone().unwrap_or_default(),
            may_close: remark.may_close,
            is_own: shell
                .reader
                .as_ref()
                .is_some_and(|reader| remark.row.person_id == Some(reader.id.uuid())),
        }
    }
}
