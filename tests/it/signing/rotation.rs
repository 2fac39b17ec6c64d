//! The authority's keys are replaced, and nothing that was signed breaks.

use chancery::domain::actor::Actor;
use chancery::store::entity::authority_keys;
use chancery_signature::Indication;
use chancery_types::Locale;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::contract::{Contract, code};
use super::lasting::{file, recheck_only, round, signed, verdicts};
use crate::support::{TestApp, on_both};

const DAY: i64 = 24 * 3600;

/// Goal: what was signed before and after passes now and in fifteen years, and no replaced key is
/// left to be stolen. Method: a contract signed by each generation of keys, all raised after the
/// last; two generations beneath one root, the third with a root of its own.
#[tokio::test]
async fn replaced_keys_break_nothing_that_was_signed() {
    on_both(async |house: &TestApp| {
        let operator = Actor::operator(house.vector.organisation, Locale::En);
        let mut contracts = vec![signed(house).await];
        for with_root in [false, true] {
            house.advance_seconds(DAY);
            let done = house.app.rotate_authority(&operator, with_root).await;
            done.expect("replaced");
            house.advance_seconds(DAY);
            contracts.push(signed(house).await);
        }
        house.advance_seconds(3600);
        round(house).await;
        let now = house.app.now();
        for (generation, contract) in contracts.iter().enumerate() {
            let copy = file(contract).await;
            for at in [now, now.plus_seconds(15 * 366 * DAY)] {
                let told = verdicts(house, &copy, at).await;
                let passed = vec![Indication::TotalPassed; 3];
                assert_eq!(told, passed, "generation {generation} at {at}");
            }
        }
        recheck_only(house).await;
        let counted = house.app.count_signatures(&house.actor("compliance")).await;
        assert_eq!(counted.expect("counted").passed, 6);

        let organisation = house.vector.organisation.uuid();
        let rows = authority_keys::Entity::find()
            .filter(authority_keys::Column::OrganisationId.eq(organisation))
            .all(house.app.store.reader());
        let rows = rows.await.expect("rows");
        let (kept, retired): (Vec<_>, Vec<_>) =
            rows.iter().partition(|row| row.retired_at.is_none());
        assert_eq!((kept.len(), retired.len()), (3, 5));
        assert!(retired.iter().all(|row| row.sealed_key.is_empty()));
        let listed = house.app.list_authority(&operator).await.expect("a list");
        assert_eq!(listed.len(), 8);
        let lawyer = house.actor("lawyer");
        let hidden = house.app.rotate_authority(&lawyer, false).await;
        assert_eq!(code(&hidden.expect_err("not a lawyer's")), "hidden");
    })
    .await;
}

/// Goal: a certificate of the keys before is not completed with the chain of the new ones, and
/// preparing anew works. Method: prepared, replaced, completed, prepared again.
#[tokio::test]
async fn a_signature_that_is_being_made_is_prepared_again() {
    let house = TestApp::single().await;
    let contract = Contract::approved(&house).await;
    let (signatory, task) = contract.signatory_may_sign().await;
    let (signing, value) = contract.prepared(&signatory, task).await.expect("prepared");
    let operator = Actor::operator(house.vector.organisation, Locale::En);
    let done = house.app.rotate_authority(&operator, false).await;
    done.expect("replaced");
    let refused = house.app.complete_signature(&signatory, signing, &value);
    assert_eq!(code(&refused.await.expect_err("old keys")), "signing-stale");
    contract.signs(&signatory, task).await.expect("signed");
    house.close().await;
}
