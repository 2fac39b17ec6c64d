//! A workflow as a model of BPMN 2.0 (OMG formal/2013-12-09, ISO/IEC 19510), with its diagram, for
//! tools that draw or compare processes. What a run does is said by the file of the workflow: the
//! model shows the same steps, ways and refusals, and leaves out who is asked.
//!
//! The steps stand in one sub-process. A return or a rejection ends it by an error, which closes
//! whatever is open beside; a return leads to rework and into the sub-process again.

mod around;
mod import;
mod keys;
mod model;
mod place;
mod room;
mod write;

pub use import::{BPMN_BYTES_MAX, BpmnImported, BpmnImporting, import_bpmn};

use chancery_types::Locale;

use crate::definition::Definition;

impl Definition {
    /// The workflow as an XML document of BPMN 2.0, titles in `locale`. Valid against OMG's
    /// `BPMN20.xsd`.
    #[must_use]
    pub fn bpmn(&self, locale: Locale) -> String {
        write::write(self, &place::placed(self, locale))
    }
}
