//! Chance from a seed: the same seed makes the same mutants on any machine.

/// SplitMix64 (Steele, Lea, Flood, 2014): short, and good enough to choose places.
pub struct Chance(u64);

impl Chance {
    /// From the run's seed and the number of the mutant, so that each can be made alone.
    pub fn new(seed: u64, mutant: u64) -> Self {
        let mut chance = Self(seed ^ mutant.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// A number below `limit`; 0 below 0 or 1.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).expect("below a usize")
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).expect("a byte")
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub fn of<'s, T>(&mut self, several: &'s [T]) -> Option<&'s T> {
        several.get(self.below(several.len()))
    }
}
