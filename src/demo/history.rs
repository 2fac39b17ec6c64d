//! Three months of documents, made by the engine itself: every step is a use case, at its own
//! moment.

mod content;
mod signing;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use chancery_types::Instant;
use chancery_types::id::{DocumentId, OrganisationId};
use chancery_workflow::Decision;

use super::company::{self, Company};
use super::house::House;
use super::paper::{self, Wording};
use super::tell;
use crate::app::App;
use crate::app::tasks::TaskDecision;
use crate::domain::actor::Actor;
use crate::jobs::Runner;
use signing::Answer;

/// How many documents there are.
pub(super) const DOCUMENTS_COUNT: u32 = 200;
/// The first of those that wait for somebody today.
const FRESH_FROM: u32 = 180;
/// Contracts of those that wait for the counterparty: their links can be signed today. The last one
/// has a question that nobody has answered.
const AT_COUNTERPARTY: [u32; 3] = [180, 181, 182];
/// Over how many days they are spread.
const DAYS: i64 = 92;
const DAY_SECONDS: i64 = 86_400;
const HOUR_SECONDS: i64 = 3_600;
/// 6:00 UTC is nine in the morning in Moscow.
const MORNING_SECONDS: i64 = 6 * HOUR_SECONDS;
/// Who decides, in the order in which they are looked for.
const DECIDERS: [&str; 8] = [
    "head",
    "lawyer",
    "second_lawyer",
    "accountant",
    "cfo",
    "treasurer",
    "signatory",
    "clerk",
];

/// One step of one document's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Create,
    Start,
    /// Whoever has an approval or acknowledgement to give gives it.
    Agree,
    AgreeWithRemark,
    Return,
    Reject,
    Withdraw,
    /// A new version with another penalty, and round again.
    Resubmit,
    /// Our signatory signs, if it is a contract.
    SignOurs,
    /// The counterparty comes through its link, if it has one.
    Link(Answer),
    /// The initiator answers what the counterparty asked.
    Reply,
}

/// A document on its way through the history.
struct Life {
    number: u32,
    is_invoice: bool,
    values: BTreeMap<&'static str, String>,
    document: Option<DocumentId>,
}

/// Seeds the company and its history.
///
/// # Errors
///
/// What a use case refused.
pub async fn seed(house: &House) -> anyhow::Result<OrganisationId> {
    let app = &house.app;
    let today = app.now();
    let start = today.plus_seconds(-DAYS * DAY_SECONDS);
    house
        .shift
        .store(-micros(DAYS * DAY_SECONDS), Ordering::SeqCst);
    let company = company::seed(app).await?;
    let wording = paper::wording()?;
    let mut lives: Vec<Life> = (0..DOCUMENTS_COUNT).map(Life::new).collect();
    let mut plan: Vec<(i64, usize, Step)> = Vec::new();
    for (index, life) in lives.iter().enumerate() {
        plan.extend(life.plan().into_iter().map(|(at, step)| (at, index, step)));
    }
    // Steps of one document keep their order at the same moment: the sort is stable.
    plan.sort_by_key(|(at, _, _)| *at);
    let runner = Runner::new(app.clone());
    let mut done: u32 = 0;
    for (offset, index, step) in plan {
        let at = start.plus_seconds(offset);
        if at >= today {
            continue;
        }
        move_to(house, at);
        let Some(life) = lives.get_mut(index) else {
            continue;
        };
        // Whoever was late until now is late in the letters too.
        while app.ring_timers().await? > 0 {}
        let number = life.number;
        life.take(app, &company, &wording, step)
            .await
            .with_context(|| format!("document {number}, {step:?}"))?;
        runner.drain().await?;
        done = done.saturating_add(u32::from(step == Step::Create));
        if step == Step::Create && done.is_multiple_of(20) {
            tell(&format!("  {done} of {DOCUMENTS_COUNT} documents"));
        }
    }
    house.shift.store(0, Ordering::SeqCst);
    runner.drain().await?;
    Ok(company.organisation)
}

fn micros(seconds: i64) -> i64 {
    seconds.saturating_mul(1_000_000)
}

/// Lets the house's clock show `at`, if that is not in its past.
fn move_to(house: &House, at: Instant) {
    let ahead = at.micros().saturating_sub(house.app.now().micros());
    house.shift.fetch_add(ahead.max(0), Ordering::SeqCst);
}

impl Life {
    fn new(number: u32) -> Self {
        Self {
            number,
            is_invoice: number % 5 >= 3,
            values: BTreeMap::new(),
            document: None,
        }
    }

    /// When what happens, in seconds from the history's start.
    fn plan(&self) -> Vec<(i64, Step)> {
        let number = i64::from(self.number);
        let day = number * (DAYS - 1) / i64::from(DOCUMENTS_COUNT);
        let minute = (number * 47) % (8 * 60);
        let mut at = day * DAY_SECONDS + MORNING_SECONDS + minute * 60;
        let mut plan = Vec::new();
        for (index, step) in self.steps().into_iter().enumerate() {
            plan.push((at, step));
            let index = i64::try_from(index).unwrap_or(0);
            // From twenty minutes to a day and a half between two steps.
            let pause = 20 * 60 + (number * 7_919 + index * 104_729) % (36 * HOUR_SECONDS);
            at = at.saturating_add(if step == Step::Create { 15 * 60 } else { pause });
        }
        plan
    }

    /// The fate of a document, by its number. Those of the last weeks stand where time left them.
    fn steps(&self) -> Vec<Step> {
        use Step::{
            Agree, AgreeWithRemark, Create, Link, Reject, Reply, Resubmit, Return, SignOurs, Start,
            Withdraw,
        };
        // What comes after the approvals: both signatures, and the executor takes note.
        let signed = [SignOurs, Link(Answer::Sign), Agree];
        if AT_COUNTERPARTY.contains(&self.number) {
            let mut steps = vec![Create, Start];
            steps.extend([Agree; 5]);
            steps.push(SignOurs);
            steps.extend(
                (AT_COUNTERPARTY.last() == Some(&self.number)).then_some(Link(Answer::Ask)),
            );
            return steps;
        }
        if self.number >= FRESH_FROM {
            // Every desk has something to do today.
            let agreed = std::iter::repeat_n(Agree, self.number as usize % 4);
            return [Create, Start].into_iter().chain(agreed).collect();
        }
        match self.number % 20 {
            // A few are never started.
            6 => vec![Create],
            // The other expert still decides: all remarks come back at once.
            11 => vec![Create, Start, Agree, Reject, Agree],
            14 => vec![Create, Start, Withdraw],
            2 if self.number > 150 => vec![Create, Start, Agree, Return, Agree],
            2 | 7 => {
                let mut steps = vec![Create, Start, Agree, Return, Agree, Resubmit];
                steps.extend([Agree; 5]);
                steps.extend(signed);
                steps
            }
            4 | 16 => {
                let mut steps = vec![Create, Start, Agree, AgreeWithRemark];
                steps.extend([Agree; 4]);
                steps.extend(signed);
                steps
            }
            10 => {
                let mut steps = vec![Create, Start, Agree, Agree, Agree, Agree, SignOurs];
                steps.push(Link(Answer::Refuse));
                steps
            }
            15 => {
                let mut steps = vec![Create, Start, Agree, Agree, Agree, Agree, SignOurs];
                steps.extend([Link(Answer::Ask), Reply, Link(Answer::Sign), Agree]);
                steps
            }
            _ => {
                let mut steps = vec![Create, Start];
                steps.extend([Agree; 5]);
                steps.extend(signed);
                steps
            }
        }
    }

    async fn take(
        &mut self,
        app: &App,
        company: &Company,
        wording: &Wording,
        step: Step,
    ) -> anyhow::Result<()> {
        let initiator = company.person("initiator")?;
        if step == Step::Create {
            return self.create(app, company, wording).await;
        }
        let document = self.document.context("it was created before")?;
        match step {
            Step::Create => {}
            Step::Start => {
                app.start_run(initiator, document).await?;
            }
            Step::Withdraw => {
                let reason = &wording.words.withdraw;
                app.withdraw_document(initiator, document, reason).await?;
            }
            Step::Resubmit => self.resubmit(app, company, wording, document).await?,
            Step::SignOurs => signing::sign_ours(app, company, document).await?,
            Step::Link(answer) => {
                signing::answer_link(app, company, wording, document, answer).await?;
            }
            Step::Reply => signing::reply(app, company, wording, document).await?,
            Step::Agree | Step::AgreeWithRemark | Step::Return | Step::Reject => {
                decide(app, company, wording, document, step).await?;
            }
        }
        Ok(())
    }

    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

/// Lets the first person who is asked for a decision on the document decide; nobody may be.
async fn decide(
    app: &App,
    company: &Company,
    wording: &Wording,
    document: DocumentId,
    step: Step,
) -> anyhow::Result<()> {
    for key in DECIDERS {
        let actor: &Actor = company.person(key)?;
        // Who has no task yet may not even see the document.
        let Ok(route) = app.document_route(actor, document).await else {
            continue;
        };
        let Some(task) = route.my_task else {
            continue;
        };
        let wanted = match step {
            Step::AgreeWithRemark => Decision::ApproveWithRemarks,
            Step::Return => Decision::Return,
            Step::Reject => Decision::Reject,
            _ => Decision::Approve,
        };
        let order = [wanted, Decision::Approve, Decision::Acknowledge];
        let Some(decision) = order.into_iter().find(|each| task.decisions.contains(each)) else {
            continue;
        };
        let words = &wording.words;
        let (comment, remarks) = match decision {
            Decision::ApproveWithRemarks => (None, vec![words.remark.clone()]),
            Decision::Return => (Some(words.give_back.clone()), Vec::new()),
            Decision::Reject => (Some(words.reject.clone()), Vec::new()),
            Decision::Approve
            | Decision::Abstain
            | Decision::Hold
            | Decision::Acknowledge
            | Decision::Sign => (None, Vec::new()),
        };
        let given = TaskDecision {
            decision,
            version_digest: task.version_digest.parse().context("a digest")?,
            comment,
            remarks,
            said: Vec::new(),
        };
        app.decide_task(actor, task.id, given).await?;
        return Ok(());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_wait_for_the_counterparty_with_links_that_live() {
        for number in AT_COUNTERPARTY {
            let life = Life::new(number);
            assert!(!life.is_invoice, "{number}");
            let plan = life.plan();
            let (last, step) = plan.last().copied().unwrap();
            assert!(last < DAYS * DAY_SECONDS, "{number} gets that far");
            let signed = plan.iter().find(|(_, step)| *step == Step::SignOurs);
            let (sent, _) = signed.copied().unwrap();
            let age = DAYS * DAY_SECONDS - sent;
            assert!(age < 7 * DAY_SECONDS, "{number}: its link is {age} s old");
            assert_eq!(step == Step::Link(Answer::Ask), number == 182);
        }
    }
}
