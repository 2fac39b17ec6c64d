//! `[webhooks]` and `[lookups]`: what cannot be called is refused with its place and cure, and a
//! chain is checked against them.

use tempfile::TempDir;

use super::chancery;
use crate::support::write_workflows;

const SECRET: &str = "correct horse battery staple";

fn checked(folder: &TempDir, settings: &str) -> (Option<i32>, String) {
    std::fs::write(folder.path().join("chancery.toml"), settings).expect("written");
    let arguments = ["config", "check", "--config", "chancery.toml"];
    let (code, said, wrong) = chancery(folder, &arguments, &[]);
    (code, format!("{said}{wrong}"))
}

fn webhook(hosts: &str, url: &str, secret: &str) -> String {
    format!("[webhooks]\n{hosts}\n[webhooks.calls.erp]\nurl = \"{url}\"\nsecret = \"{secret}\"\n")
}

/// Goal: who may be called is told, who may not is refused by the setting's name with what to do,
/// and no secret is ever printed. Method: settings that an administrator would write.
#[test]
fn who_cannot_be_called_is_named_with_the_cure() {
    let folder = TempDir::new().expect("a folder");
    let listed = "hosts = [\"erp.example.org\"]";
    let good = webhook(listed, "https://erp.example.org/hook", SECRET);
    let (code, said) = checked(&folder, &good);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("webhooks tell erp at erp.example.org"),
        "{said}"
    );
    assert!(!said.contains(SECRET), "{said}");
    let show = ["config", "show", "--config", "chancery.toml"];
    let (_, shown, _) = chancery(&folder, &show, &[]);
    assert!(
        shown.contains("erp.example.org") && !shown.contains(SECRET),
        "{shown}"
    );

    let lookup = |answer: &str| {
        format!(
            "[lookups]\n{listed}\n[lookups.calls.bank]\nurl = \"https://erp.example.org/\"\n\
             secret = \"{SECRET}\"\nanswer = {answer}\n"
        )
    };
    for (settings, part, cure) in [
        (
            webhook("", "https://erp.example.org/", SECRET),
            "webhooks.calls.erp.url",
            "add it to webhooks.hosts",
        ),
        (
            webhook(listed, "https://erp.example.org:5432/", SECRET),
            "webhooks.calls.erp.url",
            "with its port",
        ),
        (
            webhook(listed, "http://erp.example.org/", SECRET),
            "webhooks.calls.erp.url",
            "begin with https://",
        ),
        (
            webhook("hosts = [\"10.0.0.5\"]", "https://10.0.0.5/", SECRET),
            "webhooks.calls.erp.url",
            "private network",
        ),
        (
            webhook(listed, "https://erp.example.org/", "short"),
            "webhooks.calls.erp.secret",
            "at least 16 characters",
        ),
        (
            webhook("hosts = [\"*\"]", "https://erp.example.org/", SECRET),
            "webhooks.hosts",
            "is no host",
        ),
        (good.replace("url =", "ulr ="), "ulr", "expected"),
        (
            good.replace("calls.erp", "calls.ERP"),
            "webhooks.calls.ERP",
            "small Latin letters",
        ),
        (lookup("{}"), "lookups.calls.bank.answer", "such as { ok"),
        (lookup("{ ok = \"money\" }"), "money", "boolean"),
        (
            lookup("{ is-ok = \"boolean\" }"),
            "lookups.calls.bank.answer",
            "`is-ok`",
        ),
    ] {
        let (code, said) = checked(&folder, &settings);
        assert_eq!(code, Some(1), "{settings}{said}");
        assert!(
            said.contains(part) && said.contains(cure),
            "{settings}{said}"
        );
        assert!(!said.contains(SECRET), "{said}");
        let (code, _, refused) = chancery(&folder, &["serve", "--config", "chancery.toml"], &[]);
        assert_eq!(code, Some(1), "{refused}");
        assert!(refused.contains(part), "{refused}");
    }

    let one_line = format!("{{ erp = {{ url = \"https://a.example/\", secret = \"{SECRET}\" }} }}");
    let variables = [
        ("CHANCERY__WEBHOOKS__CALLS", one_line.as_str()),
        ("CHANCERY__WEBHOOKS__HOSTS", "[\"a.example\"]"),
    ];
    let (code, said, _) = chancery(&folder, &["config", "check"], &variables);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("erp at a.example"), "{said}");
    let broken = format!("{{ erp = {{ secret = {SECRET} }} }}");
    let variables = [("CHANCERY__WEBHOOKS__CALLS", broken.as_str())];
    let (code, _, said) = chancery(&folder, &["config", "check"], &variables);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("CHANCERY__WEBHOOKS__CALLS") && !said.contains("horse"),
        "{said}"
    );
}

/// Goal: a secret stands in a file of its own, whose rights are looked at. Method: one that all may
/// read.
#[test]
fn a_secret_may_stand_in_a_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("erp.secret");
    std::fs::write(&file, format!("{SECRET}\n")).expect("written");
    let settings = webhook(
        "hosts = [\"erp.example.org\"]",
        "https://erp.example.org/",
        "",
    )
    .replace("secret = \"\"", "secret_file = \"erp.secret\"");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("set");
    let (code, said) = checked(&folder, &settings);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("chmod 600 erp.secret"), "{said}");
    std::fs::remove_file(&file).expect("removed");
    let (code, said) = checked(&folder, &settings);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("erp.secret: cannot be read"), "{said}");
}

/// Goal: a chain that names somebody whom the configuration does not know, or a journal that the
/// vocabulary does not have, is refused with its line and the cure; by the check, by the check of
/// the configuration and by the server. Method: one chain, with and without the settings.
#[test]
fn a_chain_is_checked_against_the_configuration() {
    let folder = TempDir::new().expect("a folder");
    let house = folder.path().join("workflows");
    write_workflows(&house, |_, text| text);
    let chain = house.join("chains/invoice.yaml");
    let text = std::fs::read_to_string(&chain).expect("a chain");
    let from = "    - register: { journal: invoices_to_pay }\n";
    assert!(text.contains(from));
    let write = |to: &str| std::fs::write(&chain, text.replace(from, to)).expect("written");
    let check = |extra: &[&str]| {
        let whole = [
            &["workflow", "check", "workflows/chains/invoice.yaml"],
            extra,
        ]
        .concat();
        let (code, said, wrong) = chancery(&folder, &whole, &[]);
        (code, format!("{said}{wrong}"))
    };
    write("    - webhook: erp\n");
    let (code, said) = check(&["--lang", "en"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("error[W501]: there is no webhook `erp`"),
        "{said}"
    );
    assert!(said.contains("[webhooks.calls.erp]"), "{said}");
    assert!(said.contains("invoice.yaml:"), "{said}");
    let settings = webhook(
        "hosts = [\"erp.example.org\"]",
        "https://erp.example.org/",
        SECRET,
    );
    std::fs::write(folder.path().join("chancery.toml"), &settings).expect("written");
    let known = ["--config", "chancery.toml"];
    let (code, said) = check(&known);
    assert_eq!(code, Some(0), "{said}");
    let here = [("CHANCERY__WORKFLOWS__DIRECTORY", "workflows")];
    let config_check = |arguments: &[&str]| {
        let whole = [&["config", "check"], arguments].concat();
        chancery(&folder, &whole, &here)
    };
    let (code, said, _) = config_check(&known);
    assert_eq!(code, Some(0), "{said}");
    let (code, said, _) = config_check(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("W501") && said.contains("`erp`"), "{said}");
    let (code, _, said) = chancery(&folder, &["serve"], &here);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("W501"), "{said}");

    write("    - register: { journal: invoices_to_pai }\n");
    let (code, said) = check(&["--lang", "ru"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("нет журнала `invoices_to_pai`"), "{said}");
    assert!(said.contains("`invoices_to_pay`"), "{said}");
    assert!(said.contains("vocabulary.yaml"), "{said}");
    // The command carries out what the server does.
    write("    - create: { type: contract }\n");
    let (code, said) = check(&["--lang", "en"]);
    assert_eq!(code, Some(0), "{said}");
    write("    - create: { type: contrakt }\n");
    let (code, said) = check(&["--lang", "en"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("W201") && said.contains("`contrakt`"),
        "{said}"
    );
}
