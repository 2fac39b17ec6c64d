//! Judging a power of attorney that is kept beside a stored signature: after that signature, by the
//! same trust, and not again for every page that shows both.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chancery_signature::ValidationReport;
use uuid::Uuid;

use super::power::{self, Candidate, JudgedPower, PowerAsked};
use crate::app::{App, AppError};

/// Judgements that are remembered.
const REMEMBERED_MAX: usize = 500;

/// A judgement with the one on the signature that it rests on.
#[derive(Clone, Debug)]
struct Remembered {
    report: Arc<ValidationReport>,
    judged: Arc<JudgedPower>,
}

/// Judgements on kept powers, each as old as that on its signature. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct RememberedPowers(Arc<Mutex<HashMap<Uuid, Remembered>>>);

impl RememberedPowers {
    fn recall(&self, power: Uuid, report: &Arc<ValidationReport>) -> Option<Arc<JudgedPower>> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = remembered.get(&power)?;
        Arc::ptr_eq(&found.report, report).then(|| Arc::clone(&found.judged))
    }

    fn remember(&self, power: Uuid, report: &Arc<ValidationReport>, judged: &Arc<JudgedPower>) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        let one = Remembered {
            report: Arc::clone(report),
            judged: Arc::clone(judged),
        };
        remembered.insert(power, one);
    }
}

impl App {
    /// What is remembered of a kept power beside exactly this judgement on its signature.
    pub(crate) fn recall_power(
        &self,
        power: Uuid,
        report: &Arc<ValidationReport>,
    ) -> Option<Arc<JudgedPower>> {
        self.validator.powers.recall(power, report)
    }

    /// Judges a kept power beside the judgement on its signature.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] on `power` if it is none; if the roots cannot be read.
    pub(crate) async fn judge_power(
        &self,
        id: Uuid,
        asked: PowerAsked,
        candidates: Vec<Candidate>,
        report: &Arc<ValidationReport>,
    ) -> Result<Arc<JudgedPower>, AppError> {
        let basis = self.basis().await?;
        let basis = self.informed_of_power(basis, &asked, self.now()).await?;
        let beside = Arc::clone(report);
        let judged = self
            .validator
            .run(move || power::judge(&asked, &candidates, &beside, &basis));
        let judged = Arc::new(judged.await??);
        self.validator.powers.remember(id, report, &judged);
        Ok(judged)
    }
}
