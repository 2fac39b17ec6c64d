//! One binary: what we sign, what we make of others' signatures, and what others make of ours.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod addresses;
mod archive;
mod armour;
mod authority;
mod brainpool;
mod checks_cms;
mod checks_pdf;
mod checks_rights;
mod choosing;
mod claims;
mod corpus;
mod costs;
mod counter;
mod crowd;
mod differing;
mod enciphered;
mod enciphered_ways;
mod enciphered_writer;
mod exhausted;
mod fields_drawn;
mod fields_exact;
mod fields_filled;
mod fields_hide;
mod fields_shown;
mod followed;
mod forge;
mod legal_kind;
mod levels;
mod levels_cms;
mod levels_peers;
mod levels_rights;
mod listed;
mod long_term;
mod lost_authority;
mod many;
mod marks;
mod marks_agreed;
mod marks_letters;
mod marks_painted;
mod marks_wiped;
mod needed;
mod orders;
mod other_files;
mod paths;
mod paths_strict;
mod readings;
mod readings_colours;
mod readings_content;
mod readings_packed;
mod readings_shape;
mod readings_values;
mod renewed;
mod repacked;
mod revocation;
mod revocation_doubted;
mod revocation_list;
mod revocation_strict;
mod searched;
mod searched_anew;
mod seeds;
mod short_keys;
mod signing;
mod spelled;
mod strength;
mod support;
mod times;
mod told;
mod town;
mod validation;
