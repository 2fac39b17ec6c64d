//! Streebog, as the standard gives it.

use chancery_gost::Size;

/// RFC 6986 prints byte strings as numbers, the first byte last.
fn printed(text: &str) -> Vec<u8> {
    let mut bytes = hex::decode(text).expect("hexadecimal");
    bytes.reverse();
    bytes
}

/// RFC 6986, 10: two messages, each with both digests.
#[test]
fn the_examples_of_rfc_6986_hash_as_they_should() {
    for (message, short, wide) in [
        (
            "3231303938373635343332313039383736353433323130393837363534333231\
             30393837363534333231303938373635343332313039383736353433323130",
            "00557be5e584fd52a449b16b0251d05d27f94ab76cbaa6da890b59d8ef1e159d",
            "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00\
             fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b",
        ),
        (
            "fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2\
             f120fff0eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202c\
             e8f0f2e5e220e5d1",
            "508f7e553c06501d749a66fc28c6cac0b005746d97537fa85d9e40904efed29d",
            "28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f03\
             7613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e",
        ),
    ] {
        let message = printed(message);
        assert_eq!(Size::Bits256.digest(&[&message]), printed(short));
        assert_eq!(Size::Bits512.digest(&[&message]), printed(wide));
        for cut in 0..=message.len() {
            let (first, second) = message.split_at(cut);
            assert_eq!(Size::Bits256.digest(&[first, &[], second]), printed(short));
        }
    }
}
