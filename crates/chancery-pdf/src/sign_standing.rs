//! What a file already holds that binds whoever signs next: told by name before anything is made.

use crate::error::PdfError;
use crate::form::SignatureField;
use crate::lock::{self, FieldLock};
use crate::object::{Object, ObjectId};
use crate::reader::Pdf;
use crate::sign::{FieldTarget, SignaturePlan};

/// What the signatures of a file leave open.
pub(crate) struct Standing {
    /// The full names of all fields.
    pub names: Vec<String>,
    pub signed: bool,
    pub certification: Option<i64>,
    /// Each lock with the field of the signature that set it.
    locks: Vec<(String, FieldLock)>,
    fields: Vec<SignatureField>,
}

/// An empty field that will be signed.
pub(crate) struct EmptyField {
    pub id: ObjectId,
    pub lock: Option<FieldLock>,
}

impl Standing {
    pub fn of(pdf: &Pdf<'_>) -> Result<Self, PdfError> {
        let fields = pdf.signature_fields()?;
        let mut locks = Vec::new();
        let mut certification = pdf.certification()?;
        let mut signed = false;
        for one in &fields {
            let Some(signature) = &one.signature else {
                continue;
            };
            signed = true;
            let levels = [certification, signature.certification];
            certification = levels.into_iter().flatten().min();
            for lock in lock::locks_of(pdf, signature, &one.field)? {
                locks.push((one.field.name.clone(), lock));
            }
        }
        Ok(Self {
            names: pdf.fields()?.into_iter().map(|field| field.name).collect(),
            signed,
            certification,
            locks,
            fields,
        })
    }

    /// The tightest level that certification and locks leave (12.8.2.2 and 12.8.2.4).
    pub fn level(&self) -> Option<i64> {
        let locks = self.locks.iter().filter_map(|(_, lock)| lock.permission);
        locks.chain(self.certification).min()
    }

    /// Whether one more signature is let in, and a certification if one is asked for.
    pub fn check(&self, plan: &SignaturePlan<'_>) -> Result<(), PdfError> {
        if matches!(self.certification, Some(..2)) {
            return Err(PdfError::CertifiedAgainstChanges);
        }
        let closing = |(_, lock): &&(String, FieldLock)| matches!(lock.permission, Some(..2));
        if let Some((by, _)) = self.locks.iter().find(closing) {
            return Err(PdfError::LockedAgainstChanges { by: by.clone() });
        }
        if plan.certification.is_some() && self.signed {
            return Err(PdfError::CertificationTooLate);
        }
        self.check_lock(plan.lock.as_ref(), &plan.field_name)
    }

    /// Whether a signature in the field of this name is let in, existing or new: a lock of all
    /// fields closes those that come later too.
    pub fn check_unlocked(&self, name: &str) -> Result<(), PdfError> {
        let mut locks = self.locks.iter();
        match locks.find(|(_, lock)| lock.locks(name)) {
            None => Ok(()),
            Some((by, _)) => Err(PdfError::FieldLocked {
                name: name.to_owned(),
                by: by.clone(),
            }),
        }
    }

    /// The empty signature fields, by name, that ask nothing of who signs them and that no lock
    /// closes.
    pub fn unasked_fields(&self, pdf: &Pdf<'_>) -> Result<Vec<(ObjectId, String)>, PdfError> {
        let mut free = Vec::new();
        for one in self.fields.iter().filter(|one| one.signature.is_none()) {
            let id = one.field.id;
            let is_closed = self.check_unlocked(&one.field.name).is_err();
            let asks = match pdf.get(id)? {
                Object::Dictionary(field) => {
                    let mut keys = [b"SV".as_slice(), b"Lock", b"Kids", b"AP"].into_iter();
                    keys.any(|key| field.get(key).is_some())
                }
                _ => true,
            };
            if !is_closed && !asks {
                free.push((id, one.field.name.clone()));
            }
        }
        Ok(free)
    }

    /// A lock may tighten what others left, never loosen it.
    fn check_lock(&self, lock: Option<&FieldLock>, name: &str) -> Result<(), PdfError> {
        let asked = lock.and_then(|lock| lock.permission);
        match (asked, self.level()) {
            (Some(asked), Some(left)) if asked > left => Err(PdfError::LockLoosens {
                name: name.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// The empty field that the plan names; nothing if it asks for a new one.
    pub fn empty_field(
        &self,
        pdf: &Pdf<'_>,
        plan: &SignaturePlan<'_>,
    ) -> Result<Option<EmptyField>, PdfError> {
        if plan.target == FieldTarget::New {
            return Ok(None);
        }
        let name = || plan.field_name.clone();
        let mut fields = self.fields.iter();
        let Some(found) = fields.find(|one| one.field.name == plan.field_name) else {
            return Err(match self.names.contains(&plan.field_name) {
                true => PdfError::FieldNotForSigning { name: name() },
                false => PdfError::FieldMissing { name: name() },
            });
        };
        if found.signature.is_some() {
            return Err(PdfError::FieldSigned { name: name() });
        }
        self.check_unlocked(&plan.field_name)?;
        if has_demands(pdf, found.field.id, plan)? {
            return Err(PdfError::FieldDemands { name: name() });
        }
        let lock = FieldLock::of_field(pdf, found.field.id)?;
        if lock.is_some() && plan.lock.is_some() {
            return Err(PdfError::PlanInvalid { field: "lock" });
        }
        self.check_lock(lock.as_ref(), &plan.field_name)?;
        Ok(Some(EmptyField {
            id: found.field.id,
            lock,
        }))
    }
}

/// Whether the field's seed values demand something that this plan does not give (12.7.5.5, table
/// 237): flagged ones bind a signer, and so does the kind of signature.
fn has_demands(pdf: &Pdf<'_>, field: ObjectId, plan: &SignaturePlan<'_>) -> Result<bool, PdfError> {
    let Object::Dictionary(field) = pdf.get(field)? else {
        return Ok(false);
    };
    let Object::Dictionary(seed) = pdf.value(&field, b"SV")? else {
        return Ok(false);
    };
    let flags = pdf.value(&seed, b"Ff")?.as_integer().unwrap_or(0);
    let wanted = match pdf.value(&seed, b"MDP")? {
        Object::Dictionary(kind) => pdf.value(&kind, b"P")?.as_integer(),
        _ => None,
    };
    let own = plan.certification.map_or(0, |one| one.level());
    Ok(flags != 0 || wanted.is_some_and(|wanted| wanted != own))
}
