//! Who gets how many places: nobody's files take more than half of them at once, and a file that
//! ended several workers gets none any more.
//!
//! Places are few and a page may take a minute, so without shares one person with one hostile file
//! would keep everybody else's pages waiting. The queue is fair by owner: whoever waits for their
//! own share does not stand in the common queue.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chancery_types::Digest;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Questions of one owner that may wait for their share; a page of a browser asks for a few.
const WAITING_MAX: usize = 64;
/// Owners and files that are remembered before those who have served are forgotten.
const REMEMBERED_MAX: usize = 1_000;
/// How many workers a file may end (too long, too large, a crash) …
const ENDED_MAX: u32 = 3;
/// … within so long: the failures may have been the machine's, so each is forgotten some day.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(86_400);

/// Whose file is worked on, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Who brought it in: a person, or the organisation where nobody is known.
    pub owner: Uuid,
    /// Its digest.
    pub file: Digest,
}

/// The shares of one pool of places.
#[derive(Debug)]
pub(super) struct Shares {
    each: usize,
    owners: Mutex<HashMap<Uuid, Arc<Owner>>>,
    ended: Arc<Mutex<HashMap<Digest, u32>>>,
}

#[derive(Debug)]
struct Owner {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A part of an owner's share, held.
#[derive(Debug)]
pub(super) struct Share {
    owner: Arc<Owner>,
    _permit: OwnedSemaphorePermit,
}

/// One who waits, counted as long as this lives: a request may be given up at any moment.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Share {
    /// Whether the owner's next question waits for this part.
    pub(super) fn is_awaited(&self) -> bool {
        self.owner.waiting.load(Ordering::SeqCst) > 0
    }
}

impl Shares {
    /// Of so many places.
    pub(super) fn of(places: usize) -> Self {
        Self {
            each: (places / 2).max(1),
            owners: Mutex::default(),
            ended: Arc::default(),
        }
    }

    /// A part of `owner`'s share, when it is free; `None` if too many of theirs wait already.
    pub(super) async fn take(&self, owner: Uuid) -> Option<Share> {
        let owner = self.owner(owner);
        if owner.waiting.fetch_add(1, Ordering::SeqCst) >= WAITING_MAX {
            owner.waiting.fetch_sub(1, Ordering::SeqCst);
            return None;
        }
        let waiting = Waiting(&owner.waiting);
        let permit = Arc::clone(&owner.places).acquire_owned().await.ok()?;
        drop(waiting);
        Some(Share {
            owner,
            _permit: permit,
        })
    }

    fn owner(&self, owner: Uuid) -> Arc<Owner> {
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        if owners.len() >= REMEMBERED_MAX {
            owners.retain(|_, known| Arc::strong_count(known) > 1);
        }
        let known = owners.entry(owner).or_insert_with(|| {
            Arc::new(Owner {
                places: Arc::new(Semaphore::new(self.each)),
                waiting: AtomicUsize::new(0),
            })
        });
        Arc::clone(known)
    }

    /// Notes that `file` ended a worker.
    pub(super) fn note_ended(&self, file: Digest) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.len() >= REMEMBERED_MAX {
            // A thousand hostile files at once: the last ones count.
            ended.clear();
        }
        let workers = ended.entry(file).or_insert(0);
        *workers = workers.saturating_add(1);
        let remembered = Arc::downgrade(&self.ended);
        tokio::spawn(async move {
            tokio::time::sleep(FORGOTTEN_AFTER).await;
            if let Some(ended) = remembered.upgrade() {
                forget_one(&ended, &file);
            }
        });
    }

    /// Whether `file` gets no worker any more.
    pub(super) fn is_given_up(&self, file: &Digest) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.get(file).is_some_and(|workers| *workers >= ENDED_MAX)
    }
}

fn forget_one(ended: &Mutex<HashMap<Digest, u32>>, file: &Digest) {
    let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(workers) = ended.get_mut(file) {
        *workers = workers.saturating_sub(1);
        if *workers == 0 {
            ended.remove(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn nobody_has_more_than_half_and_a_crowd_of_one_is_turned_away() {
        let shares = Shares::of(4);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let at_once = |owner| shares.take(owner).now_or_never().flatten();
        let held = [at_once(one).expect("a part"), at_once(one).expect("a part")];
        assert!(at_once(one).is_none(), "a third part");
        assert!(!held[0].is_awaited(), "who gave up waits no more");
        assert!(at_once(other).is_some());
        let mut crowd: Vec<_> = (0..WAITING_MAX)
            .map(|_| Box::pin(shares.take(one)))
            .collect();
        for waiting in &mut crowd {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        assert!(held[0].is_awaited());
        let turned_away = shares.take(one).now_or_never();
        assert!(turned_away.expect("an answer at once").is_none());
    }

    #[tokio::test]
    async fn a_file_that_ended_three_workers_gets_no_fourth_until_one_is_forgotten() {
        let shares = Shares::of(2);
        let (bad, good) = (Digest::of(b"bad"), Digest::of(b"good"));
        for _ in 0..ENDED_MAX {
            assert!(!shares.is_given_up(&bad));
            shares.note_ended(bad);
        }
        assert!(shares.is_given_up(&bad) && !shares.is_given_up(&good));
        forget_one(&shares.ended, &bad);
        assert!(!shares.is_given_up(&bad));
    }
}
