//! Every kind in both languages against goldens; headers that nobody can break; a folder that keeps
//! each message once.

use chancery_types::{Instant, Locale};
use serde_json::{Value, json};

use super::*;

/// A payload of every kind, as use cases write it: what the contract looks like.
fn sample(kind: MailKind, locale: Locale) -> (Value, Option<Value>) {
    let russian = locale == Locale::Ru;
    let pick = |ru: &str, en: &str| {
        if russian {
            ru.to_owned()
        } else {
            en.to_owned()
        }
    };
    let about = json!({
        "organisation_name": pick("ООО «Вектор»", "Northwind Ltd"),
        "document_title": pick("Договор поставки бумаги", "Paper supply contract"),
        "registration_number": pick("Д-17/2026", "C-17/2026"),
        "registered_at": "2026-11-23T07:00:00Z",
        "amount": pick("RUB 1250000.00", "EUR 12500.5"),
        "counterparty_name": pick("ООО «Ромашка»", "Contoso GmbH"),
        "time_zone": "Europe/Moscow",
        "url": "https://chancery.example/documents/1",
    });
    let person = pick("Ирина Орлова", "Irene Orr");
    let words = pick(
        "Нет сметы.\nПункт 4.2 противоречит п. 1.",
        "No estimate.\nSee 4.2 & 1.",
    );
    let own = match kind {
        MailKind::TaskOpened | MailKind::TaskWithdrawn | MailKind::Reminder => json!({
            "initiator_name": person, "stage_title": pick("Юристы", "Lawyers"),
            "stage_kind": "approve", "due_at": "2026-11-25T15:00:00Z",
            "close_reason": (kind == MailKind::TaskWithdrawn).then_some("quorum_reached"),
            "ways": [{
                "verb": "approve", "title": null,
                "url": "https://chancery.example/tasks/1/approve",
            }],
        }),
        MailKind::DueReminder | MailKind::HoldEnded => json!({
            "initiator_name": person, "stage_title": pick("Юристы", "Lawyers"),
            "stage_kind": "sign", "due_at": "2026-11-25T15:00:00Z", "close_reason": null,
        }),
        MailKind::TaskDelegated | MailKind::DelegationEnded | MailKind::DelegationTakenBack => {
            json!({
                "initiator_name": person, "stage_title": pick("Юристы", "Lawyers"),
                "stage_kind": "approve", "due_at": "2026-11-25T15:00:00Z", "close_reason": null,
                "holder_name": pick("Пётр Петров", "Peter Petersen"),
                "comment": (kind == MailKind::TaskDelegated).then_some(words),
            })
        }
        MailKind::StandsIn
        | MailKind::Overdue
        | MailKind::EscalationFailed
        | MailKind::RunExpired => json!({
            "initiator_name": person, "stage_title": pick("Юристы", "Lawyers"),
            "stage_kind": "approve", "due_at": "2026-11-23T05:00:00Z", "close_reason": null,
            "holder_name": pick("Пётр Петров", "Peter Petersen"),
        }),
        MailKind::Remarks | MailKind::Rejected => json!({
            "person_name": person, "stage_title": pick("Юристы", "Lawyers"), "comment": words,
            "remarks": [pick("Срок 30 дней", "30 days"), pick("Нет печати", "No stamp")],
        }),
        MailKind::Returned => json!({ "returns": [
            {
                "person_name": person, "stage_title": pick("Юристы", "Lawyers"),
                "comment": words, "remarks": [pick("Срок 30 дней", "30 days")],
            },
            { "person_name": pick("Иван Иванов", "John Smith"), "comment": words },
        ] }),
        MailKind::Approved | MailKind::Completed => json!({}),
        MailKind::SigningInvitation | MailKind::SigningReminder => json!({
            "initiator_name": person, "initiator_position": pick("менеджер", "manager"),
            "digest_start": "e3b0 c442 98fc 1c14", "expires_at": "2026-12-07T07:00:00Z",
            "url": null,
        }),
        MailKind::AbsenceRecorded => json!({
            "person_name": person, "recorder_name": pick("Юрий Панин", "George Panin"),
            "substitute_name": pick("Пётр Петров", "Peter Petersen"),
            "away_from": "2026-11-23T07:00:00Z", "away_until": "2026-11-30T07:00:00Z",
            "powers": "decide", "is_substitute": false,
            "url": "https://chancery.example/people/1/absences",
        }),
        MailKind::ContactMoved => json!({
            "contact_name": person, "counterparty_name": pick("ООО «Лютик»", "Buttercup Ltd"),
            "changed_by": pick("Пётр Петров", "Peter Petersen"),
            "address_before": "old@example.com", "address_after": "new@example.com",
            "url": "https://chancery.example/documents/1",
        }),
        MailKind::ContactAddressChanged => json!({
            "person_name": person, "changed_at": "2026-11-23T07:00:00Z", "url": null,
        }),
        MailKind::LoginChanged => json!({
            "person_name": person, "changed_at": "2026-11-23T07:00:00Z", "url": null,
            "address_after": "new@example.com",
        }),
        MailKind::Code => json!({ "minutes": 15, "url": null }),
        MailKind::CertificateIssued => json!({
            "serial": "1f00", "key_digest": "ab".repeat(32), "document_digest": "cd".repeat(32),
            "not_after": "2026-11-24T07:00:00Z", "url": null, "key_made_in": "browser",
        }),
        MailKind::Signed => json!({
            "signer_name": person, "signed_at": "2026-11-23T11:02:00Z",
        }),
        MailKind::Refused => json!({ "contact_name": person, "reason": words }),
        MailKind::AnswerRecorded => json!({
            "recorded_at": "2026-11-23T11:02:00Z", "digest_start": "e3b0 c442 98fc 1c14",
            "words": words, "protocol_name": pick("Протокол.docx", "Protocol.docx"),
            "protocol_digest": "ef".repeat(32), "url": null,
        }),
        MailKind::QuestionAsked => json!({ "contact_name": person, "text": words }),
        MailKind::Mentioned => json!({ "person_name": person, "text": words }),
        MailKind::HandedOver => json!({
            "contact_name": person, "named_name": pick("Пётр Петров", "Peter Petersen"),
            "named_email": "petrov@romashka.example",
            "named_position": pick("директор", "director"),
        }),
        MailKind::QuestionAnswered => json!({
            "initiator_name": person, "question": words, "answer": pick("Да.", "Yes."),
            "url": null,
        }),
        MailKind::TaskDigest => json!({
            "tasks_count": 32, "late_count": 1, "url": "https://chancery.example/tasks",
            "tasks": [
                {
                    "document_title": pick("Договор поставки", "Supply contract"),
                    "registration_number": pick("Д-2026-00017", "C-2026-00017"),
                    "stage_title": pick("Юристы", "Legal"), "due_at": "2026-11-23T15:00:00Z",
                    "url": "https://chancery.example/tasks/1",
                },
                {
                    "document_title": pick("Счёт 114", "Invoice 114"),
                    "stage_title": pick("Бухгалтерия", "Accounting"),
                    "url": "https://chancery.example/tasks/2",
                },
            ],
        }),
        MailKind::VerdictChanged => json!({
            "version": 2, "is_last_of_day": true, "detached": "contract.p7s",
            "list_url": "https://chancery.example/signatures",
            "changes": [
                {
                    "signature": 1, "signer": person,
                    "before": "TOTAL-PASSED", "after": "INDETERMINATE",
                },
                {
                    "signature": 2, "before": "INDETERMINATE", "after": "TOTAL-FAILED",
                    "revoked_at": "2026-11-20T09:30:00Z",
                },
            ],
        }),
        MailKind::PowerChanged => json!({
            "version": 2, "is_last_of_day": true, "detached": "contract.p7s",
            "changes": [{
                "signer_name": person, "number": "123e4567", "before": "confirmed",
                "after": "refused",
            }],
        }),
        MailKind::Notice => json!({
            "subject": pick("Договор вступил в силу", "A contract has come into force"),
            "text": pick("Возьмите его на хранение.", "Take it into keeping."),
            "entries": [{
                "journal_title": pick("Реестр договоров", "Register of contracts"),
                "number": "РД-2026-00001",
            }],
        }),
        MailKind::Incident => json!({
            "stage_title": pick("Сверка", "Matching"), "why": "erp.example.org answers 503",
            "url": "https://chancery.example/calls", "is_owner": false,
        }),
        MailKind::NotStarted => json!({
            "why": pick(
                "На этапе «Подпись» некому решать.",
                "Nobody may decide in the stage “Signature”.",
            ),
        }),
        MailKind::RouteChanged => json!({
            "workflow_title": pick("Договор", "Contract"), "person_name": person,
            "before": "file", "before_number": null, "after": "edition", "after_number": 3,
        }),
        MailKind::VoteSetAside => json!({
            "workflow_title": pick("Договор", "Contract"), "person_name": person,
            "stage_titles": [pick("Юристы", "Legal"), pick("Финансы", "Finance")],
        }),
        MailKind::Edition => json!({
            "what": "published", "workflow_title": pick("Договор", "Contract"), "number": 3,
            "person_name": person, "effective_at": "2026-12-01T06:00:00Z",
            "words": pick("Порог поднят до миллиона", "The threshold is a million now"),
            "url": "https://chancery.example/workflows/contract/editions/3",
        }),
        MailKind::PasswordReset | MailKind::Invitation => json!({
            "inviter_name": person, "expires_at": "2026-11-26T07:00:00Z",
        }),
    };
    let mut payload = about;
    for (name, value) in own.as_object().into_iter().flatten() {
        payload[name] = value.clone();
    }
    let secret = match kind {
        MailKind::SigningInvitation | MailKind::SigningReminder => Some(json!({
            "link_url": "https://chancery.example/s#SECRET",
            "typed_code": "K7QM-2XRP-9HTD",
            "entry_url": "https://chancery.example/s",
        })),
        MailKind::Code => Some(json!({ "code": "042917" })),
        MailKind::PasswordReset | MailKind::Invitation => {
            Some(json!({ "link_url": "https://chancery.example/password#SECRET" }))
        }
        _ => None,
    };
    (payload, secret)
}

fn outgoing(kind: MailKind, locale: Locale) -> Outgoing {
    let (payload, secret) = sample(kind, locale);
    let at: Instant = "2026-11-23T07:00:00Z".parse().expect("a moment");
    Outgoing {
        kind,
        locale,
        to_address: "reader@example.org".to_owned(),
        to_name: if locale == Locale::Ru {
            "Павел Громов".to_owned()
        } else {
            "Paul Grant".to_owned()
        },
        payload,
        secret,
        message_id: "<0123456789abcdef@chancery.example>".to_owned(),
        written_at: at,
        sent_at: at,
        attached: Vec::new(),
    }
}

fn sender() -> Sender {
    Sender {
        address: "chancery@chancery.example".parse().expect("an address"),
        name: "Канцелярия".to_owned(),
    }
}

fn parts(mail: &Outgoing) -> (String, String, String) {
    let letter = letter::compose(mail.kind, mail.locale, &mail.payload, mail.secret.as_ref());
    let letter = letter.expect("a letter");
    let name = crate::i18n::Value::from(mail.to_name.as_str());
    let greeting = crate::i18n::t(mail.locale, "mail-greeting", &[("name", name)]);
    let text = template::Text {
        letter: &letter,
        greeting: &greeting,
    };
    let html = template::Html {
        letter: &letter,
        greeting: &greeting,
        locale: mail.locale.code(),
    };
    (
        letter.subject.clone(),
        askama::Template::render(&text).expect("text"),
        askama::Template::render(&html).expect("html"),
    )
}

fn message(mail: &Outgoing) -> String {
    let message = mime::write(&sender(), mail).expect("a message");
    String::from_utf8(message.formatted()).expect("ASCII")
}

/// Goal: what people read, in both languages, does not change unseen. Method: goldens of the
/// subject and the text of every kind.
#[test]
fn every_kind_is_written_in_both_languages() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/golden/mail");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for kind in MailKind::ALL {
        for locale in Locale::ALL {
            let (subject, text, html) = parts(&outgoing(kind, locale));
            assert!(
                !subject.contains("mail-") && !text.contains("mail-"),
                "{text}"
            );
            assert!(html.contains("<dl") || html.contains("<strong>"), "{html}");
            let golden = format!("Subject: {subject}\n\n{text}");
            let name = format!("{}.{}", kind.code(), locale.code());
            settings.bind(|| insta::assert_snapshot!(name, golden));
        }
    }
}

/// Goal: the whole message as it leaves, headers and encodings. Method: one golden.
#[test]
fn a_whole_message_has_both_alternatives_and_its_headers() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/golden/mail");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let text = message(&outgoing(MailKind::TaskOpened, Locale::En));
    settings.bind(|| insta::assert_snapshot!("whole-message", text.replace('\r', "")));
}

#[test]
fn a_name_or_title_cannot_add_a_header() {
    let mut mail = outgoing(MailKind::TaskOpened, Locale::En);
    mail.to_name = "Eve\r\nBcc: everybody@example.org".to_owned();
    mail.payload["document_title"] = json!("Paper\r\nBcc: everybody@example.org\r\n\r\n<script>");
    let text = message(&mail);
    let (headers, _) = text.split_once("\r\n\r\n").expect("headers");
    let bcc = headers.lines().filter(|line| line.starts_with("Bcc:"));
    assert_eq!(bcc.count(), 0, "{headers}");
    let (_, _, html) = parts(&mail);
    assert!(!html.contains("<script>"), "{html}");
    mail.to_address = "a@example.org\r\nBcc: b@example.org".to_owned();
    let answer = mime::write(&sender(), &mail);
    assert!(matches!(answer, Err(MailError::Unwritable { .. })));
}

#[test]
fn a_payload_that_lacks_a_field_is_refused_by_its_name_without_the_secret() {
    let mut mail = outgoing(MailKind::SigningInvitation, Locale::Ru);
    mail.secret = Some(json!({ "link_url": "https://chancery.example/s#SECRET" }));
    let error = mime::write(&sender(), &mail).expect_err("no typed code");
    let text = error.to_string();
    assert!(text.contains("typed_code"), "{text}");
    assert!(!text.contains("SECRET"), "{text}");
}

#[test]
fn the_signed_file_goes_with_the_mail_under_its_own_name() {
    let mut mail = outgoing(MailKind::Completed, Locale::Ru);
    let digest = chancery_types::Digest::of(b"%PDF-");
    mail.payload["attachment"] = json!({ "digest": digest, "name": "Договор № 17.pdf" });
    let mut files = attachments_of(mail.kind, &mail.payload);
    let (asked, media_type) = files.pop().expect("an attachment");
    assert_eq!((asked.digest, files.len()), (digest, 0));
    assert!(attachments_of(MailKind::Signed, &mail.payload).is_empty());
    mail.attached.push(Attached {
        name: asked.name,
        media_type: media_type.to_owned(),
        content: bytes::Bytes::from_static(b"%PDF-"),
    });
    let text = message(&mail);
    assert!(text.contains("multipart/mixed"), "{text}");
    assert!(text.contains("application/pdf"), "{text}");
    assert!(text.contains("JVBERi0="), "{text}");
}

#[tokio::test]
async fn the_same_message_is_in_the_folder_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = config::load(None, Vec::new()).expect("defaults").mail;
    config.directory = folder.path().join("mail");
    let mailer = Mailer::open(&config).expect("a mailer");
    let mail = outgoing(MailKind::Code, Locale::Ru);
    mailer.send(&mail).await.expect("sent");
    mailer.send(&mail).await.expect("sent again");
    let files = std::fs::read_dir(&config.directory).expect("a folder");
    assert_eq!(files.count(), 1);
    mailer.check().await.expect("there");
    std::fs::remove_dir_all(&config.directory).expect("removed");
    let error = mailer.send(&mail).await.expect_err("gone");
    assert!(matches!(error, MailError::Undelivered { .. }));
}
