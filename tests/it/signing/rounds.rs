//! Rounds with signatures in them: what was signed once counts for that version alone.

use super::contract::Contract;
use crate::support::{TestApp, on_both};

/// Goal: a third version that goes back to the first one's content revives neither the lawyers'
/// approval nor our signature of the first round: the document becomes effective with both
/// signatures on the present copy. The manager's agreement stands, for neither the price nor the
/// file is another one. Method: two returns by the counterparty, then the first content again.
#[tokio::test]
async fn an_earlier_content_brought_again_is_approved_and_signed_anew() {
    on_both(async |house: &TestApp| {
        let contract = Contract::at_counterparty(house).await;
        let (app, initiator) = (&house.app, house.actor("initiator"));
        for (number, of) in [(2, 2), (3, 1)] {
            house.advance_seconds(60);
            contract.counterparty_returns().await;
            assert_eq!(contract.state().await, "rework");
            contract.brings_version(number, of).await;
            app.resubmit_run(&initiator, contract.id, None)
                .await
                .expect("resubmitted");
            house.advance_seconds(60);
            contract.decides("lawyer").await;
            contract.signatory_signs().await;
        }
        house.advance_seconds(60);
        contract.counterparty_signs().await;
        assert_eq!(contract.state().await, "effective");
        let found = app
            .document_signatures(&initiator, contract.id.uuid())
            .await
            .expect("seen");
        let mut copies: Vec<(i64, i64)> = found
            .copies
            .iter()
            .map(|(number, copy)| (*number, copy.signatures_count))
            .collect();
        copies.sort_unstable();
        assert_eq!(copies, [(1, 1), (2, 1), (3, 2)]);
        // The counterparty who returned is told of nothing twice.
        assert_eq!(contract.told("completed").await.len(), 5);
    })
    .await;
}
