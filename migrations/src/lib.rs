//! The list of migrations, nothing else. Rules: `migrations/README.md`.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

mod m20261123_000001_house;
mod m20261125_000001_disagreements;
mod m20261126_000001_request_done;
mod m20261126_000002_links;
mod m20261126_000003_indexes;
mod m20261126_000004_sweeps;
mod m20261126_000005_abstain;
mod m20261126_000005_undrawable_pages;
mod m20261126_000006_initiators;
mod m20261126_000007_signature_checks;
mod m20261126_000008_copy_levels;
mod m20261126_000009_timers;
mod m20261127_000001_remote_signing;
mod m20261127_000002_revocations;
mod m20261127_000003_detached_checks;
mod m20261127_000004_absences;
mod m20261127_000005_powers;
mod m20261127_000007_effects;
mod m20261127_000011_raised_signatures;
mod m20261127_000031_letters;
mod m20261127_000040_made_detached;
mod m20261127_000041_editions;
mod m20261127_000050_comments;
mod m20261127_000060_origins;
mod m20261128_000061_owners;
mod m20261128_000062_mandates;
mod m20261128_000063_reworkers;
mod m20261128_000070_news_marks;
mod m20261128_000071_places;
mod m20261128_000072_paces;
mod m20261128_000073_children;
mod m20261128_000074_start_run;
mod m20261128_000075_rests_on;
mod m20261128_000076_rests_on_keys;
mod m20261128_000077_kept_evidence;
mod m20261128_000078_revocation_open;
mod m20261129_000081_check_words;
mod m20261129_000082_handed_on;

/// Every migration, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_house::Migration),
            Box::new(m20261125_000001_disagreements::Migration),
            Box::new(m20261126_000001_request_done::Migration),
            Box::new(m20261126_000002_links::Migration),
            Box::new(m20261126_000003_indexes::Migration),
            Box::new(m20261126_000004_sweeps::Migration),
            Box::new(m20261126_000005_abstain::Migration),
            Box::new(m20261126_000005_undrawable_pages::Migration),
            Box::new(m20261126_000006_initiators::Migration),
            Box::new(m20261126_000007_signature_checks::Migration),
            Box::new(m20261126_000008_copy_levels::Migration),
            Box::new(m20261126_000009_timers::Migration),
            Box::new(m20261127_000001_remote_signing::Migration),
            Box::new(m20261127_000002_revocations::Migration),
            Box::new(m20261127_000003_detached_checks::Migration),
            Box::new(m20261127_000004_absences::Migration),
            Box::new(m20261127_000005_powers::Migration),
            Box::new(m20261127_000007_effects::Migration),
            Box::new(m20261127_000011_raised_signatures::Migration),
            Box::new(m20261127_000031_letters::Migration),
            Box::new(m20261127_000040_made_detached::Migration),
            Box::new(m20261127_000041_editions::Migration),
            Box::new(m20261127_000050_comments::Migration),
            Box::new(m20261127_000060_origins::Migration),
            Box::new(m20261128_000061_owners::Migration),
            Box::new(m20261128_000062_mandates::Migration),
            Box::new(m20261128_000063_reworkers::Migration),
            Box::new(m20261128_000070_news_marks::Migration),
            Box::new(m20261128_000071_places::Migration),
            Box::new(m20261128_000072_paces::Migration),
            Box::new(m20261128_000073_children::Migration),
            Box::new(m20261128_000074_start_run::Migration),
            Box::new(m20261128_000075_rests_on::Migration),
            Box::new(m20261128_000076_rests_on_keys::Migration),
            Box::new(m20261128_000077_kept_evidence::Migration),
            Box::new(m20261128_000078_revocation_open::Migration),
            Box::new(m20261129_000081_check_words::Migration),
            Box::new(m20261129_000082_handed_on::Migration),
        ]
    }
}
