//! One change of a file with what it means. Thousands are kept, so words are made of it only for
//! the reports that list it.

use crate::facts::{Beneath, Change};
use crate::report::{ChangeReport, Code, Reason};

/// A change and its meaning, the same to every signature before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'f> {
    /// The revision that made it, from 1.
    pub revision: u32,
    pub change: &'f Change,
    /// Nothing if there is nothing to say.
    pub meaning: Option<Meaning>,
}

/// What a change means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub code: Code,
    /// Of a mark, how much of its page is covered; else 0.
    pub percent: u32,
}

impl From<Code> for Meaning {
    fn from(code: Code) -> Self {
        Self { code, percent: 0 }
    }
}

impl Judged<'_> {
    pub fn report(&self) -> ChangeReport {
        ChangeReport {
            revision: self.revision,
            change: self.change.clone(),
        }
    }

    /// The meaning with its arguments.
    pub fn reason(&self) -> Option<Reason> {
        let Meaning { code, percent } = self.meaning?;
        let mut args = Words::default();
        match code {
            Code::CertifiedAgainstChanges => args.say("revision", self.revision),
            Code::LaterSignatureUnsound | Code::LockLoosened | Code::CertificationLate => {
                args.name(self.change);
            }
            Code::MarkCoversPage | Code::MarkAdded => {
                args.name(self.change);
                args.say("percent", percent);
                args.at(self.change);
                args.over(self.change);
            }
            Code::MarkHides | Code::MarkUnread | Code::FieldHides => {
                args.name(self.change);
                args.hidden(self.change);
            }
            _ => {
                args.say("revision", self.revision);
                args.all(self.change);
            }
        }
        Some(args.reason(code))
    }
}

/// Arguments in the making.
#[derive(Default)]
struct Words(Vec<(&'static str, String)>);

impl Words {
    fn say(&mut self, name: &'static str, value: impl std::fmt::Display) {
        self.0.push((name, value.to_string()));
    }

    /// The page: empty where it has none.
    fn page(&mut self, page: Option<u32>) {
        let text = page.map(|page| page.to_string()).unwrap_or_default();
        self.say("page", text);
    }

    /// The field that a signature is or will be in, or that was filled in.
    fn name(&mut self, change: &Change) {
        if let Change::SignatureAdded { field, .. }
        | Change::SignatureFieldAdded { field, .. }
        | Change::FieldFilled { field, .. } = change
        {
            self.say("field", field);
        }
    }

    /// The page of a mark.
    fn at(&mut self, change: &Change) {
        if let Change::SignatureAdded { page, .. } = change {
            self.page(*page);
        }
    }

    /// What a mark in a place that was set aside stands over: `text`, `drawing`, `image` or
    /// `nothing`.
    fn over(&mut self, change: &Change) {
        if let Change::SignatureAdded { beneath, .. } = change {
            let over = match beneath {
                Beneath::AgreedOver => "text",
                Beneath::AgreedOverDrawing => "drawing",
                Beneath::AgreedOverImage => "image",
                _ => "nothing",
            };
            self.say("over", over);
        }
    }

    /// What a mark or a filled field may hide, and where.
    fn hidden(&mut self, change: &Change) {
        if let Change::SignatureAdded { page, beneath, .. }
        | Change::SignatureFieldAdded { page, beneath, .. }
        | Change::FieldFilled { page, beneath, .. } = change
        {
            self.page(*page);
            let what = match beneath {
                Beneath::Agreed
                | Beneath::AgreedOverImage
                | Beneath::AgreedOverDrawing
                | Beneath::AgreedOver
                | Beneath::Nothing => "nothing",
                Beneath::Unread => "unread",
                Beneath::Drawing => "drawing",
                Beneath::Image => "image",
                Beneath::Text => "text",
            };
            self.say("what", what);
        }
    }

    /// Everything that is known of the change.
    fn all(&mut self, change: &Change) {
        match change {
            Change::EvidenceAdded
            | Change::MetadataChanged
            | Change::PermissionsChanged
            | Change::ActionAdded { .. } => {}
            Change::SignatureAdded { .. } | Change::SignatureFieldAdded { .. } => {
                self.name(change);
            }
            Change::ContentChanged { object, page } => {
                self.say("object", object);
                self.page(*page);
            }
            Change::PagesChanged {
                removed,
                removed_first,
                added,
                added_first,
            } => {
                for (name, value) in [("removed", *removed), ("added", *added)] {
                    self.say(name, value);
                }
                let firsts = [
                    ("removed_first", removed_first),
                    ("added_first", added_first),
                ];
                for (name, first) in firsts {
                    if let Some(first) = first {
                        self.say(name, first);
                    }
                }
            }
            Change::OrphanAdded { object } => self.say("object", object),
            Change::HiddenBytes { bytes } => self.say("bytes", bytes),
            Change::Unexplained { object, what, page } => {
                self.say("object", object);
                self.say("what", what);
                self.page(*page);
            }
            Change::AnnotationAdded { kind, page } => {
                self.say("kind", kind);
                self.page(*page);
            }
            Change::FieldFilled { field, page, .. } | Change::FieldLetters { field, page } => {
                self.say("field", field);
                self.page(*page);
            }
        }
    }

    fn reason(&self, code: Code) -> Reason {
        let args = self.0.iter();
        let args: Vec<(&str, &str)> = args.map(|(name, value)| (*name, value.as_str())).collect();
        Reason::new(code, &args)
    }
}
