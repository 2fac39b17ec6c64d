//! The powers that another one was passed on from, as somebody brings them: a heap of powers and of
//! signatures, put together by what each signature signs.

use bytes::Bytes;
use chancery_signature::{CmsFault, SignedDigest, signed_digests};
use chancery_trust::{AuthorityCode, read_power_of_attorney};
use chancery_xades::Limits;

use super::GivenPower;
use crate::app::FieldProblem;

/// The field of these files, as forms and calls name it.
pub const FIELD: &str = "parents";
/// Most powers that one is passed on from: a longer chain is judged by nobody.
pub const PARENTS_MAX: usize = 8;
/// Most files: each power with a signature beside it.
pub const FILES_MAX: usize = 2 * PARENTS_MAX;

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its name, as far as it may be shown.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A signature that waits for the power that it signs.
struct Loose<'s> {
    sent: &'s Sent,
    signers: Vec<SignedDigest>,
}

/// The powers among `files`, each with its signature if that is among them too.
///
/// # Errors
///
/// On `parents`: `power-parents-too-many`; `power-other`, `power-parent-unreadable` for what is
/// neither; `power-parent-attached` for a signature with content inside; `power-parent-loose` for
/// one that signs none of the powers, or one that has a signature already.
pub fn pair(files: &[Sent]) -> Result<Vec<GivenPower>, FieldProblem> {
    let too_many = || FieldProblem::new(FIELD, "power-parents-too-many").with("max", PARENTS_MAX);
    if files.len() > FILES_MAX {
        return Err(too_many());
    }
    let (mut powers, mut signatures) = (Vec::new(), Vec::new());
    for sent in files {
        match read_power_of_attorney(&sent.bytes, &Limits::default()) {
            Ok(_) => powers.push(GivenPower {
                power: sent.bytes.clone(),
                signature: None,
            }),
            Err(reason) if reason.code == AuthorityCode::NotAPower => {
                let element = reason.args.get("element").cloned().unwrap_or_default();
                return Err(FieldProblem::new(FIELD, "power-other").with("element", element));
            }
            Err(_) => signatures.push(loose(sent)?),
        }
    }
    if powers.len() > PARENTS_MAX {
        return Err(too_many());
    }
    let mut strays = Vec::new();
    for signature in signatures {
        let signs = |power: &&mut GivenPower| {
            let mut signers = signature.signers.iter();
            power.signature.is_none() && signers.any(|one| one.fits(&[&power.power]))
        };
        match powers.iter_mut().find(signs) {
            Some(power) => power.signature = Some(signature.sent.bytes.clone()),
            None => strays.push(signature),
        }
    }
    place(&mut powers, &strays)?;
    Ok(powers)
}

fn loose(sent: &Sent) -> Result<Loose<'_>, FieldProblem> {
    let signers = signed_digests(&sent.bytes).map_err(|fault| {
        let code = match fault {
            CmsFault::HoldsContent => "power-parent-attached",
            _ => "power-parent-unreadable",
        };
        FieldProblem::new(FIELD, code).with("name", &sent.name)
    })?;
    Ok(Loose { sent, signers })
}

/// One signature and one power that are left must belong together: the judgement says whether the
/// one fits the other. Of several nobody can tell.
fn place(powers: &mut [GivenPower], strays: &[Loose<'_>]) -> Result<(), FieldProblem> {
    let Some(stray) = strays.first() else {
        return Ok(());
    };
    let mut bare = powers.iter_mut().filter(|one| one.signature.is_none());
    match (strays.len(), bare.next(), bare.next()) {
        (1, Some(power), None) => {
            power.signature = Some(stray.sent.bytes.clone());
            Ok(())
        }
        _ => Err(FieldProblem::new(FIELD, "power-parent-loose").with("name", &stray.sent.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/crates/chancery-trust/tests/fixtures/"
    );

    fn sent(name: &str) -> Sent {
        let bytes = std::fs::read(format!("{FOLDER}{name}")).expect("a fixture");
        Sent {
            name: name.to_owned(),
            bytes: bytes.into(),
        }
    }

    fn code(files: &[Sent]) -> &'static str {
        pair(files).expect_err("refused").code
    }

    /// Goal: whatever the order and the names, each signature goes with what it signs.
    #[test]
    fn a_signature_goes_with_the_power_that_it_signs() {
        let files = [
            sent("power-delegated.p7s"),
            sent("power.xml"),
            sent("power-delegated.xml"),
            sent("power.p7s"),
        ];
        let found = pair(&files).expect("pairs");
        let pairs: Vec<(&Bytes, Option<&Bytes>)> = found
            .iter()
            .map(|one| (&one.power, one.signature.as_ref()))
            .collect();
        assert_eq!(
            pairs,
            [
                (&files[1].bytes, Some(&files[3].bytes)),
                (&files[2].bytes, Some(&files[0].bytes)),
            ]
        );
        let alone = pair(&[sent("power-enveloped.xml")]).expect("one");
        assert_eq!((alone.len(), alone[0].signature.is_none()), (1, true));
        assert!(pair(&[]).expect("none").is_empty());
    }

    /// Goal: one signature beside one power is judged even if it does not fit; what nobody can tell
    /// apart, or what is neither, is refused by its name.
    #[test]
    fn what_belongs_to_nothing_is_named() {
        let other = pair(&[sent("power.xml"), sent("power-delegated.p7s")]).expect("a pair");
        assert_eq!(other[0].signature, Some(sent("power-delegated.p7s").bytes));
        assert_eq!(code(&[sent("power.p7s")]), "power-parent-loose");
        let twice = [sent("power.xml"), sent("power.p7s"), sent("power.p7s")];
        assert_eq!(code(&twice), "power-parent-loose");
        let two = [
            sent("power.xml"),
            sent("power-enveloped.xml"),
            sent("power-delegated.p7s"),
        ];
        assert_eq!(code(&two), "power-parent-loose");
        let bytes = |bytes: &'static [u8]| Sent {
            name: "x".to_owned(),
            bytes: Bytes::from_static(bytes),
        };
        assert_eq!(code(&[bytes(b"<a/>")]), "power-other");
        assert_eq!(code(&[bytes(b"nonsense")]), "power-parent-unreadable");
        let many = vec![sent("power.xml"); PARENTS_MAX + 1];
        assert_eq!(code(&many), "power-parents-too-many");
        assert_eq!(
            code(&vec![sent("power.p7s"); FILES_MAX + 1]),
            "power-parents-too-many"
        );
    }
}
