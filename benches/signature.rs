//! Validating and signing: a page and 20 MB, beside the digest of the same bytes and, where it is
//! installed, beside pyHanko in its own process (`CHANCERY_PEER_PYTHON` names its Python). Then
//! files of many signatures and of many revisions: what one of them costs must not grow with their
//! number.

#[path = "../crates/chancery-signature/tests/it/support.rs"]
#[expect(
    dead_code,
    reason = "the tests' house has more rooms than a bench needs"
)]
#[expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a bench that cannot be set up has nothing to say"
)]
mod support;

#[path = "../crates/chancery-signature/tests/it/crowd.rs"]
#[expect(
    clippy::expect_used,
    reason = "a bench that cannot be set up has nothing to say"
)]
mod crowd;

use std::hint::black_box;
use std::process::{Command, ExitCode};

use chancery_benches::{Contest, Figure, memory_over, print_goal};
use chancery_signature as sig;
use sha2::{Digest as _, Sha256};
use sig::{Anchors, KeyKind, ValidationPolicy};
use support::{House, key, signing_moment, small_pdf};

/// The bytes of the large file's picture.
const PICTURE_SIDE: usize = 4472;

/// How much more one of ten times as many may cost: caches and longer lists, and no more.
const GROWTH_MAX: f64 = 1.5;
/// Asks this program, with a file and the anchors, how much memory the file needs.
const MEMORY: &str = "--memory-of";

/// Files that differ only in how many of something they have.
struct Crowd {
    one: &'static str,
    files: [(&'static str, Vec<u8>); 2],
}

fn crowds(house: &House, signer: &sig::SigningKey) -> [Crowd; 3] {
    let signed = |count| crowd::many_signatures(house, signer, count);
    let revised = |count| crowd::many_revisions(house, signer, count);
    let packed = |count| crowd::many_packed_revisions(house, signer, count);
    [
        Crowd {
            one: "signature",
            files: [("200", signed(200)), ("2,000", signed(2_000))],
        },
        Crowd {
            one: "revision",
            files: [("1,000", revised(1_000)), ("10,000", revised(10_000))],
        },
        Crowd {
            one: "packed revision",
            files: [("1,000", packed(1_000)), ("10,000", packed(10_000))],
        },
    ]
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, MEMORY, file, anchors] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        return tell_memory(file, anchors);
    }
    let house = House::new(KeyKind::EcdsaP256);
    let signer = key(KeyKind::EcdsaP256, 11);
    let (page, large) = (small_pdf(), large_pdf());
    let sign = |pdf: &[u8]| house.sign_pdf(pdf, &signer, "Signer", Some(signing_moment()));
    let (signed_page, signed_large) = (sign(&page), sign(&large));
    let anchors = Anchors::from_pem_or_der(house.pem().as_bytes());
    let Ok(anchors) = anchors else {
        eprintln!("the house's own anchors cannot be read");
        return ExitCode::FAILURE;
    };
    let validate = |pdf: &[u8]| validate(pdf, &anchors);
    let crowds = crowds(&house, &signer);
    println!("ECDSA P-256, SHA-256, with a timestamp; CPU time of one call, median (range)");
    let mut contest = Contest::default();
    contest.enter("validate one page", 200, || validate(&signed_page));
    contest.enter("validate 20 MB", 3, || validate(&signed_large));
    contest.enter("SHA-256 of the same 20 MB", 3, || {
        black_box(Sha256::digest(&signed_large));
    });
    contest.enter("sign one page (with a timestamp)", 100, || {
        black_box(sign(&page));
    });
    contest.enter("sign 20 MB (with a timestamp)", 3, || {
        black_box(sign(&large));
    });
    for Crowd { one, files } in &crowds {
        for (count, file) in files {
            let name = format!("validate {count} {one}s");
            contest.enter(&name, 1, move || validate(file));
        }
    }
    let figures = contest.run();
    let Some(mut reached) = judge_time(&figures, &crowds) else {
        return ExitCode::FAILURE;
    };
    reached &= measure_memory(&signed_large, &crowds, &house.pem());
    if let Some(page_in) = figures.first() {
        reached &= beside_peer(page_in, &signed_page, &house.pem());
    }
    match reached {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Prints the goals for time, and whether all were reached.
fn judge_time(figures: &[Figure], crowds: &[Crowd]) -> Option<bool> {
    let [page_in, large_in, digest, page_out, large_out, rows @ ..] = figures else {
        return None;
    };
    let milliseconds = |figure: &Figure| figure.median * 1000.0;
    let mut reached = print_goal("validate one page", milliseconds(page_in), 1.0, "ms");
    let ratio = large_in.median / digest.median;
    reached &= print_goal("validate 20 MB ÷ its digest", ratio, 1.3, "×");
    reached &= print_goal("sign one page", milliseconds(page_out), 1.0, "ms");
    let ratio = large_out.median / digest.median;
    reached &= print_goal("sign 20 MB ÷ its digest", ratio, 1.5, "×");
    for (Crowd { one, files }, row) in crowds.iter().zip(rows.as_chunks::<2>().0) {
        let ([(few, _), (many, _)], [of_few, of_many]) = (files, row);
        let what = format!("a {one} of {many} ÷ of {few}");
        let growth = of_many.median / 10.0 / of_few.median;
        reached &= print_goal(&what, growth, GROWTH_MAX, "×");
    }
    Some(reached)
}

/// Prints what each kind of file needs in memory, and whether it is little enough.
fn measure_memory(large: &[u8], crowds: &[Crowd], anchors: &str) -> bool {
    let mut files = vec![("20 MB".to_owned(), large)];
    for Crowd { one, files: both } in crowds {
        let [_, (count, file)] = both;
        files.push((format!("{count} {one}s"), file));
    }
    let mut reached = true;
    for (name, file) in files {
        match memory_of(file, anchors) {
            Ok(bytes) => {
                let size = size_of_file(file);
                let what = format!("memory over the file ({size:.1} MB): {name}");
                reached &= print_goal(&what, bytes / 1_048_576.0, 16.0, "MB");
            }
            Err(why) => println!("the memory of {name} was not measured: {why}"),
        }
    }
    reached
}

/// Prints what pyHanko needs for the same page, and whether that is much more.
fn beside_peer(page_in: &Figure, signed_page: &[u8], anchors: &str) -> bool {
    match pyhanko(signed_page, anchors) {
        Ok(peer) => {
            peer.print("pyHanko validates the same page, in process");
            let ratio = page_in.median / peer.median;
            print_goal("validate one page ÷ pyHanko", ratio, 0.2, "×")
        }
        Err(why) => {
            println!("pyHanko was not measured: {why}");
            true
        }
    }
}

/// Gathers and judges a file, which must pass or at least be intact.
fn validate(pdf: &[u8], anchors: &Anchors) {
    let facts = sig::gather(pdf, None, &sig::Limits::default());
    let policy = ValidationPolicy::default();
    let report = sig::judge(&facts, &policy, signing_moment(), anchors);
    let of_signatures = report.signatures.iter().flat_map(|one| &one.reasons);
    let reasons = report.reasons.iter().chain(of_signatures);
    let why: Vec<_> = reasons.map(|one| (one.code.key(), &one.args)).collect();
    assert_eq!(report.intact, sig::Answer::Yes, "{why:?}");
    assert_eq!(report.indication, sig::Indication::TotalPassed);
    black_box(report);
}

#[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
fn size_of_file(file: &[u8]) -> f64 {
    file.len() as f64 / 1_048_576.0
}

/// What this program, as a process of its own, needs for a file beside the file, in bytes.
fn memory_of(file: &[u8], anchors: &str) -> Result<f64, String> {
    let folder = std::env::temp_dir().join(format!("chancery-memory-{}", std::process::id()));
    let word = |error: std::io::Error| error.to_string();
    std::fs::create_dir_all(&folder).map_err(word)?;
    let (pdf, pem) = (folder.join("file.pdf"), folder.join("ca.pem"));
    let written = std::fs::write(&pdf, file).and_then(|()| std::fs::write(&pem, anchors));
    let output = written.and_then(|()| {
        let own = std::env::current_exe()?;
        Command::new(own).arg(MEMORY).args([&pdf, &pem]).output()
    });
    std::fs::remove_dir_all(&folder).map_err(word)?;
    let text = String::from_utf8_lossy(&output.map_err(word)?.stdout).into_owned();
    text.trim()
        .parse()
        .map_err(|_| "the system does not tell".to_owned())
}

/// The other end of [`memory_of`].
fn tell_memory(file: &str, anchors: &str) -> ExitCode {
    let (Ok(pdf), Ok(pem)) = (std::fs::read(file), std::fs::read(anchors)) else {
        return ExitCode::FAILURE;
    };
    let Ok(anchors) = Anchors::from_pem_or_der(&pem) else {
        return ExitCode::FAILURE;
    };
    match memory_over(|| validate(&pdf, &anchors)) {
        Some(bytes) => {
            println!("{bytes}");
            ExitCode::SUCCESS
        }
        None => ExitCode::FAILURE,
    }
}

/// What pyHanko needs for the same file: its script prints the seconds of each round.
fn pyhanko(signed: &[u8], anchors: &str) -> Result<Figure, String> {
    let python = std::env::var_os("CHANCERY_PEER_PYTHON");
    let python = python.ok_or("CHANCERY_PEER_PYTHON is not set")?;
    let folder = std::env::temp_dir().join(format!("chancery-bench-{}", std::process::id()));
    let word = |error: std::io::Error| error.to_string();
    std::fs::create_dir_all(&folder).map_err(word)?;
    let (file, pem) = (folder.join("page.pdf"), folder.join("ca.pem"));
    let written = std::fs::write(&file, signed).and_then(|()| std::fs::write(&pem, anchors));
    let moment = signing_moment().to_string();
    let output = written.and_then(|()| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/pyhanko_validate.py");
        Command::new(python)
            .arg(script)
            .args([&file, &pem])
            .arg(moment)
            .output()
    });
    std::fs::remove_dir_all(&folder).map_err(word)?;
    let output = output.map_err(word)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let seconds = text.lines().filter_map(|line| line.parse().ok());
    Ok(Figure::of(seconds.collect()))
}

/// A page that shows a picture of 20 MB.
fn large_pdf() -> Vec<u8> {
    let mut noise: u32 = 1;
    let picture = (0..PICTURE_SIDE * PICTURE_SIDE).map(|_| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.to_be_bytes()[0]
    });
    let picture: Vec<u8> = picture.collect();
    let head = format!(
        "<</Type/XObject/Subtype/Image/Width {PICTURE_SIDE}/Height {PICTURE_SIDE}\
         /ColorSpace/DeviceGray/BitsPerComponent 8/Length {}>>\nstream\n",
        picture.len()
    );
    let drawing = "q 500 0 0 500 40 300 cm /P Do Q";
    let content = format!(
        "<</Length {}>>\nstream\n{drawing}\nendstream",
        drawing.len()
    );
    let objects: [Vec<u8>; 5] = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>".to_vec(),
        content.into_bytes(),
        [head.as_bytes(), &picture, b"\nendstream"].concat(),
    ];
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = vec![];
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(b"xref\n0 6\n0000000000 65535 f\r\n");
    for place in places {
        out.extend(format!("{place:010} 00000 n\r\n").into_bytes());
    }
    let end = format!("trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    out.extend(end.into_bytes());
    out
}
