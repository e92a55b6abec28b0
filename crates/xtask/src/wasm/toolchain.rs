//! A compiler for `wasm32-unknown-unknown`.
//!
//! On an ordinary machine it is the installed one, after `rustup target add`.
//! Where rustup cannot download, Debian's packaged compiler builds the browser's
//! code and the standard library, while the installed stable compiler still builds
//! everything else.

use std::{env, fmt, path::Path, time::Duration};

use crate::{debian, error::Error, profile::Profile, program::Program};

/// The target triple.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's cargo. The one in PATH is rustup's.
const CARGO: &str = "/usr/bin/cargo";
/// Debian's compiler.
const RUSTC: &str = "/usr/bin/rustc";
/// Debian's linker for WebAssembly.
const LINKER: &str = "wasm-ld-19";

/// Debian's packages: compiler, cargo, source of the standard library, linker.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// How long rustup may take to download a component of about 20 MB.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// Compiles the standard library too, for size.
const BUILD_STD: [&str; 2] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];

/// Omits the messages and locations of panics, and the output of `Debug`.
const SMALL: &str = "build.rustflags=['-Zunstable-options', '-Cpanic=immediate-abort', \
                     '-Zlocation-detail=none', '-Zfmt-debug=none']";

/// The environment variable that selects a compiler: `installed` or `debian`.
const CHOICE: &str = "XTASK_WASM_TOOLCHAIN";

/// A compiler for the browser's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The installed compiler, which has the standard library for the target.
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
    /// Returns the toolchain's cargo with the environment that its compiler needs.
    fn cargo(self) -> Program {
        match self {
            Self::Installed => Program::cargo(),
            // `cargo xtask` runs under rustup's proxy, whose variables would lead
            // Debian's cargo to rustup's compiler and libraries.
            Self::Debian => Program::new(CARGO)
                .env_remove_if(|name| {
                    name.starts_with("CARGO_PKG_")
                        || name.starts_with("CARGO_MANIFEST_")
                        || name.starts_with("RUSTUP_")
                        || matches!(name, "CARGO" | "RUSTC" | "RUSTDOC" | "LD_LIBRARY_PATH")
                })
                .env("RUSTC", RUSTC)
                // Allows a stable compiler to use `-Zbuild-std`.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER),
        }
    }

    /// Returns `cargo build` for the target.
    ///
    /// A release build compiles the standard library for size and omits what only
    /// helps developers, which saves 22 kB after brotli. A panic in such a build is
    /// a trap with a stack trace but without a message.
    pub(super) fn build(self, profile: Profile) -> Program {
        let program = self.cargo().arg("build");
        let program = match profile {
            Profile::Debug => program,
            Profile::Release => program
                .env("RUSTC_BOOTSTRAP", "1")
                // Adds to the flags of .cargo/config.toml.
                .args(["--config", SMALL]),
        };
        match (self, profile) {
            (Self::Installed, Profile::Debug) => program,
            _ => program.args(BUILD_STD),
        }
    }

    /// Installs the source of the standard library if a build in this profile needs
    /// it.
    ///
    /// # Errors
    /// If the source is missing and rustup cannot download it.
    pub(super) fn prepare(self, profile: Profile) -> Result<(), Error> {
        if (self, profile) != (Self::Installed, Profile::Release) || has_source() {
            return Ok(());
        }
        println!("   rustup component add rust-src");
        Program::new("rustup")
            .args(["component", "add", "rust-src"])
            .run_quietly_with_timeout(RUSTUP_LIMIT)
    }

    /// Returns whether the toolchain has clippy for the target.
    pub(crate) fn has_clippy(self) -> bool {
        self == Self::Installed
    }
}

/// Finds a toolchain, and installs what is missing where that is possible.
///
/// # Errors
/// If no toolchain is available. The error says what was tried.
pub(super) fn find_or_install() -> Result<Toolchain, Error> {
    match env::var(CHOICE).as_deref() {
        Err(_) => {}
        Ok("debian") => return debian::install(&PACKAGES).map(|()| Toolchain::Debian),
        Ok("installed") if installed_has_target() => return Ok(Toolchain::Installed),
        Ok("installed") => {
            return Err(Error::Message(format!(
                "the installed compiler lacks {TARGET}"
            )));
        }
        Ok(other) => {
            return Err(Error::Message(format!(
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
        .run_quietly_with_timeout(RUSTUP_LIMIT);
    if added.is_ok() && installed_has_target() {
        return Ok(Toolchain::Installed);
    }
    println!("   rustup could not install it; trying Debian's packages");
    debian::install(&PACKAGES)
        .map(|()| Toolchain::Debian)
        .map_err(|error| {
            Error::Message(format!(
                "no compiler for {TARGET}: `rustup target add {TARGET}` failed, and {error}"
            ))
        })
}

/// Returns whether the source of the standard library is installed.
fn has_source() -> bool {
    Program::new("rustc")
        .args(["--print", "sysroot"])
        .read_stdout()
        .is_ok_and(|folder| {
            Path::new(folder.trim())
                .join("lib/rustlib/src/rust/library/Cargo.lock")
                .is_file()
        })
}

/// Returns whether the installed compiler has the target. `rustc` prints the
/// folder of its libraries even if the folder does not exist.
fn installed_has_target() -> bool {
    Program::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .read_stdout()
        .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}
