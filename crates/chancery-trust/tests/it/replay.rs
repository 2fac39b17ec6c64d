//! Every seed of fuzzing and every case that it found, on a stable toolchain: nothing panics, and
//! what must hold of any input holds.
//!
//! They stand here because this crate is the only one that sees all that the targets call.

#[path = "../../../../fuzz/src/lib.rs"]
mod entry;

use std::path::Path;

/// Hands every file of a target to its function; answers how many there are.
fn replay(target: &str, call: fn(&[u8])) -> usize {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut count = 0;
    for kind in ["seeds", "found"] {
        // Most targets have found nothing.
        let Ok(folder) = std::fs::read_dir(fuzz.join(kind).join(target)) else {
            continue;
        };
        for file in folder {
            let path = file.expect("an entry").path();
            println!("{}", path.display());
            call(&std::fs::read(&path).expect("a file"));
            count += 1;
        }
    }
    count
}

#[test]
fn pdfs() {
    assert!(replay("pdf", entry::pdf) >= 8);
}

#[test]
fn structures() {
    assert!(replay("cms", entry::cms) >= 6);
}

#[test]
fn timestamps() {
    assert!(replay("timestamp", entry::timestamp) >= 3);
}

#[test]
fn certificates() {
    assert!(replay("certificate", entry::certificate) >= 6);
}

/// Goal: the same for powers of attorney. Their seeds are the fixtures of this crate, together with
/// what fuzzing makes of each of them beside its detached signature.
#[test]
fn powers_of_attorney() {
    replay("power_of_attorney", entry::power_of_attorney);
    for name in ["power.xml", "power-delegated.xml", "power-enveloped.xml"] {
        let power = crate::support::bytes(name);
        entry::power_of_attorney(&power);
        let signature = crate::support::bytes("power.p7s");
        entry::power_of_attorney(&[power.as_slice(), &[0], &signature].concat());
    }
}

#[test]
fn signatures_in_xml() {
    replay("xml_signature", entry::xml_signature);
    for name in ["power-enveloped.xml", "list.xml", "list-plain.xml"] {
        entry::xml_signature(&crate::support::bytes(name));
    }
}

#[test]
fn trusted_lists() {
    replay("trusted_list", entry::trusted_list);
    for name in ["list.xml", "list-plain.xml", "accredited.xml"] {
        entry::trusted_list(&crate::support::bytes(name));
    }
}
