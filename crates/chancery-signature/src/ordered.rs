//! Things in the order in which they came, each once.

use std::collections::HashSet;
use std::hash::Hash;

/// A list that knows what it holds: to add one costs the same however many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ordered<T: Eq + Hash> {
    list: Vec<T>,
    known: HashSet<T>,
}

impl<T: Eq + Hash> Default for Ordered<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            known: HashSet::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Ordered<T> {
    /// Adds `one` behind the others, and tells whether it is new.
    pub fn add(&mut self, one: T) -> bool {
        let is_new = self.known.insert(one.clone());
        if is_new {
            self.list.push(one);
        }
        is_new
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.list.iter()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<T: Clone + Eq + Hash> FromIterator<T> for Ordered<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut found = Self::default();
        for one in all {
            found.add(one);
        }
        found
    }
}

impl<T: Eq + Hash> IntoIterator for Ordered<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::{Hash, Hasher};

    use super::*;

    thread_local! {
        static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }

    fn look() {
        LOOKED_AT.with(|count| count.set(count.get() + 1));
    }

    /// One that counts how often anybody copies it, hashes it or compares it with another.
    #[derive(Debug)]
    struct Counted(u32);

    impl Clone for Counted {
        fn clone(&self) -> Self {
            look();
            Self(self.0)
        }
    }

    impl PartialEq for Counted {
        fn eq(&self, other: &Self) -> bool {
            look();
            self.0 == other.0
        }
    }

    impl Eq for Counted {}

    impl Hash for Counted {
        fn hash<H: Hasher>(&self, state: &mut H) {
            look();
            self.0.hash(state);
        }
    }

    /// Goal: a folder of thousands of files costs what each of them costs. Method: 5,000, added one
    /// by one and twice; every copy, hash and comparison is counted.
    #[test]
    fn each_of_thousands_is_looked_at_a_few_times() {
        let mut all = Ordered::default();
        for round in 0..2 {
            for number in 0..5_000 {
                assert_eq!(all.add(Counted(number)), round == 0);
            }
        }
        assert_eq!(all.len(), 5_000);
        let looked = LOOKED_AT.with(Cell::get);
        assert!(looked < 10 * 5_000, "{looked}");
        assert!(all.iter().map(|one| one.0).eq(0..5_000), "in their order");
    }
}
