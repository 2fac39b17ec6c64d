//! Every bound the reader keeps, in one place.
//!
//! A PDF from outside may lie about everything, so each number below is checked before the memory
//! or the time it stands for is spent. Exceeding one is [`PdfError::LimitExceeded`], never a clamp.
//!
//! [`PdfError::LimitExceeded`]: crate::PdfError::LimitExceeded

/// Bounds on what one file may cost. [`Limits::default`] suits contracts of up to 100 MB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub bytes_max: u64,
    /// Most cross-reference entries over all revisions together.
    pub objects_max: u64,
    /// Deepest nesting of arrays and dictionaries, page-tree nodes and form fields.
    pub depth_max: u32,
    /// Most values (numbers, strings, names, …) in one indirect object.
    pub values_max: u64,
    /// Most bytes that one stream may decode to.
    pub stream_decoded_bytes_max: u64,
    /// Most bytes that all streams decoded through one [`Pdf`](crate::Pdf) may decode to.
    pub decoded_bytes_max: u64,
    /// Most bytes that may be parsed through one [`Pdf`](crate::Pdf), repeated reading included; of
    /// a small file less, see [`Limits::parsed_bytes`].
    pub parsed_bytes_max: u64,
    /// Most cross-reference sections, that is revisions.
    pub revisions_max: u32,
    /// Most pages.
    pub pages_max: u32,
    /// Most form fields.
    pub fields_max: u32,
    /// Longest full name of a form field, in bytes.
    pub field_name_bytes_max: u64,
    /// Longest all full names of form fields together, in bytes.
    pub field_names_bytes_max: u64,
    /// Most values in one signature dictionary, nested ones included.
    pub signature_values_max: u64,
    /// Most bytes of all signature dictionaries together.
    pub signatures_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes_max: 100 * 1024 * 1024,
            objects_max: 1_000_000,
            depth_max: 100,
            values_max: 1_000_000,
            stream_decoded_bytes_max: 32 * 1024 * 1024,
            decoded_bytes_max: 128 * 1024 * 1024,
            parsed_bytes_max: 256 * 1024 * 1024,
            revisions_max: 10_000,
            pages_max: 20_000,
            fields_max: 50_000,
            field_name_bytes_max: 4_096,
            field_names_bytes_max: 16 * 1024 * 1024,
            signature_values_max: 2_000,
            signatures_bytes_max: 64 * 1024 * 1024,
        }
    }
}

/// What a file may cost however small it is, in bytes parsed, and for each of its bytes.
const PARSED_BASE: u64 = 128 * 1024 * 1024;
const PARSED_A_BYTE: u64 = 8;

impl Limits {
    /// Most bytes that may be parsed through a [`Pdf`](crate::Pdf) over a file of so many bytes:
    /// what is packed tightly may cost a second, and ten thousand times its own size.
    #[must_use]
    pub fn parsed_bytes(&self, file: usize) -> u64 {
        let own = (file as u64).saturating_mul(PARSED_A_BYTE);
        self.parsed_bytes_max.min(PARSED_BASE.saturating_add(own))
    }
}
