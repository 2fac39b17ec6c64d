//! kill -9 of the server at fifty random points of real traffic. What was acknowledged is there,
//! no letter is lost, no document is half there.
//!
//! Several contracts go their whole way at once (created, started, approved, remarked on, signed by
//! our signatory, and by the counterparty through the mailed link), by HTTP and the mailbox alone.
//! The server says every statement it has run in its log; after a random number of them it is
//! killed, wherever its requests are just then. Then the rows, files and letters are compared with
//! the answers that the clients got, it is started again on the same folder, and everybody goes on
//! from what they find.
//!
//! The points are drawn from a seed that is printed; `CHANCERY_TEST_CRASH_SEED` sets it.

mod life;
mod proofs;
pub mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chancery::app::App;
use chancery::app::tokens::Scope;
use chancery::clock::Clock;
use chancery::entropy;

use crate::support::{Backend, TestApp, setting};
use life::{Fact, Life, World};
use proofs::Proofs;
use server::Server;

/// How often the server is killed, over all databases.
const KILLS: usize = 50;
/// Contracts that are on their way at the same time.
const LIVES: usize = 4;
/// The most statements before a kill: enough for every step of a contract to be hit.
const STATEMENTS_MAX: u64 = 2000;
/// Whoever acts in a contract's life.
const PEOPLE: [&str; 4] = ["initiator", "head", "lawyer", "signatory"];

/// Random points from a seed (splitmix64).
struct Points(u64);

impl Points {
    fn from_setting() -> Self {
        let seed = match setting("CHANCERY_TEST_CRASH_SEED") {
            Some(text) => text.parse().expect("CHANCERY_TEST_CRASH_SEED is a number"),
            None => u64::from_le_bytes(entropy::bytes()),
        };
        eprintln!("CHANCERY_TEST_CRASH_SEED={seed}");
        Self(seed)
    }

    /// From 1 to `max`.
    fn draw(&mut self, max: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % max + 1
    }
}

async fn tokens(house: &TestApp) -> BTreeMap<&'static str, String> {
    // The server has the machine's clock, so the tokens must be of today.
    let today = App {
        clock: Clock::System,
        ..house.app.clone()
    };
    let mut tokens = BTreeMap::new();
    for key in PEOPLE {
        let made = today
            .create_token(&house.actor(key), "crash", Scope::Write, 2)
            .await;
        tokens.insert(key, made.expect("a token").secret);
    }
    tokens
}

/// Every life goes on until the server is gone.
async fn live(lives: Vec<Life>, world: &Arc<World>) -> Vec<Life> {
    let mut going = tokio::task::JoinSet::new();
    for mut life in lives {
        let world = world.clone();
        going.spawn(async move {
            while life.advance(&world).await.is_ok() {}
            life.interrupted();
            life
        });
    }
    let mut ended = going.join_all().await;
    ended.sort_by_key(Life::number);
    ended
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Goal: see above. Method: see above; fifty kills in all, half of them on each database.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_a_kill_every_acknowledged_step_is_there() {
    let mut points = Points::from_setting();
    let backends = Backend::all();
    for backend in &backends {
        let house = TestApp::start(backend).await;
        kill_often(&house, KILLS / backends.len(), &mut points).await;
        house.close().await;
    }
}

async fn kill_often(house: &TestApp, kills: usize, points: &mut Points) {
    let temporary = tempfile::tempdir().expect("a folder");
    let tokens = tokens(house).await;
    let ledger = Arc::new(Mutex::new(Vec::<Fact>::new()));
    let mut lives: Vec<Life> = (0..LIVES).map(|number| Life::new(number, house)).collect();
    let mut proofs = Proofs::default();
    for kill in 1..=kills {
        let statements = points.draw(STATEMENTS_MAX);
        let server = Server::start(house, temporary.path(), Some(statements));
        let world = World::new(&server.base_url, &tokens, house.mail_folder(), &ledger);
        lives = live(lives, &Arc::new(world)).await;
        server.has_died();
        let facts = ledger.lock().expect("the ledger").clone();
        eprintln!(
            "kill {kill} after {statements} statements: {} steps acknowledged",
            facts.len()
        );
        assert_eq!(files_in(temporary.path()), [""; 0].map(PathBuf::from));
        proofs.check(house, &facts).await;
    }
    assert!(proofs.signatures_seen() > 1, "the traffic was too thin");
    finish(house, &tokens, lives, &ledger, temporary.path()).await;
}

/// Started once more, the server lets every contract that was on its way reach its end.
async fn finish(
    house: &TestApp,
    tokens: &BTreeMap<&'static str, String>,
    lives: Vec<Life>,
    ledger: &Arc<Mutex<Vec<Fact>>>,
    temporary: &Path,
) {
    let server = Server::start(house, temporary, None);
    let world = World::new(&server.base_url, tokens, house.mail_folder(), ledger);
    for mut life in lives {
        while !life.is_over() {
            life.advance(&world).await.expect("the server is there");
        }
    }
    server.kill();
    let facts = ledger.lock().expect("the ledger").clone();
    let mut proofs = Proofs::default();
    proofs.check(house, &facts).await;
    proofs.check_verdicts(house).await;
}
