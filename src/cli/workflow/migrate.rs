//! `chancery workflow migrate WORKFLOW --to TEXT --dry-run`: what would happen to each document
//! under way. The move itself is an administrator's, in their own name, on the page of the
//! workflow.

use std::path::Path;

use anyhow::bail;
use chancery_types::Locale;
use chancery_workflow::render;
use clap::Args;
use serde_json::{Value, json};

use super::{locale, print_line};
use crate::app::App;
use crate::app::chains::{Chain, read};
use crate::app::moves::{Fate, NotRehearsed, Rehearsed, Target};
use crate::cli::people::{Within, choose, told, with_app};
use crate::config;
use crate::domain::actor::Actor;
use crate::i18n::t;
use crate::web::Problem;

/// The arguments of `migrate`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rehearse {
    #[command(flatten)]
    within: Within,
    /// The identifier of the workflow.
    workflow: String,
    /// What the documents would go on by: the number of an edition of the organisation's, `file`
    /// for the file that the server has, or a path to another text.
    #[arg(long, value_name = "NUMBER|file|PATH")]
    to: String,
    /// Only say what would happen. Administrators move documents on the page of the workflow, each
    /// move in somebody's name.
    #[arg(long, required = true)]
    dry_run: bool,
    /// The language: ru or en; by default that of LC_ALL, LC_MESSAGES or LANG.
    #[arg(long, value_parser = locale)]
    lang: Option<Locale>,
    /// One JSON array, one object a document.
    #[arg(long)]
    json: bool,
}

/// Lists and prints.
///
/// # Errors
///
/// Why nothing was listed, in one line.
pub(in crate::cli) fn run(asked: &Rehearse) -> anyhow::Result<()> {
    let target = match asked.to.parse() {
        Ok(number) => Target::Edition(number),
        Err(_) if asked.to == "file" => Target::File,
        Err(_) => Target::Text(read(Path::new(&asked.to))?),
    };
    with_app(&asked.within.settings, async |app| {
        let locale = asked.lang.unwrap_or_else(config::terminal_locale);
        let operator = Actor {
            locale,
            ..choose(app, &asked.within).await?
        };
        let chain = chain(app, &operator, (asked, &target)).await?;
        let all = rehearse_all(app, &operator, &chain).await?;
        match asked.json {
            true => print_line(&Value::from_iter(all.into_iter().map(as_json(locale))).to_string()),
            false => print(all, locale),
        }
        Ok(())
    })
}

async fn chain(
    app: &App,
    operator: &Actor,
    (asked, target): (&Rehearse, &Target),
) -> anyhow::Result<Chain> {
    match app.read_target(operator, &asked.workflow, target).await {
        Ok(chain) => Ok(chain),
        Err(NotRehearsed::Other(error)) => Err(told(error)),
        Err(NotRehearsed::Findings(findings)) => {
            let source = match target {
                Target::Text(source) => source.as_str(),
                Target::Edition(_) | Target::File => "",
            };
            print_line(render(&findings, source, &asked.to, operator.locale).trim_end());
            bail!("{} is not a text of `{}`", asked.to, asked.workflow)
        }
    }
}

async fn rehearse_all(
    app: &App,
    operator: &Actor,
    chain: &Chain,
) -> anyhow::Result<Vec<Rehearsed>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let found = app.rehearse_moves(operator, chain, after).await;
        let (page, next) = found.map_err(told)?;
        all.extend(page);
        match next {
            None => return Ok(all),
            next => after = next,
        }
    }
}

/// The word for what would happen.
fn code(fate: &Result<Fate, crate::app::AppError>) -> &'static str {
    match fate {
        Err(_) => "refused",
        Ok(fate) if !fate.reopened.is_empty() => "reopened",
        Ok(fate) if !fate.renamed.is_empty() => "moves",
        Ok(fate) if *fate == Fate::default() => "unchanged",
        Ok(_) => "changed",
    }
}

fn why(error: crate::app::AppError, locale: Locale) -> (String, String) {
    let problem = Problem::from(error);
    let facts = problem.facts();
    (facts.code.to_owned(), facts.detail(locale))
}

fn print(all: Vec<Rehearsed>, locale: Locale) {
    let mut counts = std::collections::BTreeMap::<&str, u64>::new();
    for one in all {
        let code = code(&one.fate);
        *counts.entry(code).or_default() += 1;
        let word = t(locale, &format!("workflow-migrate-{code}"), &[]);
        let number = one.number.unwrap_or_else(|| "—".to_owned());
        let stands = match one.stands.is_empty() {
            true => t(locale, "moves-returned", &[]),
            false => one.stands.join(", "),
        };
        print_line(&format!("{} {number} ({stands}): {word}", one.document));
        for line in details(one.fate, locale) {
            print_line(&format!("  {line}"));
        }
        if one.weaker > 0 {
            let count = [("count", one.weaker.into())];
            print_line(&format!(
                "  {}",
                t(locale, "workflow-migrate-weaker", &count)
            ));
        }
    }
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(code, count)| {
            let word = t(locale, &format!("workflow-migrate-{code}"), &[]);
            format!("{word}: {count}")
        })
        .collect();
    print_line(&match counts.is_empty() {
        true => t(locale, "workflow-migrate-none", &[]),
        false => counts.join("; "),
    });
}

fn details(fate: Result<Fate, crate::app::AppError>, locale: Locale) -> Vec<String> {
    let fate = match fate {
        Ok(fate) => fate,
        Err(error) => return vec![why(error, locale).1],
    };
    let mut lines = Vec::new();
    for (before, after) in &fate.renamed {
        let args = [
            ("before", before.as_str().into()),
            ("after", after.as_str().into()),
        ];
        lines.push(t(locale, "moves-renamed", &args));
    }
    let mut list = |key: &str, name: &str, all: Vec<String>| {
        if !all.is_empty() {
            let all = all.join(", ");
            lines.push(t(locale, key, &[(name, all.as_str().into())]));
        }
    };
    list("moves-reopens", "stages", fate.reopened);
    list("moves-sets-aside", "stages", fate.set_aside);
    list("moves-asks", "names", fate.asked.into_iter().collect());
    list(
        "moves-releases",
        "names",
        fate.released.into_iter().collect(),
    );
    lines
}

fn as_json(locale: Locale) -> impl Fn(Rehearsed) -> Value {
    move |one| {
        let code = code(&one.fate);
        let (fate, stays) = match one.fate {
            Ok(fate) => (fate, None),
            Err(error) => (Fate::default(), Some(why(error, locale))),
        };
        let renamed = fate.renamed.iter();
        let renamed = renamed.map(|(before, after)| json!({ "before": before, "after": after }));
        json!({
            "document": one.document.to_string(),
            "number": one.number,
            "stands": one.stands,
            "fate": code,
            "renamed": renamed.collect::<Vec<_>>(),
            "reopened": fate.reopened,
            "set_aside": fate.set_aside,
            "asked": fate.asked,
            "released": fate.released,
            "weaker": one.weaker,
            "stays": stays.map(|(code, detail)| json!({ "code": code, "detail": detail })),
        })
    }
}
