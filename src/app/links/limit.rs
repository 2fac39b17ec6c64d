//! How often a thing may be done in a window of time: counted from rows, so that every process and
//! every restart counts alike.

use chancery_types::Instant;

use crate::app::AppError;

/// Refuses what was done `max` times within the last `window_seconds`. `done` are the moments since
/// then (microseconds since the epoch), oldest first.
///
/// # Errors
///
/// [`AppError::TooMany`] with the seconds until the oldest of them leaves the window.
pub fn check(done: &[i64], max: i64, window_seconds: i64, now: Instant) -> Result<(), AppError> {
    let count = i64::try_from(done.len()).unwrap_or(i64::MAX);
    if count < max {
        return Ok(());
    }
    // The one that has to leave before another fits.
    let leaving = done.len().saturating_sub(usize::try_from(max).unwrap_or(0));
    let at = done.get(leaving).or(done.first()).copied();
    let at = at.map_or(now, Instant::from_micros);
    let left = window_seconds.saturating_sub(now.seconds_since(at));
    Err(AppError::TooMany {
        retry_after_seconds: u64::try_from(left.max(1)).unwrap_or(1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_fits_when_the_oldest_has_left() {
        let now = Instant::from_seconds(10_000);
        let at = |seconds: i64| Instant::from_seconds(seconds).micros();
        assert!(check(&[at(9_000)], 2, 3600, now).is_ok());
        let refused = check(&[at(9_000), at(9_500)], 2, 3600, now);
        assert!(matches!(
            refused,
            Err(AppError::TooMany {
                retry_after_seconds: 2600
            })
        ));
    }
}
