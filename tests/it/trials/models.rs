//! `chancery workflow bpmn export`: every chain that comes with the program, checked against OMG's
//! own schema by a reader that is not ours; and `bpmn import`, which reads them and others.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::HOUSE;
use crate::cli::{chancery, run};
use crate::support::{is_required, setting};

/// The schema is SpiffWorkflow's copy of OMG's `BPMN20.xsd` and of what that includes.
const SCRIPT: &str = "
import pathlib, sys
import SpiffWorkflow.bpmn.parser
from lxml import etree
home = pathlib.Path(SpiffWorkflow.bpmn.parser.__file__).parent
schema = etree.XMLSchema(etree.parse(home / 'schema' / 'BPMN20.xsd'))
for name in sys.argv[1:]:
    schema.assertValid(etree.parse(name))
print(len(sys.argv) - 1, 'valid')
";

fn python() -> Option<PathBuf> {
    const PROGRAM: &str = "CHANCERY_TEST_PYHANKO";
    let Some(program) = setting(PROGRAM) else {
        is_required(PROGRAM);
        return None;
    };
    Some(Path::new(&program).with_file_name("python"))
}

/// Goal: a model is valid against the schema of BPMN 2.0, so that other tools read it. Method: each
/// of the chains in both languages, by lxml; one that is broken on purpose is refused.
#[test]
fn models_are_valid_against_the_schema_of_bpmn() {
    let Some(python) = python() else {
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let mut models = Vec::new();
    let chains = Path::new(HOUSE).join("chains");
    for file in chains.read_dir().expect("chains") {
        let path = file.expect("a file").path();
        for lang in ["ru", "en"] {
            let mut asked = chancery(&folder);
            asked.args(["workflow", "bpmn", "export", "--lang", lang]);
            let (code, said, told) = run(asked.arg(&path));
            assert_eq!(code, Some(0), "{told}");
            let name = path.file_stem().expect("a name").to_string_lossy();
            let model = folder.path().join(format!("{name}.{lang}.bpmn"));
            std::fs::write(&model, said).expect("written");
            models.push(model);
        }
    }
    assert_eq!(models.len(), 42);
    let checked = Command::new(&python)
        .arg("-c")
        .arg(SCRIPT)
        .args(&models)
        .output();
    let checked = checked.expect("python");
    let told = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(checked.status.success(), "{told}");
    assert_eq!(String::from_utf8_lossy(&checked.stdout).trim(), "42 valid");

    let whole = std::fs::read_to_string(&models[0]).expect("a model");
    let broken = whole.replacen("<bpmn:startEvent", "<bpmn:beginEvent", 1);
    let broken = broken.replacen("</bpmn:startEvent>", "</bpmn:beginEvent>", 1);
    assert_ne!(broken, whole);
    std::fs::write(&models[0], broken).expect("written");
    let refused = Command::new(&python)
        .arg("-c")
        .arg(SCRIPT)
        .arg(&models[0])
        .status();
    assert!(!refused.expect("python").success());
}

/// Goal: what is exported is imported and accepted, without a word, by somebody at a terminal; what
/// is in no block is refused with its place and a code for scripts. Method: the program itself.
#[test]
fn a_model_is_read_at_the_terminal() {
    let folder = TempDir::new().expect("a folder");
    let chain = Path::new(HOUSE).join("chains").join("contract.yaml");
    let (code, model, told) = run(chancery(&folder)
        .args(["workflow", "bpmn", "export", "--lang", "en"])
        .arg(&chain));
    assert_eq!(code, Some(0), "{told}");
    let file = folder.path().join("contract.bpmn");
    std::fs::write(&file, &model).expect("written");
    let import = |file: &Path, more: &[&str]| {
        let mut asked = chancery(&folder);
        asked.args([
            "workflow",
            "bpmn",
            "import",
            "--lang",
            "en",
            "--workflows",
            HOUSE,
        ]);
        run(asked.args(more).arg(file))
    };
    let (code, text, told) = import(&file, &[]);
    assert_eq!((code, told.as_str()), (Some(0), ""));
    let read = folder.path().join("read.yaml");
    std::fs::write(&read, &text).expect("written");
    let (code, said, told) = run(chancery(&folder)
        .args(["workflow", "check", "--lang", "en", "--workflows", HOUSE])
        .arg(&read));
    assert_eq!(code, Some(0), "{said}{told}");

    // A kind that is named at the terminal goes before that of the model.
    let (_, text, _) = import(&file, &["--document", "addendum"]);
    assert!(text.contains("document: { type: addendum }"), "{text}");

    let two = model.replacen(
        "</bpmn:process>",
        "<bpmn:startEvent id=\"two\"/></bpmn:process>",
        1,
    );
    std::fs::write(&file, two).expect("written");
    let (code, text, told) = import(&file, &[]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(
        told.contains("error[W902]: `two` is a second beginning"),
        "{told}"
    );
    let (code, _, told) = import(&file, &["--process", "another"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("error[W901]"), "{told}");
    let (code, text, told) = import(&folder.path().join("nothing.bpmn"), &[]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(told.contains("nothing.bpmn"), "{told}");
}
