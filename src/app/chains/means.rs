//! What this server carries out of the language beyond what everybody does.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chancery_workflow::{Ability, Means};

static MEANS: LazyLock<Means> = LazyLock::new(|| Means {
    abilities: BTreeSet::from([
        Ability::Absorption,
        Ability::Delegation,
        Ability::Forms,
        Ability::Pools,
    ]),
    ..Means::default()
});

/// What files of `workflows/` may ask of this server. `effects`, `facts` and `type: automatic` it
/// does not carry out yet: they are refused by name.
#[must_use]
pub fn means() -> &'static Means {
    &MEANS
}
