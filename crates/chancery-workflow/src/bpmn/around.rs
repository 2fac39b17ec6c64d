//! What stands around the sub-process of a model: the beginning, the ends, the way back.

use std::collections::BTreeMap;

use super::model::Bounds;
use super::place::Placer;
use super::room::{EVENT, GAP, PADDING, TASK};
use crate::definition::Definition;
use crate::diagnostic::message;

impl Placer {
    /// What stands around the sub-process: the beginning, the ends, the way back.
    pub(super) fn around(&mut self, definition: &Definition, body: Bounds, line: i32) {
        self.parent = None;
        let title = definition.title(self.locale).to_owned();
        self.event(
            "startEvent",
            "start",
            self.say("bpmn-start"),
            (PADDING, line),
        );
        self.add("subProcess", "approval", title, body);
        self.lead(
            "start",
            "approval",
            vec![(PADDING + EVENT, line), (body.x, line)],
        );
        let right = body.x + body.width;
        self.event(
            "endEvent",
            "completed",
            self.say("bpmn-completed"),
            (right + GAP, line),
        );
        self.lead(
            "approval",
            "completed",
            vec![(right, line), (right + GAP, line)],
        );
        let bottom = body.y + body.height;
        let low = bottom + GAP + TASK.1 / 2;
        let mut x = body.x + PADDING;
        if self.model.returns {
            self.edge_event("returned", (x, bottom), error_of("returned"));
            let left = x + EVENT + GAP;
            let rework = self.say("bpmn-rework");
            let words = self.rounds(definition);
            self.task("userTask", "rework", &rework, left, low)
                .documentation = words;
            let centre = x + EVENT / 2;
            let down = bottom + EVENT / 2;
            self.lead(
                "at_returned",
                "rework",
                vec![(centre, down), (centre, low), (left, low)],
            );
            let above = left + TASK.0 / 2;
            self.lead(
                "rework",
                "approval",
                vec![(above, low - TASK.1 / 2), (above, bottom)],
            );
            x = left + TASK.0 + GAP;
        }
        if self.model.rejects {
            self.edge_event("rejected", (x, bottom), error_of("rejected"));
            x = self.end_beneath("rejected", x, bottom);
        }
        self.edge_event(
            "withdrawn",
            (x, bottom),
            "<bpmn:messageEventDefinition/>".to_owned(),
        );
        self.end_beneath("withdrawn", x, bottom);
    }

    /// How often a document may be returned, and what comes then.
    fn rounds(&self, definition: &Definition) -> String {
        let count = definition.rework_max().to_string();
        let Some((stage, more)) = definition.extra_round() else {
            return count;
        };
        let who: Vec<String> = stage.assignees.iter().map(ToString::to_string).collect();
        let args = BTreeMap::from([
            ("count", count),
            ("who", who.join(", ")),
            ("more", more.to_string()),
        ]);
        message(self.locale, "bpmn-extra-round", &args)
    }

    fn edge_event(&mut self, what: &str, (x, bottom): (i32, i32), within: String) {
        let name = self.say(&format!("bpmn-{what}"));
        let event = self.event("boundaryEvent", &format!("at_{what}"), name, (x, bottom));
        event.within = within;
        event.attributes = " attachedToRef=\"approval\"".to_owned();
    }

    /// An end beneath the event of the same name; gives where the next may stand.
    fn end_beneath(&mut self, what: &str, x: i32, bottom: i32) -> i32 {
        let middle = bottom + GAP + TASK.1 / 2;
        let name = self.say(&format!("bpmn-{what}"));
        let id = format!("run_{what}");
        self.event("endEvent", &id, name, (x, middle));
        let centre = x + EVENT / 2;
        let points = vec![(centre, bottom + EVENT / 2), (centre, middle - EVENT / 2)];
        self.lead(&format!("at_{what}"), &id, points);
        x + EVENT + 2 * GAP
    }
}

fn error_of(what: &str) -> String {
    format!("<bpmn:errorEventDefinition errorRef=\"{what}\"/>")
}
