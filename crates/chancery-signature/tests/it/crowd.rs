//! Files of many signatures and of many revisions, written in one pass however long they are.

use crate::support::{House, signing_moment};
use chancery_signature as sig;
use sha2::{Digest as _, Sha256};
use sig::SigningKey;

/// Pages of the file that grows.
const PAGES: u32 = 20;
/// Bytes of `/Contents`.
const ROOM: usize = 5_000;
/// Catalog, page tree, form, a text field and what it shows, then the pages.
const TEXT_FIELD: u32 = 4;
const SHOWN: u32 = 5;
const FIRST_PAGE: u32 = 10;
const FIRST_FREE: u32 = FIRST_PAGE + PAGES;

/// A file that grows, with the digest of what will not change any more.
pub struct Crowd<'h> {
    pub bytes: Vec<u8>,
    table: usize,
    next: u32,
    fields: Vec<u32>,
    digested: (Sha256, usize),
    house: &'h House,
    signer: &'h SigningKey,
    leaf: Vec<u8>,
}

impl<'h> Crowd<'h> {
    /// Twenty pages with a text field on the first.
    pub fn new(house: &'h House, signer: &'h SigningKey) -> Self {
        let mut crowd = Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            table: 0,
            next: FIRST_FREE,
            fields: vec![TEXT_FIELD],
            digested: (Sha256::new(), 0),
            house,
            signer,
            leaf: house.leaf(signer, "Signer"),
        };
        let pages = FIRST_PAGE..FIRST_FREE;
        let kids: String = pages.clone().map(|page| format!("{page} 0 R ")).collect();
        let mut objects = vec![
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>".to_owned()),
            (
                2,
                format!("<</Type/Pages/Kids[{kids}]/Count {PAGES}/MediaBox[0 0 600 800]>>"),
            ),
            (
                6,
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
            ),
            (3, crowd.form()),
            (FIRST_PAGE, crowd.first_page()),
        ];
        for page in pages.skip(1) {
            objects.push((page, "<</Type/Page/Parent 2 0 R>>".to_owned()));
        }
        objects.extend(filling(0));
        crowd.update(&objects);
        crowd
    }

    /// A new signature in a new field.
    pub fn sign(&mut self) {
        let (field, value) = (self.next, self.next + 1);
        self.next += 2;
        self.fields.push(field);
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(S{field})/Rect[0 0 0 0]/F 132\
                /P {FIRST_PAGE} 0 R/V {value} 0 R>>"
        );
        let objects = [
            (3, self.form()),
            (FIRST_PAGE, self.first_page()),
            (field, widget),
        ];
        let mut places = self.write(&objects);
        places.push((value, self.bytes.len()));
        let head = format!(
            "{value} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
                /ByteRange["
        );
        self.bytes.extend(head.into_bytes());
        let range = self.bytes.len();
        self.bytes.extend([b' '; 40]);
        self.bytes.extend(b"]/Contents");
        let gap = self.bytes.len();
        self.bytes.push(b'<');
        self.bytes.extend([b'0'; ROOM * 2]);
        self.bytes.push(b'>');
        let resume = self.bytes.len();
        self.bytes.extend(b">>\nendobj\n");
        self.finish(&places);
        let numbers = format!("0 {gap} {resume} {}", self.bytes.len() - resume);
        self.bytes[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
        let digits = hex_of(&self.value(gap, resume));
        assert!(digits.len() <= ROOM * 2);
        self.bytes[gap + 1..gap + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    }

    /// A revision that fills the text field in.
    pub fn fill(&mut self, number: usize) {
        self.update(&filling(number));
    }

    /// The same with the field in an object stream, which has this much room left, and the
    /// cross-references in another stream.
    pub fn fill_packed(&mut self, number: usize, room: usize) {
        let [(field, text), shown] = filling(number);
        let (holder, section) = (self.next, self.next + 1);
        self.next += 2;
        let index = format!("{field} 0 ");
        let packed = format!(
            "<</Type/ObjStm/N 1/First {}/Length {}>>\nstream\n{index}{text}{:room$}\nendstream",
            index.len(),
            index.len() + text.len() + room,
            ""
        );
        let places = self.write(&[shown, (holder, packed)]);
        self.finish_packed(&places, (field, holder), section);
    }

    fn finish_packed(
        &mut self,
        places: &[(u32, usize)],
        (member, holder): (u32, u32),
        section: u32,
    ) {
        let table = self.bytes.len();
        let in_file = places.iter().copied().chain([(section, table)]);
        let row = |kind: u8, place: usize| {
            let place = u32::try_from(place).expect("a small file");
            [[kind].as_slice(), &place.to_be_bytes(), &[0]].concat()
        };
        let mut rows = row(2, holder as usize);
        let mut index = format!("{member} 1");
        for (number, place) in in_file {
            rows.extend(row(1, place));
            index += &format!(" {number} 1");
        }
        let head = format!(
            "{section} 0 obj\n<</Type/XRef/W[1 4 1]/Index[{index}]/Size {}/Root 1 0 R\
                /Prev {}/Length {}>>\nstream\n",
            self.next,
            self.table,
            rows.len()
        );
        self.bytes.extend(head.into_bytes());
        self.bytes.extend(rows);
        let end = format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF\n");
        self.bytes.extend(end.into_bytes());
        self.table = table;
    }

    fn form(&self) -> String {
        format!("<</Fields[{}]/SigFlags 3>>", self.list())
    }

    fn first_page(&self) -> String {
        format!("<</Type/Page/Parent 2 0 R/Annots[{}]>>", self.list())
    }

    fn list(&self) -> String {
        let fields = self.fields.iter();
        fields.map(|field| format!("{field} 0 R ")).collect()
    }

    /// The CMS over all but the gap.
    fn value(&mut self, gap: usize, resume: usize) -> Vec<u8> {
        let (state, done) = &mut self.digested;
        state.update(&self.bytes[*done..gap]);
        *done = gap;
        let mut state = state.clone();
        state.update(&self.bytes[resume..]);
        let algorithm = self.signer.kind().digest_algorithm();
        let digest = state.finalize();
        let attributes = sig::signed_attributes(algorithm, &digest, &self.leaf);
        let attributes = attributes.expect("attributes");
        let value = self.signer.sign(&attributes).expect("a value");
        let token = self.house.token(&value, signing_moment());
        let parts = sig::Parts {
            signed_attributes: &attributes,
            value: &value,
            certificate: &self.leaf,
            chain: &[self.house.issuing.certificate().to_vec()],
            timestamp_token: Some(&token),
        };
        sig::assemble(&parts).expect("a CMS")
    }

    /// Appends a revision with these objects.
    pub fn update(&mut self, objects: &[(u32, String)]) {
        let places = self.write(objects);
        self.finish(&places);
    }

    fn write(&mut self, objects: &[(u32, String)]) -> Vec<(u32, usize)> {
        let mut places = Vec::new();
        for (number, text) in objects {
            places.push((*number, self.bytes.len()));
            let object = format!("{number} 0 obj\n{text}\nendobj\n");
            self.bytes.extend(object.into_bytes());
        }
        places
    }

    fn finish(&mut self, places: &[(u32, usize)]) {
        let table = self.bytes.len();
        let mut text = "xref\n".to_owned();
        let mut previous = format!("/Prev {}", self.table);
        if self.table == 0 {
            text += "0 1\n0000000000 65535 f\r\n";
            previous.clear();
        }
        for (number, place) in places {
            text += &format!("{number} 1\n{place:010} 00000 n\r\n");
        }
        text += &format!(
            "trailer\n<</Size {}/Root 1 0 R{previous}>>\nstartxref\n{table}\n%%EOF\n",
            self.next
        );
        self.bytes.extend(text.into_bytes());
        self.table = table;
    }
}

/// The text field with this amount, and what shows it.
fn filling(amount: usize) -> [(u32, String); 2] {
    let content = format!("/Tx BMC q BT /F1 12 Tf 2 2 Td ({amount}) Tj ET Q EMC");
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V({amount})/Rect[10 10 110 30]\
            /P {FIRST_PAGE} 0 R/AP<</N {SHOWN} 0 R>>>>"
    );
    let shown = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 6 0 R>>>>\
            /Length {}>>\nstream\n{content}\nendstream",
        content.len()
    );
    [(TEXT_FIELD, field), (SHOWN, shown)]
}

fn hex_of(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |value: u8| DIGITS[usize::from(value)];
    let pairs = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.collect()
}

/// A file with this many signatures, each a revision.
pub fn many_signatures(house: &House, signer: &SigningKey, count: usize) -> Vec<u8> {
    let mut crowd = Crowd::new(house, signer);
    for _ in 0..count {
        crowd.sign();
    }
    crowd.bytes
}

/// A file with one signature and this many revisions, the first two included.
pub fn many_revisions(house: &House, signer: &SigningKey, count: usize) -> Vec<u8> {
    let mut crowd = Crowd::new(house, signer);
    crowd.sign();
    for number in 2..count {
        crowd.fill(number);
    }
    crowd.bytes
}

/// As [`many_revisions`], with the field in object streams.
pub fn many_packed_revisions(house: &House, signer: &SigningKey, count: usize) -> Vec<u8> {
    let mut crowd = Crowd::new(house, signer);
    crowd.sign();
    for number in 2..count {
        crowd.fill_packed(number, 0);
    }
    crowd.bytes
}
