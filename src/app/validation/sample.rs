//! Reports for tests that ask what is made of one.

use chancery_signature::report::SignatureReport;
use serde_json::{Value, json};

/// A signature that passed, with these warnings (codes) about the certificate of a timestamp, and
/// of this kind.
pub fn passed(warnings: &[&str], kind: &Value) -> SignatureReport {
    let warning = |code: &&str| json!({ "code": code, "args": { "subject": "CN=TSA" } });
    let report = json!({
        "form": "pdf",
        "indication": "TOTAL-PASSED",
        "intact": "yes",
        "crypto": "yes",
        "reasons": [],
        "warnings": warnings.iter().map(warning).collect::<Vec<Value>>(),
        "checks": [],
        "kind": kind,
        "time": { "judged_at": "2026-06-01T12:00:00Z" },
        "changes": [],
        "chain": [],
    });
    serde_json::from_value(report).expect("a report")
}
