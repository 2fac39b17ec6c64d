//! Detached signatures as pages offer them beside the signed file.

use crate::app::signing::detached::BesideSignature;
use crate::i18n::Formats;
use crate::web::i18n::t;

/// One of them: `partials/beside.html`.
#[derive(Clone, Debug)]
pub struct BesideView {
    /// Whom its certificates name.
    pub signer: String,
    /// The file's name.
    pub name: String,
    /// Its size.
    pub size: String,
    /// Where it is.
    pub path: String,
    /// The name of the file that it is over.
    pub covered: String,
    /// Where that file is; empty where the page has it elsewhere.
    pub covered_path: String,
    /// What our check came to, and who laid it beside if no task asked for it.
    pub known: Vec<String>,
    /// Whether the check left nothing open.
    pub is_valid: bool,
}

impl BesideView {
    /// All of a version, where `base` followed by the identifier gives the file.
    #[must_use]
    pub fn all(formats: &Formats, base: &str, beside: &[BesideSignature]) -> Vec<Self> {
        let views = beside.iter().map(|one| {
            let path = format!("{base}/{}", one.id);
            let has_passed = one.indication == "TOTAL-PASSED";
            let is_valid = has_passed && !one.leaves_revocation_open;
            let checked = match (has_passed, is_valid) {
                (_, true) => "beside-valid",
                (true, false) => "beside-open",
                (false, false) => "beside-undecided",
            };
            let checked = t(formats.locale, checked, &[]);
            let laid = (!one.is_asked).then(|| {
                let name = [("name", one.brought_by.as_str().into())];
                t(formats.locale, "beside-not-asked", &name)
            });
            Self {
                known: std::iter::once(checked).chain(laid).collect(),
                is_valid,
                signer: one.signer_name.clone(),
                name: one.now.name.clone(),
                size: formats.size(u64::try_from(one.now.size_bytes).unwrap_or(0)),
                covered: one.covered.name.clone(),
                covered_path: match base {
                    LINK_BASE => format!("{path}/file"),
                    _ => String::new(),
                },
                path,
            }
        });
        views.collect()
    }
}

/// Where a link's reader has them.
pub const LINK_BASE: &str = "/s/detached";
