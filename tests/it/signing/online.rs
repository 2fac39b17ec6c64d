//! Somebody else's timestamping authority whose revocation is asked for on the network: its newest
//! timestamp is proven by what is asked for now, and at the next renewal that is kept in the file.

use std::sync::atomic::Ordering;

use chancery::app::online::Online;
use chancery::app::stamps::Stamps;
use chancery::config::Config;
use chancery::store::entity::signed_copies;
use chancery_signature as sig;
use chancery_types::Digest;
use sea_orm::EntityTrait as _;

use super::lasting::signed;
use super::stamps::{Manner, Other};
use crate::support::{Backend, TestApp};
use crate::verify::ca::{Draft, TIME_STAMPING};
use crate::verify::responder::{Responder, held};

const DAY: i64 = 86_400;

/// A house that signs with its own timestamps, and may ask `responder` about revocation.
async fn house_of(responder: &Responder, root: &std::path::Path) -> TestApp {
    let (anchors, host) = (vec![root.to_owned()], responder.host.clone());
    TestApp::start_with(&Backend::single(), |config| {
        config.trust.anchors = anchors;
        config.trust.online = vec![host];
        config.trust.online_may_be_private = true;
    })
    .await
}

async fn row(house: &TestApp) -> signed_copies::Model {
    let row = signed_copies::Entity::find().one(house.app.store.reader());
    row.await.expect("read").expect("a copy")
}

/// How many lists the copy holds that are not of our own authority.
async fn lists(house: &TestApp) -> usize {
    let digest = row(house).await.digest.parse::<Digest>().expect("a digest");
    let file = house.app.blobs.get(house.vector.organisation, &digest);
    let facts = sig::gather_pdf(&file.await.expect("a file"), &sig::Limits::default());
    let ours = |der: &[u8]| names(der, "Root CA") || names(der, "Issuing CA");
    let all = facts.evidence.crls.iter();
    all.filter(|list| !ours(&list.der.0)).count()
}

/// Whether DER holds this name.
fn names(der: &[u8], name: &str) -> bool {
    der.windows(name.len())
        .any(|piece| piece == name.as_bytes())
}

/// Goal: what is to be known of the authority of the newest timestamp is asked for when it is
/// given, and kept at the next renewal; without it nothing is renewed. Method: a copy of our own
/// timestamps, raised by an authority whose certificate names a list; four and a half years.
#[tokio::test]
async fn the_newest_timestamps_authority_is_asked_about_and_its_answer_is_kept() {
    let clock = held();
    let responder = Responder::open(&clock);
    let folder = tempfile::TempDir::with_prefix("chancery-test-").expect("a folder");
    let root = folder.path().join("root.der");
    std::fs::write(&root, &responder.ca.certificate).expect("kept");
    let mut house = house_of(&responder, &root).await;
    house.app.clock = clock.clone();
    let organisation = house.vector.organisation;
    let drafted = Draft {
        purpose: Some(TIME_STAMPING),
        lists: vec![responder.list_url()],
        ..Draft::new("Служба времени", 70)
    };
    let holder = drafted.by(Some(&responder.ca));
    let stamps = sig::TimestampAuthority::new(holder.key, holder.certificate, vec![]);
    let root = &responder.ca.certificate;
    let other = Other::of(stamps.expect("an authority"), root, &clock, Manner::Answers);

    signed(&house).await;
    let mut config: Config = (*house.app.config).clone();
    config.signing.tsa_url.clone_from(&other.url);
    config.signing.tsa_may_be_private = true;
    house.app.stamps = Stamps::open(&config.signing, &config.trust).expect("an address");
    let asking = std::mem::take(&mut house.app.online);
    let problem = async |house: &TestApp| row(house).await.raise_problem;

    // Nobody may be asked: nothing proves the new authority.
    let done = house.app.extend_some(organisation).await.expect("done");
    assert_eq!((done.raised.len(), done.refused.len()), (0, 1));
    assert_eq!(problem(&house).await.as_deref(), Some("not-proven"));
    assert_eq!(responder.asked(), [0, 0, 0]);
    let given = other.asked.load(Ordering::Relaxed);

    house.app.online = asking.clone();
    house.app.retry_extensions(organisation).await.expect("due");
    let done = house.app.extend_some(organisation).await.expect("done");
    assert_eq!((done.raised.len(), done.refused.len()), (1, 0));
    assert_eq!(responder.asked(), [0, 1, 0]);
    // The first one told who is to be asked about.
    assert_eq!(other.asked.load(Ordering::Relaxed), given + 2);
    assert_eq!(lists(&house).await, 0, "its own is covered by nothing yet");

    house.advance_seconds(4 * 366 * DAY + 180 * DAY);
    house.app.online = Online::default();
    let done = house.app.extend_some(organisation).await.expect("done");
    assert_eq!((done.raised.len(), done.refused.len()), (0, 1));
    assert_eq!(problem(&house).await.as_deref(), Some("not-proven"));
    house.app.online = asking;
    house.app.retry_extensions(organisation).await.expect("due");
    let done = house.app.extend_some(organisation).await.expect("done");
    assert_eq!((done.raised.len(), done.refused.len()), (1, 0));
    assert_eq!(problem(&house).await, None);
    assert_eq!(responder.asked(), [0, 2, 0]);
    assert_eq!(lists(&house).await, 1);
    other.handle.stop(false).await;
    responder.stop().await;
    house.close().await;
}
