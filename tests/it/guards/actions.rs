//! Every page's action has its API call: the table, and that it is whole.

use std::collections::BTreeSet;

use chancery::web::routes::{Verb, all};

/// Why an action of a page needs no call.
enum Twin {
    /// These calls do the same.
    Call(&'static [&'static str]),
    /// There is nothing for a program to do.
    None(&'static str),
}

use Twin::{Call, None as Without};

/// Every change that a page makes, and the call that does the same.
const TWINS: &[(&str, Twin)] = &[
    (
        "/language",
        Without("a cookie of a browser; calls say Accept-Language"),
    ),
    (
        "/login",
        Without("programs use a personal token; a password is for people"),
    ),
    ("/logout", Without("a token is revoked, not logged out")),
    ("/verify", Call(&["POST /api/v1/verify"])),
    (
        "/signatures/recheck",
        Call(&["POST /api/v1/signatures/recheck"]),
    ),
    ("/tasks/news/seen", Call(&["POST /api/v1/news/seen"])),
    // People and counterparties
    ("/people", Call(&["POST /api/v1/people"])),
    (
        "/people/{person}/edit",
        Call(&["PUT /api/v1/people/{person}"]),
    ),
    (
        "/people/{person}/absences",
        Call(&["POST /api/v1/people/{person}/absences"]),
    ),
    ("/mandates", Call(&["POST /api/v1/mandates"])),
    (
        "/mandates/{mandate}/end",
        Call(&["POST /api/v1/mandates/{mandate}/end"]),
    ),
    (
        "/absences/{absence}/end",
        Call(&["POST /api/v1/absences/{absence}/end"]),
    ),
    (
        "/people/{person}/tasks",
        Call(&["POST /api/v1/people/{person}/tasks/reassignment"]),
    ),
    (
        "/people/{person}/disable",
        Call(&["POST /api/v1/people/{person}/disable"]),
    ),
    (
        "/people/{person}/enable",
        Call(&["POST /api/v1/people/{person}/enable"]),
    ),
    (
        "/people/{person}/invitation",
        Call(&["POST /api/v1/people/{person}/invitation"]),
    ),
    ("/counterparties", Call(&["POST /api/v1/counterparties"])),
    (
        "/counterparties/{counterparty}/edit",
        Call(&["PUT /api/v1/counterparties/{counterparty}"]),
    ),
    (
        "/counterparties/{counterparty}/contacts",
        Call(&["POST /api/v1/counterparties/{counterparty}/contacts"]),
    ),
    (
        "/contacts/{contact}",
        Call(&["PUT /api/v1/contacts/{contact}"]),
    ),
    // Documents
    ("/documents", Call(&["POST /api/v1/documents"])),
    (
        "/documents/{document}/edit",
        Call(&["PUT /api/v1/documents/{document}"]),
    ),
    (
        "/documents/{document}/signatures/{signature}/powers",
        Call(&["POST /api/v1/documents/{document}/signatures/{signature}/powers"]),
    ),
    (
        "/documents/{document}/versions",
        Call(&["POST /api/v1/documents/{document}/versions"]),
    ),
    (
        "/documents/{document}/run",
        Call(&["POST /api/v1/documents/{document}/run"]),
    ),
    (
        "/documents/{document}/run/withdraw",
        Call(&["POST /api/v1/documents/{document}/run/withdrawal"]),
    ),
    (
        "/documents/{document}/run/suspend",
        Call(&["POST /api/v1/documents/{document}/run/suspension"]),
    ),
    (
        "/documents/{document}/run/resume",
        Call(&["POST /api/v1/documents/{document}/run/resumption"]),
    ),
    (
        "/documents/{document}/run/cancel",
        Call(&["POST /api/v1/documents/{document}/run/cancellation"]),
    ),
    (
        "/documents/{document}/run/retry",
        Call(&["POST /api/v1/documents/{document}/run/retry"]),
    ),
    (
        "/documents/{document}/run/approvers/drop",
        Call(&["POST /api/v1/documents/{document}/run/approvers/drop"]),
    ),
    (
        "/documents/{document}/run/resubmit",
        Call(&["POST /api/v1/documents/{document}/run/resubmission"]),
    ),
    (
        "/documents/{document}/questions/{question}/answer",
        Call(&["POST /api/v1/questions/{question}/answer"]),
    ),
    (
        "/documents/{document}/comments",
        Call(&["POST /api/v1/documents/{document}/comments"]),
    ),
    (
        "/comments/{comment}/strike",
        Call(&["POST /api/v1/comments/{comment}/strike"]),
    ),
    (
        "/remarks/{remark}/close",
        Call(&["POST /api/v1/remarks/{remark}/answer"]),
    ),
    // Workflows
    (
        "/workflows/{workflow}/check",
        Call(&["POST /api/v1/workflows/{workflow}/check"]),
    ),
    (
        "/workflows/{workflow}/edit",
        Call(&["POST /api/v1/workflows/{workflow}/editions"]),
    ),
    (
        "/workflows/{workflow}/editions/{number}/publish",
        Call(&["POST /api/v1/workflows/{workflow}/editions/{number}/publication"]),
    ),
    (
        "/workflows/{workflow}/editions/{number}/return",
        Call(&["POST /api/v1/workflows/{workflow}/editions/{number}/return"]),
    ),
    (
        "/workflows/{workflow}/editions/{number}/discard",
        Call(&["POST /api/v1/workflows/{workflow}/editions/{number}/discard"]),
    ),
    (
        "/workflows/{workflow}/moves",
        Call(&["POST /api/v1/workflows/{workflow}/moves"]),
    ),
    // Tasks
    (
        "/tasks/together",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/approve",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/acknowledge",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/remarks",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/return",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/reject",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/abstain",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/hold",
        Call(&["POST /api/v1/tasks/{task}/decision"]),
    ),
    (
        "/tasks/{task}/approver",
        Call(&["POST /api/v1/tasks/{task}/approvers"]),
    ),
    (
        "/tasks/{task}/reassign",
        Call(&["POST /api/v1/tasks/{task}/reassignment"]),
    ),
    (
        "/tasks/{task}/delegation",
        Call(&["POST /api/v1/tasks/{task}/delegation"]),
    ),
    (
        "/tasks/{task}/delegation/end",
        Call(&["POST /api/v1/tasks/{task}/delegation/end"]),
    ),
    (
        "/tasks/{task}/claim",
        Call(&["POST /api/v1/tasks/{task}/claim"]),
    ),
    (
        "/tasks/{task}/unclaim",
        Call(&["POST /api/v1/tasks/{task}/unclaim"]),
    ),
    (
        "/tasks/{task}/form",
        Call(&["POST /api/v1/tasks/{task}/form"]),
    ),
    (
        "/tasks/{task}/remind",
        Call(&["POST /api/v1/tasks/{task}/reminder"]),
    ),
    (
        "/tasks/{task}/link/send",
        Call(&["POST /api/v1/tasks/{task}/link"]),
    ),
    (
        "/tasks/{task}/link/revoke",
        Call(&["POST /api/v1/tasks/{task}/link/revocation"]),
    ),
    (
        "/tasks/{task}/contact",
        Call(&["POST /api/v1/tasks/{task}/contact"]),
    ),
    (
        "/tasks/{task}/sign",
        Call(&["POST /api/v1/tasks/{task}/signature"]),
    ),
    (
        "/tasks/{task}/sign/consents",
        Call(&["POST /api/v1/tasks/{task}/consents"]),
    ),
    (
        "/tasks/{task}/sign/prepare",
        Call(&[
            "POST /api/v1/tasks/{task}/signing",
            "POST /api/v1/tasks/{task}/remote-signing",
        ]),
    ),
    (
        "/tasks/{task}/sign/complete",
        Call(&[
            "POST /api/v1/signings/completion",
            "POST /api/v1/remote-signings/completion",
        ]),
    ),
    (
        "/documents/{document}/detached-signatures",
        Call(&["POST /api/v1/documents/{document}/detached-signatures"]),
    ),
    // Links
    ("/s", Call(&["POST /api/v1/link/visits"])),
    ("/s/code/send", Call(&["POST /api/v1/link/code/sending"])),
    ("/s/code", Call(&["POST /api/v1/link/code"])),
    ("/s/read", Call(&["POST /api/v1/link/reading"])),
    ("/s/consents", Call(&["POST /api/v1/link/consents"])),
    ("/s/sign", Call(&["POST /api/v1/link/signature"])),
    (
        "/s/sign/prepare",
        Call(&[
            "POST /api/v1/link/signing",
            "POST /api/v1/link/remote-signing",
        ]),
    ),
    (
        "/s/sign/complete",
        Call(&[
            "POST /api/v1/link/signings/completion",
            "POST /api/v1/link/remote-signings/completion",
        ]),
    ),
    ("/s/ask", Call(&["POST /api/v1/link/questions"])),
    ("/s/refuse", Call(&["POST /api/v1/link/refusal"])),
    ("/s/disagree", Call(&["POST /api/v1/link/disagreements"])),
    ("/s/hand-over", Call(&["POST /api/v1/link/handover"])),
    ("/s/renew", Call(&["POST /api/v1/link/renewal"])),
    // The organisation, its mail, one's own profile
    ("/password/reset", Call(&["POST /api/v1/password/reset"])),
    ("/password/set", Call(&["POST /api/v1/password/set"])),
    (
        "/mail/{letter}/resend",
        Call(&["POST /api/v1/mail/{letter}/resend"]),
    ),
    (
        "/calls/{call}/repeat",
        Call(&["POST /api/v1/calls/{call}/repeat"]),
    ),
    (
        "/runs/{run}/retry",
        Call(&["POST /api/v1/runs/{run}/retry"]),
    ),
    (
        "/counterparties/{counterparty}/archive",
        Call(&["POST /api/v1/counterparties/{counterparty}/archive"]),
    ),
    (
        "/counterparties/{counterparty}/restore",
        Call(&["POST /api/v1/counterparties/{counterparty}/restore"]),
    ),
    (
        "/contacts/{contact}/archive",
        Call(&["POST /api/v1/contacts/{contact}/archive"]),
    ),
    (
        "/contacts/{contact}/restore",
        Call(&["POST /api/v1/contacts/{contact}/restore"]),
    ),
    (
        "/departments/{department}/archive",
        Call(&["POST /api/v1/departments/{department}/archive"]),
    ),
    (
        "/departments/{department}/restore",
        Call(&["POST /api/v1/departments/{department}/restore"]),
    ),
    ("/departments", Call(&["POST /api/v1/departments"])),
    (
        "/departments/{department}",
        Call(&["PUT /api/v1/departments/{department}"]),
    ),
    ("/organisation", Call(&["PUT /api/v1/organisation"])),
    ("/profile", Call(&["PUT /api/v1/profile"])),
    (
        "/profile/password",
        Call(&["POST /api/v1/profile/password"]),
    ),
    (
        "/profile/sessions/{session}/close",
        Call(&["POST /api/v1/profile/sessions/{session}/close"]),
    ),
    ("/profile/tokens", Call(&["POST /api/v1/profile/tokens"])),
    (
        "/profile/tokens/{token}/revoke",
        Call(&["POST /api/v1/profile/tokens/{token}/revoke"]),
    ),
];

/// Goal: whatever a page does, a program can do; and no call does what no page can. Method: the
/// table of routes against the table above, both ways.
#[test]
fn every_action_of_a_page_has_its_call() {
    let routes: Vec<String> = all().map(|route| format!("{route:?}")).collect();
    let actions: BTreeSet<&str> = all()
        .filter(|route| route.method != Verb::Get && !route.is_api())
        .map(|route| route.path)
        .collect();
    let known: BTreeSet<&str> = TWINS.iter().map(|(path, _)| *path).collect();
    assert_eq!(
        actions, known,
        "the pages' changes are not those of the table"
    );
    let mut twins = BTreeSet::new();
    for (path, twin) in TWINS {
        match twin {
            Call(calls) => {
                for call in *calls {
                    assert!(
                        routes.iter().any(|route| route == call),
                        "{path}: {call} is absent"
                    );
                    twins.insert((*call).to_owned());
                }
            }
            Without(reason) => assert!(!reason.is_empty(), "{path}: why?"),
        }
    }
    let calls = all().filter(|route| route.method != Verb::Get && route.is_api());
    let calls: BTreeSet<String> = calls.map(|route| format!("{route:?}")).collect();
    assert_eq!(
        calls, twins,
        "a call does what no page does, or the table lacks it"
    );
}
