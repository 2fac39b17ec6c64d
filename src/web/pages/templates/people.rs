//! Who a workflow asks, in words.

use chancery_workflow::definition::{DepartmentRef, Pick, Resolver, Word};

use super::words::Words;

impl Words<'_> {
    /// Who is asked.
    pub fn who(&self, who: &Resolver) -> String {
        match who {
            Resolver::Login(login) => login.clone(),
            Resolver::Role { role, department } => {
                let roles = self.vocabulary.roles();
                let title = roles.get(role).and_then(|title| title.get(self.locale()));
                let title = title.unwrap_or(role).to_owned();
                match department {
                    None => title,
                    Some(department) => {
                        let place = self.department(department);
                        let args = [("who", title.into()), ("place", place.into())];
                        self.t("template-role-in", &args)
                    }
                }
            }
            Resolver::RoleFor { .. } | Resolver::Signatory { .. } => self.mandated(who),
            Resolver::Group(group) => {
                let groups = self.vocabulary.groups();
                let title = groups.get(group).and_then(|title| title.get(self.locale()));
                title.unwrap_or(group).to_owned()
            }
            Resolver::Department(department) => self.in_place("template-all-of", department),
            Resolver::HeadOf(department) => self.in_place("template-head-of", department),
            Resolver::ManagerOfInitiator { level: 1 } => {
                self.t("template-manager-of-initiator", &[])
            }
            Resolver::ManagerOfInitiator { level } => {
                let args = [("level", u64::from(*level).into())];
                self.t("template-manager-above-initiator", &args)
            }
            Resolver::Except { of, who } => {
                let left_out = who.iter().map(|who| self.who(who)).collect();
                let left_out = self.list(left_out, "template-and");
                let args = [("who", self.who(of).into()), ("but", left_out.into())];
                self.t("template-all-but", &args)
            }
            Resolver::Field(name) => {
                self.t("template-person-of", &[("field", self.field(name).into())])
            }
            Resolver::Contact(name) => {
                self.t("template-contact-of", &[("field", self.field(name).into())])
            }
            Resolver::One { pick, of } => {
                let key = match pick {
                    Pick::Pool => "template-pool",
                    Pick::LeastLoaded => "template-least-loaded",
                    Pick::RoundRobin => "template-round-robin",
                };
                self.t(key, &[("who", self.who(of).into())])
            }
        }
    }

    /// Who is found by the register of mandates.
    fn mandated(&self, who: &Resolver) -> String {
        match who {
            Resolver::RoleFor {
                role,
                department,
                entity,
            } => {
                let of = Resolver::Role {
                    role: role.clone(),
                    department: department.clone(),
                };
                let args = [
                    ("who", self.who(&of).into()),
                    ("entity", self.word(entity).into()),
                ];
                self.t("template-role-for", &args)
            }
            Resolver::Signatory { entity, amount, .. } => {
                let entity = self.word(entity);
                match amount {
                    Some(amount) => {
                        let amount = self.field(amount);
                        let args = [("entity", entity.into()), ("amount", amount.into())];
                        self.t("template-signatory-up-to", &args)
                    }
                    None => self.t("template-signatory", &[("entity", entity.into())]),
                }
            }
            _ => String::new(),
        }
    }

    fn word(&self, word: &Word) -> String {
        match word {
            Word::Is(text) => self.t("template-quoted", &[("text", text.as_str().into())]),
            Word::Of(field) => self.t("template-quoted", &[("text", self.field(field).into())]),
        }
    }

    fn in_place(&self, key: &str, department: &DepartmentRef) -> String {
        self.t(key, &[("place", self.department(department).into())])
    }

    fn department(&self, department: &DepartmentRef) -> String {
        match department {
            DepartmentRef::Key(key) => self.t("template-quoted", &[("text", key.as_str().into())]),
            DepartmentRef::Field(name) => {
                self.t("template-place-of", &[("field", self.field(name).into())])
            }
            DepartmentRef::Initiator => self.t("template-place-of-initiator", &[]),
        }
    }
}
