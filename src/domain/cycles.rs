//! Circles in what stands above what: departments, managers.

/// Whether `from` is reached from itself by following `next`: a department above itself, a manager
/// of their own manager. Stops after `steps_max` steps.
pub fn has_cycle<T: Copy + PartialEq>(
    from: T,
    first: Option<T>,
    steps_max: usize,
    next: impl Fn(T) -> Option<T>,
) -> bool {
    let mut at = first;
    for _ in 0..=steps_max {
        match at {
            None => return false,
            Some(reached) if reached == from => return true,
            Some(reached) => at = next(reached),
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_a_line_is_not() {
        let above = |n: u32| (n > 1).then(|| n - 1);
        assert!(!has_cycle(9, Some(5), 10, above));
        assert!(has_cycle(3, Some(5), 10, above));
        assert!(has_cycle(3, Some(3), 10, above));
        assert!(has_cycle(9, Some(1), 10, |n| Some(n % 2 + 1)));
    }
}
