//! What each number may be: less makes no sense, more the code cannot bear.

use super::Config;

/// A number of the configuration, by its name, with its range.
struct Setting {
    name: &'static str,
    value: i128,
    least: i128,
    most: i128,
}

/// One gigabyte: a file is held in memory while it is examined, signed or checked.
const FILE_BYTES_MAX: i128 = 1 << 30;

/// The first number that is out of its range, in one sentence.
///
/// # Errors
///
/// That sentence.
pub fn check(config: &Config) -> Result<(), String> {
    let all = settings(config).into_iter();
    for setting in all.chain(inner_settings(config)) {
        if !(setting.least..=setting.most).contains(&setting.value) {
            return Err(format!(
                "`{}` is {}: it must be between {} and {}",
                setting.name, setting.value, setting.least, setting.most
            ));
        }
    }
    check_pairs(config)
}

/// Numbers that bound each other.
fn check_pairs(config: &Config) -> Result<(), String> {
    if config.blobs.object_bytes_max < config.limits.upload_bytes_max {
        return Err(
            "`blobs.object_bytes_max` must be at least `limits.upload_bytes_max`: else what is \
             uploaded could not be kept"
                .to_owned(),
        );
    }
    if config.retention.ended_visit_days.saturating_mul(24) < config.links.visit_hours {
        return Err(
            "`retention.ended_visit_days` must be at least `links.visit_hours`: a visit's code is \
             evidence of what is signed in it"
                .to_owned(),
        );
    }
    Ok(())
}

macro_rules! within {
    ($config:ident: $($section:ident.$field:ident $least:tt ..= $most:expr),+ $(,)?) => {
        [$(Setting {
            name: concat!(stringify!($section), ".", stringify!($field)),
            value: wide($config.$section.$field),
            least: $least,
            most: $most,
        }),+]
    };
}

/// Every integer of the settings fits.
fn wide<T: TryInto<i128>>(value: T) -> i128 {
    value.try_into().unwrap_or(i128::MAX)
}

/// What the house does for people.
fn settings(config: &Config) -> impl IntoIterator<Item = Setting> {
    within!(config:
        sessions.idle_minutes 1..=10_080,
        sessions.absolute_hours 1..=8_760,
        sessions.invitation_hours 1..=8_760,
        sessions.password_reset_hours 1..=168,
        links.expires_days 1..=3_650,
        links.code_minutes 1..=1_440,
        links.code_tries_max 1..=100,
        links.codes_per_hour_max 1..=1_000,
        links.code_failures_max 1..=10_000,
        links.links_per_hour_max 1..=1_000,
        links.questions_per_day_max 1..=1_000,
        links.visit_hours 1..=720,
        signing.prepared_minutes 1..=720,
        signing.prepared_per_hour_max 1..=1_000,
        // A day and no more: a certificate's end is its only revocation.
        signing.certificate_hours 1..=24,
        signing.tsa_seconds_max 1..=60,
        signing.renew_days 1..=3_650,
        limits.upload_bytes_max 1..=FILE_BYTES_MAX,
        // Half a day: `retention.unnamed_file_hours` must outlast every request.
        limits.upload_seconds_max 1..=43_200,
        limits.upload_pause_seconds_max 1..=3_600,
        limits.body_seconds_max 1..=3_600,
        limits.attachments_max 0..=1_000,
        limits.pages_max 1..=100_000,
        limits.verify_bytes_max 1..=FILE_BYTES_MAX,
        limits.verify_parallel_max 1..=64,
        limits.page_rows_max 1..=1_000,
        rate_limits.login_per_minute 1..=1_000_000,
        rate_limits.link_per_minute 1..=1_000_000,
        rate_limits.verify_per_minute 1..=1_000_000,
        checks.recheck_days 1..=3_650,
        trust.online_seconds_max 1..=30,
        trust.online_bytes_max 1_024..=67_108_864,
        webhooks.seconds_max 1..=60,
        webhooks.attempts_max 1..=100,
        lookups.seconds_max 1..=60,
        lookups.bytes_max 64..=1_048_576,
        retention.unnamed_file_hours 24..=8_760,
        retention.ended_session_days 1..=3_650,
        retention.ended_visit_days 1..=3_650,
        retention.mail_secret_days 1..=3_650,
    )
}

/// What the house is built of.
fn inner_settings(config: &Config) -> impl IntoIterator<Item = Setting> {
    within!(config:
        server.shutdown_seconds 0..=3_600,
        server.threads_count 0..=1_024,
        database.connections_max 1..=1_000,
        database.acquire_timeout_ms 100..=600_000,
        blobs.object_bytes_max 1..=(4 * FILE_BYTES_MAX),
        mail.smtp_port 1..=65_535,
        mail.smtp_timeout_seconds 1..=600,
        mail.attempts_max 1..=100,
        mail.attachment_bytes_max 0..=FILE_BYTES_MAX,
        // A worker of less than this cannot even load its fonts.
        worker.memory_bytes_max 67_108_864..=(64 * FILE_BYTES_MAX),
        // The slowest page must be done within the lease of the job that draws it.
        worker.cpu_seconds_max 1..=120,
        worker.processes_max 1..=64,
        worker.attempts_max 1..=100,
    )
}
