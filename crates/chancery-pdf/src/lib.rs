//! PDF as bytes: what we read, what we refuse, and how we add to a file without touching it.
//!
//! ```text
//! bytes ─► Pdf::open ─► facts: revisions, pages, fields, signatures, active content
//!       ─► intake::examine ─► Intake | IntakeRefusal
//!       ─► prepare_signature ─► Prepared { tail, byte_range, gap } ─► Prepared::embed
//! ```
//!
//! # Invariants
//!
//! 1. No input makes this crate panic, recurse without bound, or spend more than [`Limits`].
//! 2. Nothing is repaired. A table that is wrong about an object is a refusal or a finding.
//! 3. An update is a tail: the input's bytes are the output's first bytes.
//! 4. Spans are offsets of the file as it came; nothing is judged from a re-encoded copy.
//!
//! # Words
//!
//! A *revision* is one incremental update inside a file, never a version of a document. A
//! *signature sheet* is the last page that our first signature adds, where all visible marks stand.

pub mod active;
pub mod append;
mod bare;
pub mod byte_range;
mod calculator;
mod canvas;
mod certified;
mod cid_widths;
mod cipher;
mod cipher_key;
mod cmap;
mod codes;
mod cover;
mod cover_ink;
pub mod coverage;
mod deciphered;
mod decode;
mod encryption;
mod error;
pub mod field_table;
mod filter;
mod font;
pub mod form;
mod glyph_names;
mod grammar;
mod ground;
mod ink;
pub mod intake;
mod letter;
mod lexer;
mod lift;
mod limits;
pub mod lock;
mod mark;
pub mod object;
mod object_stream;
mod opening;
mod outline;
pub mod page;
pub mod page_table;
mod painter;
mod painter_ink;
mod pen;
pub mod plain;
mod plane;
mod program;
pub mod reader;
mod readings;
mod readings_cipher;
mod readings_colours;
mod readings_content;
mod readings_layers;
mod readings_names;
mod readings_shape;
mod readings_truetype;
mod readings_unsigned;
mod readings_values;
mod readings_walk;
mod recent;
mod replay;
mod resources;
pub mod revision;
mod salvage;
pub mod searched;
mod shape;
pub mod sheet;
mod sheet_slots;
pub mod shown;
mod shown_beneath;
pub mod sign;
mod sign_dictionary;
mod sign_field;
mod sign_standing;
pub mod stamp;
pub mod store;
pub mod taken_whole;
mod type1_letters;
mod unused;
mod veil;
mod vertical;
mod write;
pub mod xref;
mod xref_entries;
mod xref_table;

pub use append::{Update, Written};
pub use byte_range::{ByteRange, ByteRangeError};
pub use cover::Hiding;
pub use coverage::{Coverage, CoverageFailure, signature_coverage};
pub use encryption::Unopened;
pub use error::PdfError;
pub use field_table::FieldTable;
pub use form::{SignatureDictionary, SignatureField};
pub use intake::{Intake, IntakePolicy, IntakeRefusal};
pub use letter::TEXT_FAMILIES;
pub use limits::Limits;
pub use lock::{FieldLock, LockedFields};
pub use object::{Dictionary, Object, ObjectId};
pub use opening::header_offset;
pub use page_table::PageTable;
pub use reader::Pdf;
pub use readings::{Divided, Readings, Varies};
pub use revision::Revision;
pub use salvage::salvage_signatures;
pub use shown::{Mass, Place, Shown, ShownLimits, is_hidden};
pub use shown_beneath::GroundColour;
pub use sign::{EmbedError, FieldTarget, MarkPlace, Prepared, SignaturePlan, prepare_signature};
pub use stamp::prepare_timestamp;
pub use store::{Evidence, append_evidence};
