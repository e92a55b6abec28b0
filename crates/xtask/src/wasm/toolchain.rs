//! A compiler for `wasm32-unknown-unknown`.
//!
//! On an ordinary machine it is the installed one, after `rustup target add`.
//! Where rustup cannot download, Debian's packaged compiler builds the browser's
//! crate, the standard library included, while the installed stable compiler
//! goes on building everything else.

use std::{env, fmt, path::Path, time::Duration};

use crate::{debian, failure::Failure, program::Program, wasm::Profile};

/// The target triple.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The packaged cargo; PATH's is rustup's.
const CARGO: &str = "/usr/bin/cargo";
/// The packaged compiler.
const RUSTC: &str = "/usr/bin/rustc";
/// The packaged linker for WebAssembly.
const LINKER: &str = "wasm-ld-19";

/// Debian's packages: compiler, cargo, the standard library's source, linker.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// How long rustup may download; the component is about 20 MB.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// The standard library compiled along, for size. Its panics end at once.
const BUILD_STD: [&str; 2] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];

/// Neither the sentences of panics nor where they were, nor `Debug`.
const SMALL: &str = "build.rustflags=['-Zunstable-options', '-Cpanic=immediate-abort', \
                     '-Zlocation-detail=none', '-Zfmt-debug=none']";

/// Chooses a compiler when set: `installed` or `debian`.
const CHOICE: &str = "XTASK_WASM_TOOLCHAIN";

/// Who compiles for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The installed compiler has the target's standard library.
    Installed,
    /// Debian's `rustc-web`, which compiles the standard library as well.
    Debian,
}

impl fmt::Display for Toolchain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Installed => "the installed compiler has the target",
            Self::Debian => "Debian's rustc-web, compiling the standard library too",
        })
    }
}

impl Toolchain {
    /// This toolchain's cargo, everything in its environment that its compiler needs.
    pub(crate) fn cargo(self) -> Program {
        match self {
            Self::Installed => Program::cargo(),
            // `cargo xtask` ran under rustup's proxy, whose variables would lead
            // the packaged cargo to rustup's compiler and libraries.
            Self::Debian => Program::new(CARGO)
                .without(|name| {
                    name.starts_with("CARGO_PKG_")
                        || name.starts_with("CARGO_MANIFEST_")
                        || name.starts_with("RUSTUP_")
                        || matches!(name, "CARGO" | "RUSTC" | "RUSTDOC" | "LD_LIBRARY_PATH")
                })
                .env("RUSTC", RUSTC)
                // `-Zbuild-std` is for nightly compilers; this lets a stable one have it.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER),
        }
    }

    /// This toolchain's `cargo build` for the target.
    ///
    /// A release build compiles the standard library too, for size, and leaves
    /// out what only a developer would read: 22 kB less after brotli. What goes
    /// wrong in one then is a trap with a stack and no sentence.
    pub(crate) fn build(self, profile: Profile) -> Program {
        let program = self.cargo().arg("build");
        let program = match profile {
            Profile::Debug => program,
            Profile::Release => program
                .env("RUSTC_BOOTSTRAP", "1")
                // Added to those of .cargo/config.toml.
                .args(["--config", SMALL]),
        };
        match (self, profile) {
            (Self::Installed, Profile::Debug) => program,
            _ => program.args(BUILD_STD),
        }
    }

    /// Sees to it that a release build has what it needs.
    ///
    /// # Errors
    /// When the standard library's source is missing and cannot be had.
    pub(crate) fn prepare(self, profile: Profile) -> Result<(), Failure> {
        if (self, profile) != (Self::Installed, Profile::Release) || has_source() {
            return Ok(());
        }
        println!("   rustup component add rust-src");
        Program::new("rustup")
            .args(["component", "add", "rust-src"])
            .run_quietly_within(RUSTUP_LIMIT)
    }

    /// Whether it has clippy for the target.
    pub(crate) fn has_clippy(self) -> bool {
        self == Self::Installed
    }
}

/// Finds a toolchain, installing what is missing where that is possible.
///
/// # Errors
/// When there is none to be had; the sentence says what was tried.
pub(crate) fn find_or_get() -> Result<Toolchain, Failure> {
    match env::var(CHOICE).as_deref() {
        Err(_) => {}
        Ok("debian") => return debian::install(&PACKAGES).map(|()| Toolchain::Debian),
        Ok("installed") if installed_has_target() => return Ok(Toolchain::Installed),
        Ok("installed") => {
            return Err(Failure::Because(format!(
                "the installed compiler lacks {TARGET}"
            )));
        }
        Ok(other) => {
            return Err(Failure::Because(format!(
                "{CHOICE} is `{other}`; it can be `installed` or `debian`"
            )));
        }
    }
    if installed_has_target() {
        return Ok(Toolchain::Installed);
    }
    println!("   rustup target add {TARGET}");
    let added = Program::new("rustup")
        .args(["target", "add", TARGET])
        .run_quietly_within(RUSTUP_LIMIT);
    if added.is_ok() && installed_has_target() {
        return Ok(Toolchain::Installed);
    }
    println!("   rustup could not get it; trying Debian's packages");
    debian::install(&PACKAGES)
        .map(|()| Toolchain::Debian)
        .map_err(|failure| {
            Failure::Because(format!(
                "no compiler for {TARGET}: `rustup target add {TARGET}` did not work, and {failure}"
            ))
        })
}

/// Whether the installed compiler comes with the standard library's source.
fn has_source() -> bool {
    Program::new("rustc")
        .args(["--print", "sysroot"])
        .read()
        .is_ok_and(|folder| {
            Path::new(folder.trim())
                .join("lib/rustlib/src/rust/library/Cargo.lock")
                .is_file()
        })
}

/// `rustc` names the folder whether or not it exists.
fn installed_has_target() -> bool {
    Program::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .read()
        .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}
