//! What can be done about a verdict: something for every reason that keeps it from passing.

use chancery_signature::facts::SignatureForm;
use chancery_signature::report::{Check, Code, Reason, SignatureReport};

use super::change::is_of_another;
use super::{Reader, Words, hyphened};
use crate::i18n::find;

impl Words<'_> {
    /// What can be done about the weightiest reason, whoever reads it.
    pub(super) fn advice(
        &self,
        report: Option<&SignatureReport>,
        reason: Option<&Reason>,
    ) -> String {
        let Some(reason) = reason else {
            return String::new();
        };
        // Nobody signs a timestamp anew.
        let is_stamp = |one: &SignatureReport| one.form == SignatureForm::DocumentTimestamp;
        let has_ended = reason.code == Code::CertificateExpired && report.is_some_and(is_stamp);
        let key = match report.is_some_and(|report| is_of_another(report, reason)) {
            true => "digest-differs-beside".to_owned(),
            false if has_ended => "stamp-expired".to_owned(),
            false => hyphened(reason.code.key()),
        };
        let locale = self.formats.locale;
        let of_command = match self.reader {
            Reader::Command => find(locale, &format!("verify-advice-{key}-command"), &[]),
            Reader::Page => None,
        };
        let own = || find(locale, &format!("verify-advice-{key}"), &[]);
        // What is only to be known needs no advice, and may stand beneath a good verdict.
        let counts = !reason.code.only_warns();
        let usual = format!("verify-advice-{}", usual(reason.code));
        let usual = || find(locale, &usual, &[]).filter(|_| counts);
        of_command.or_else(own).or_else(usual).unwrap_or_default()
    }

    /// What can be done about it with this program.
    pub(super) fn command(&self, reason: Option<&Reason>) -> String {
        match reason.map(|reason| reason.code) {
            Some(Code::ChainMissing) => self.t("verify-command-chain-missing"),
            _ => String::new(),
        }
    }
}

/// What helps with reasons of its sort, where there is nothing to say of this one.
pub(super) fn usual(code: Code) -> &'static str {
    match code.check() {
        Check::Chain if code.fails() => "certificate-revoked",
        // Whatever broke it, only the file that was signed tells what was signed.
        _ if code.fails() => "broken",
        Check::Changes => "added-after-signing",
        Check::Algorithms => "digest-weak",
        Check::Time => "times-contradict",
        Check::Chain | Check::Revocation => "certificate-unclear",
        Check::Format | Check::Coverage | Check::Digest | Check::Value | Check::Attributes => {
            "unclear"
        }
    }
}
