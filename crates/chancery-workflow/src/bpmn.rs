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
use crate::diagram::wait_words;

impl Definition {
    /// The workflow as an XML document of BPMN 2.0, titles in `locale`. Valid against OMG's
    /// `BPMN20.xsd`.
    #[must_use]
    pub fn bpmn(&self, locale: Locale) -> String {
        let mut model = place::placed(self, locale);
        self.tell_waits(&mut model, locale);
        write::write(self, &model)
    }

    /// Says at each step which documents are waited for before it. The key itself stands whole
    /// among those of the top level, and comes back from there.
    fn tell_waits(&self, model: &mut model::Model, locale: Locale) {
        for element in &mut model.elements {
            let Some(own) = &element.own else {
                continue;
            };
            let said = &mut element.documentation;
            for wait in wait_words(self, &own.id, locale) {
                *said = match said.is_empty() {
                    true => wait,
                    false => format!("{wait}; {said}"),
                };
            }
        }
    }
}
