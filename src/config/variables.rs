//! Settings from `CHANCERY__SECTION__KEY` variables.

use toml::{Table, Value};

use super::ConfigError;
use super::load::{unknown, with_article};

/// A variable whose name is a setting's but for its underscores, or nearly so, was meant as one:
/// passed over in silence it would leave the default in force. Others that begin with `CHANCERY_`
/// are other programs' (tests, container engines).
pub(super) fn refuse_near_miss(defaults: &Table, name: &str) -> Result<(), ConfigError> {
    const SLIPS_MAX: usize = 1;
    let Some(rest) = name.strip_prefix("CHANCERY_") else {
        return Ok(());
    };
    let plain = |text: &str| text.to_lowercase().replace('_', "");
    let written = plain(rest);
    for (section, value) in defaults {
        let Value::Table(keys) = value else { continue };
        for key in keys.keys() {
            let meant = plain(&format!("{section}{key}"));
            if strsim::osa_distance(&written, &meant) <= SLIPS_MAX {
                return Err(ConfigError::NearMiss {
                    name: name.to_owned(),
                    meant: format!("CHANCERY__{section}__{key}").to_uppercase(),
                });
            }
        }
    }
    Ok(())
}

/// Sets `key` (`SECTION__KEY`) to what the variable `name` says.
pub(super) fn set(
    base: &mut Table,
    name: &str,
    key: &str,
    text: String,
) -> Result<(), ConfigError> {
    let dotted = key.to_lowercase().replace("__", ".");
    let Some((section, key)) = dotted.split_once('.') else {
        return Err(match base.get(&dotted) {
            Some(Value::Table(keys)) => a_section(name, keys),
            _ => unknown(base, name, &dotted),
        });
    };
    let known = match base.get(section) {
        Some(Value::Table(keys)) => keys.get(key),
        _ => None,
    };
    let value = match known {
        None => return Err(unknown(base, name, &dotted)),
        Some(Value::String(_)) => Value::String(text),
        Some(known) => parse_value(known, name, &text)?,
    };
    super::load::set(base, name, section, key, value)
}

fn parse_value(known: &Value, name: &str, text: &str) -> Result<Value, ConfigError> {
    let wrong = || {
        if let Value::Table(_) = known {
            // What was written may hold secrets.
            return ConfigError::Value {
                origin: name.to_owned(),
                why: "is not a table of TOML in one line: { name = { url = \"https://…\", … } }"
                    .to_owned(),
            };
        }
        let written = text.trim_matches(['[', ']', '"']);
        let cure = match known {
            Value::Array(_) => format!("; write it as [\"{written}\", …]"),
            _ => String::new(),
        };
        let kind = with_article(known.type_str());
        ConfigError::Value {
            origin: name.to_owned(),
            why: format!("`{text}` is not {kind}{cure}"),
        }
    };
    let table: Table = format!("v = {text}").parse().map_err(|_| wrong())?;
    table
        .get("v")
        .cloned()
        .filter(|value| known.same_type(value))
        .ok_or_else(wrong)
}

/// A section's name where a setting's was meant.
fn a_section(name: &str, keys: &Table) -> ConfigError {
    let example = keys.keys().next().map_or("", String::as_str);
    ConfigError::Value {
        origin: name.to_owned(),
        why: format!(
            "names a whole section; set one of its settings, such as {name}__{}",
            example.to_uppercase()
        ),
    }
}
