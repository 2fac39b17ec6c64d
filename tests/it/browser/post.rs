//! The house's mail folder, read as a mail program reads it.

use chancery::demo::mailbox::{self, Mail};
use chancery::jobs::Runner;

use crate::support::TestApp;

/// Delivers everything and answers the newest mail to `address` that `wanted` picks.
pub async fn mail_to(house: &TestApp, address: &str, wanted: impl Fn(&Mail) -> bool) -> Mail {
    Runner::new(house.app.clone())
        .drain()
        .await
        .expect("delivered");
    let folder = house.mail_folder();
    let names = mailbox::list(&folder).expect("the folder");
    let read = |name: &String| mailbox::read(&folder, name).expect("a mail");
    names
        .iter()
        .filter_map(read)
        .find(|mail| mail.address() == address && wanted(mail))
        .unwrap_or_else(|| panic!("no such mail to {address}"))
}

/// The newest mailed link to `address`, with its secret in the fragment.
pub async fn link_to(house: &TestApp, address: &str) -> String {
    let start = house.app.url("/s#");
    let mail = mail_to(house, address, |mail| mail.link(&start).is_some()).await;
    mail.link(&start).expect("a link").to_owned()
}

/// The six digits of the newest code to `address`.
pub async fn code_to(house: &TestApp, address: &str) -> String {
    let mail = mail_to(house, address, |mail| digits(mail).is_some()).await;
    digits(&mail).expect("six digits")
}

fn digits(mail: &Mail) -> Option<String> {
    let words = mail.text.split_whitespace();
    let mut codes =
        words.filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
    codes.next().map(str::to_owned)
}
