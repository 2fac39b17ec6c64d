//! Requests that are cut off: whoever asked goes away before there is an answer.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// The future's answer, unless it is not ready when it was polled so often and once more: then it
/// is dropped where it waits.
pub async fn after<F: Future>(polls: u64, future: F) -> Option<F::Output> {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}
