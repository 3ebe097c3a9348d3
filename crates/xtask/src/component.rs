//! Building the component: with the compiler there is where it can build for WebAssembly, or else with Debian's.
//!
//! The ordinary way asks `rustup` for the target `wasm32-unknown-unknown` where it is not installed. Where rustup reaches
//! nothing, Debian's `rustc-web` is asked for, which comes with the sources of the standard library.

use crate::{Done, folders, root, run};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const TARGET: &str = "wasm32-unknown-unknown";

/// The file that is written, in the folder of what is built.
const NAME: &str = "onward.component.wasm";

/// The packages of Debian's with which it can be built where the target is not to be had.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// How long one tries to reach something that may not be there.
const PATIENCE: Duration = Duration::from_secs(120);

/// With what it is built.
enum Way {
    /// With the compiler that builds everything else.
    Ordinary,
    /// With Debian's, the standard library from its sources.
    Debian,
}

/// What is built.
struct Built {
    package: &'static str,
    /// What the compiler calls the module.
    module: &'static str,
    /// The file that is written.
    name: &'static str,
    /// What `onward-componentise` is told.
    flags: &'static [&'static str],
}

const ENGINE: Built = Built { package: "onward-component", module: "onward_component.wasm", name: NAME, flags: &[] };

/// The risk model of `examples/risk_model`.
const MODEL: Built = Built {
    package: "readmission-model",
    module: "readmission_model.wasm",
    name: "readmission.model.wasm",
    flags: &["--model"],
};

/// Where everything that is built goes.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Where the component is written.
pub fn place() -> PathBuf {
    target().join(NAME)
}

/// Writes `target/onward.component.wasm`, and beside it the model.
pub fn component() -> Done {
    let way = way()?;
    let module = module(&way, &ENGINE, &root(), &target().join("component"))?;
    finish(&ENGINE, &module, &place())?;
    model(&way)
}

fn model(way: &Way) -> Done {
    let module = module(way, &MODEL, &root(), &target().join("component"))?;
    finish(&MODEL, &module, &target().join(MODEL.name))
}

/// Builds it in another folder too, at the same time, and compares.
pub fn twice() -> Done {
    let way = way()?;
    let elsewhere = target().join("elsewhere");
    let _ = std::fs::remove_dir_all(&elsewhere);
    let folder = elsewhere.join("a copy");
    // The sources: everything but what was built, and what is kept of their history.
    let left = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        path == target() || name == "target" || name.to_string_lossy().starts_with(".git")
    };
    folders::copy(&root(), &folder, &left).map_err(|error| format!("the copy: {error}"))?;
    let (here, there) = std::thread::scope(|scope| {
        let there = scope.spawn(|| module(&way, &ENGINE, &folder, &elsewhere.join("built")));
        let here = module(&way, &ENGINE, &root(), &target().join("component"));
        (here, there.join().unwrap_or_else(|_| Err("the second build stopped".to_string())))
    });
    let (one, other) = (place(), elsewhere.join(NAME));
    finish(&ENGINE, &here?, &one)?;
    finish(&ENGINE, &there?, &other)?;
    let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let same = read(&one)? == read(&other)?;
    let _ = std::fs::remove_dir_all(&elsewhere);
    if !same {
        return Err("built in another folder, the component is another one".to_string());
    }
    model(&way)
}

/// The component of a module, looked at.
fn finish(built: &Built, module: &Path, to: &Path) -> Done {
    let arguments = ["run", "--quiet", "--package", "onward-componentise", "--"];
    let paths = [module, to].map(|path| path.display().to_string());
    let all: Vec<&str> = arguments.iter().chain(built.flags).copied().chain(paths.iter().map(String::as_str)).collect();
    run(env!("CARGO"), &all, 0)
}

/// Builds the module from the sources in a folder.
fn module(way: &Way, built: &Built, sources: &Path, into: &Path) -> Result<PathBuf, String> {
    let (cargo, rustc) = match way {
        Way::Ordinary => (env!("CARGO").to_string(), None),
        Way::Debian => ("/usr/bin/cargo".to_string(), Some("/usr/bin/rustc")),
    };
    let mut command = Command::new(&cargo);
    command.args(["build", "--locked", "--package", built.package, "--lib", "--profile", "component"]);
    command.args(["--target", TARGET, "--target-dir"]).arg(into);
    command.current_dir(sources).env("CARGO_ENCODED_RUSTFLAGS", flags(sources)).env("CARGO_INCREMENTAL", "0");
    // What `cargo xtask` was started with is about another compiler.
    for other in ["RUSTC", "RUSTFLAGS", "RUSTUP_TOOLCHAIN", "CARGO", "RUSTC_WRAPPER"] {
        if rustc.is_some() {
            command.env_remove(other);
        }
    }
    if let Some(rustc) = rustc {
        command.env("RUSTC", rustc).env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19");
    }
    println!("\n$ {cargo} build --package {} --target {TARGET}", built.package);
    let status = command.status().map_err(|error| format!("`{cargo}` could not be started: {error}"))?;
    if !status.success() {
        return Err(format!("the component of {} could not be built", built.package));
    }
    Ok(into.join(TARGET).join("component").join(built.module))
}

/// The flags for the compiler: the stack, how what is linked is written, and names for the folders of this machine that are
/// the same on every machine.
fn flags(sources: &Path) -> String {
    // Numbers that the linker puts in take the room they need, and not five bytes each.
    let linker = ["-zstack-size=2097152", "--compress-relocations"];
    let mut flags: Vec<String> = linker.iter().map(|it| format!("-Clink-arg={it}")).collect();
    // What comes later goes before: a folder is named after what it stands in.
    for folder in folders::registries() {
        flags.push(format!("--remap-path-prefix={}=/crates", folder.display()));
    }
    flags.push(format!("--remap-path-prefix={}=/onward", sources.display()));
    flags.join("\u{1f}")
}

/// The way there is; what is missing is asked for.
fn way() -> Result<Way, String> {
    if has_target() {
        return Ok(Way::Ordinary);
    }
    println!("\nthe target {TARGET} is not installed; asking rustup for it");
    wait_a_while(Command::new("rustup").args(["target", "add", TARGET]));
    if has_target() {
        return Ok(Way::Ordinary);
    }
    if has_debian() {
        return Ok(Way::Debian);
    }
    println!("\nrustup does not have it; asking for Debian's {}", PACKAGES.join(", "));
    let install = || Command::new("apt-get").args(["install", "--yes"]).args(PACKAGES).status();
    if !install().is_ok_and(|status| status.success()) {
        let _ = Command::new("apt-get").arg("update").stdout(Stdio::null()).status();
        let _ = install();
    }
    if has_debian() {
        return Ok(Way::Debian);
    }
    Err(format!(
        "the component cannot be built: this compiler cannot build for WebAssembly. Either of these mends it:\n  \
         rustup target add {TARGET}\n  sudo apt-get install {}",
        PACKAGES.join(" ")
    ))
}

/// Whether the compiler has the standard library of the target.
fn has_target() -> bool {
    let said =
        Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).current_dir(root()).output();
    let Ok(said) = said else { return false };
    let folder = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.into_iter().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

fn has_debian() -> bool {
    let files = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/bin/wasm-ld-19", "/usr/lib/rustlib/src/rust/library/std"];
    files.iter().all(|file| Path::new(file).exists())
}

/// Runs a command for a while. Whether it did what it should is seen afterwards.
fn wait_a_while(command: &mut Command) {
    let Ok(mut running) = command.spawn() else { return };
    let pause = Duration::from_millis(200);
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        match running.try_wait() {
            Ok(None) => std::thread::sleep(pause),
            _ => return,
        }
        waited += pause;
    }
    let _ = running.kill();
    let _ = running.wait();
}
