//! Programs that the tests need: found where they are, installed where they can be.
//!
//! System packages come from apt (as root, or through `sudo -n`). Python programs live in a private
//! environment and axe-core beside it, in `CHANCERY_TOOLS_DIR` or `~/.cache/chancery-tools`, with
//! their versions fixed here. Nothing of this is linked into Chancery.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Reach;

/// Python programs and the versions that the tests were written against.
const PYTHON_PACKAGES: [&str; 6] = [
    // OMG's schema of BPMN comes with it; lxml checks files against that.
    "SpiffWorkflow==3.2.0",
    "aiosmtpd==1.4.6",
    "lxml==6.1.3",
    "moto[server]==5.2.5",
    "pyHanko==0.38.0",
    "pyhanko-cli==0.6.0",
];

/// Checks pages for people who cannot see them or use no mouse.
const AXE_VERSION: &str = "4.14.1";

/// What could not be had, and why, each for one line.
pub struct Missing {
    /// What the tests would have used.
    pub what: &'static str,
    /// Why it is not there.
    pub why: String,
}

/// Where the programs are. `None`: not found and not installable, or not wanted.
#[derive(Default)]
pub struct Tools {
    /// Folder with `initdb` and `postgres`.
    pub postgres: Option<PathBuf>,
    /// `chromedriver`, once Chromium itself is there.
    pub chromedriver: Option<PathBuf>,
    /// SoftHSM's library, once `softhsm2-util` itself is there.
    pub softhsm: Option<PathBuf>,
    /// `bin` of the private Python environment.
    pub python: Option<PathBuf>,
    pdfsig: Option<PathBuf>,
    axe: Option<PathBuf>,
}

impl Tools {
    /// Finds every program, installs what is missing, and says what remains missing.
    ///
    /// # Errors
    ///
    /// One line, if there is no folder to install into.
    pub fn install(reach: Reach) -> Result<(Self, Vec<Missing>), String> {
        let home = tools_folder()?;
        let _alone = lock(&home)?;
        let mut missing = Vec::new();
        let refused = apt_install(&absent_packages(reach)).err();
        let because = |what: &'static str| Missing {
            what,
            why: refused
                .clone()
                .unwrap_or_else(|| "not found after its installation".to_owned()),
        };
        let mut tools = Self {
            pdfsig: find("pdfsig"),
            ..Self::default()
        };
        if tools.pdfsig.is_none() {
            missing.push(because("pdfsig"));
        }
        if reach == Reach::Full {
            tools.postgres = postgres_folder();
            if tools.postgres.is_none() {
                missing.push(because("PostgreSQL"));
            }
            tools.chromedriver = chromium().and_then(|_| find("chromedriver"));
            if tools.chromedriver.is_none() {
                missing.push(because("Chromium and its driver"));
            }
            tools.softhsm = find("softhsm2-util").and_then(|_| softhsm_library());
            if tools.softhsm.is_none() {
                missing.push(because("SoftHSM"));
            }
            match axe(&home) {
                Ok(path) => tools.axe = Some(path),
                Err(why) => missing.push(Missing {
                    what: "axe-core",
                    why,
                }),
            }
        }
        match python_environment(&home) {
            Ok(path) => tools.python = Some(path),
            Err(why) => missing.push(Missing {
                what: "pyHanko, aiosmtpd, moto and SpiffWorkflow",
                why,
            }),
        }
        Ok((tools, missing))
    }

    /// The variables that tell the tests where the programs are.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        let pyhanko = self.python.as_ref().map(|bin| bin.join("pyhanko"));
        [
            ("CHANCERY_TEST_PYHANKO", pyhanko.as_ref()),
            ("CHANCERY_TEST_PDFSIG", self.pdfsig.as_ref()),
            ("CHANCERY_TEST_AXE", self.axe.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, path)| Some((name, path?.clone().into_os_string())))
        .collect()
    }
}

fn tools_folder() -> Result<PathBuf, String> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = set("CHANCERY_TOOLS_DIR")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache/chancery-tools")))
        .ok_or("neither CHANCERY_TOOLS_DIR nor HOME is set")?;
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Waits until no other run installs into `home`; the lock ends with the value.
fn lock(home: &Path) -> Result<File, String> {
    let path = home.join("lock");
    let taken = File::create(&path).and_then(|file| file.lock().map(|()| file));
    taken.map_err(|error| format!("{}: {error}", path.display()))
}

/// The first program of this name on PATH.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Debian keeps the server's programs beside PATH, one folder a version: the newest.
fn postgres_folder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.retain(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file());
    folders.sort_by_key(|folder| {
        let version = folder
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let on_path = || find("initdb")?.parent().map(Path::to_path_buf);
    folders.pop().or_else(on_path)
}

fn chromium() -> Option<PathBuf> {
    find("chromium")
        .or_else(|| find("chromium-browser"))
        .or_else(|| find("google-chrome"))
}

/// Debian keeps it beside the libraries of all, or with those of the machine's kind.
fn softhsm_library() -> Option<PathBuf> {
    let arch = format!("{}-linux-gnu/", std::env::consts::ARCH);
    ["", "x86_64-linux-gnu/", &arch]
        .into_iter()
        .map(|folder| PathBuf::from(format!("/usr/lib/{folder}softhsm/libsofthsm2.so")))
        .find(|file| file.is_file())
}

/// The Debian packages of what is not found.
fn absent_packages(reach: Reach) -> Vec<&'static str> {
    let mut packages = Vec::new();
    let mut need = |present: bool, package: &'static str| {
        if !present {
            packages.push(package);
        }
    };
    need(find("pdfsig").is_some(), "poppler-utils");
    need(find("qpdf").is_some(), "qpdf");
    need(find("openssl").is_some(), "openssl");
    need(find("python3").is_some(), "python3");
    need(has_python_module("ensurepip"), "python3-venv");
    if reach == Reach::Full {
        need(postgres_folder().is_some(), "postgresql");
        need(chromium().is_some(), "chromium");
        need(find("chromedriver").is_some(), "chromium-driver");
        need(find("npm").is_some(), "npm");
        need(find("softhsm2-util").is_some(), "softhsm2");
        // Pages in Russian must be readable in the pictures that the tests take.
        need(
            Path::new("/usr/share/fonts/truetype/dejavu").is_dir(),
            "fonts-dejavu-core",
        );
    }
    packages
}

fn has_python_module(module: &str) -> bool {
    let ran = Command::new("python3")
        .args(["-c", &format!("import {module}")])
        .output();
    ran.is_ok_and(|output| output.status.success())
}

/// Installs Debian packages; refreshes the lists only when the first attempt fails.
fn apt_install(packages: &[&str]) -> Result<(), String> {
    if packages.is_empty() {
        return Ok(());
    }
    if find("apt-get").is_none() {
        return Err(format!(
            "no apt-get here; install by hand: {}",
            packages.join(" ")
        ));
    }
    let install = |what: &[&str]| {
        let mut command = apt(what);
        quiet(&mut command)
    };
    let wanted = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    install(&wanted).or_else(|_| {
        install(&["update"])?;
        install(&wanted)
    })
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    };
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Runs a command without input; on failure its last line of complaint.
pub fn quiet(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(std::process::Stdio::null()).output();
    let output = output.map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = said
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("no reason given");
    Err(format!("{name}: {last}"))
}

/// The private Python environment, made anew when the list of packages or its interpreter changes.
fn python_environment(home: &Path) -> Result<PathBuf, String> {
    let folder = home.join("python");
    let stamp = folder.join("installed");
    let wanted = PYTHON_PACKAGES.join("\n");
    let current = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if current && quiet(Command::new(folder.join("bin/python")).args(["-c", ""])).is_ok() {
        return Ok(folder.join("bin"));
    }
    quiet(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let bin = folder.join("bin");
    let mut pip = Command::new(bin.join("python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    quiet(pip.args(PYTHON_PACKAGES))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(bin)
}

/// `axe.min.js`, by npm.
fn axe(home: &Path) -> Result<PathBuf, String> {
    let folder = home.join(format!("axe-{AXE_VERSION}"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        let package = format!("axe-core@{AXE_VERSION}");
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ]);
        quiet(npm.arg(&folder).arg(package))?;
    }
    if script.is_file() {
        Ok(script)
    } else {
        Err("axe-core has no axe.min.js".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_gives_its_last_line() {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "echo first >&2; echo the reason >&2; echo >&2; exit 3",
        ]);
        assert_eq!(quiet(&mut command), Err("sh: the reason".to_owned()));
    }

    #[test]
    fn an_absent_program_is_named() {
        let why = quiet(&mut Command::new("no-such-program")).unwrap_err();
        assert!(why.starts_with("no-such-program: "), "{why}");
    }
}
