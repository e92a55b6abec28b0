//! A compiler for `wasm32-unknown-unknown`.
//!
//! On an ordinary machine it is the installed one, after `rustup target add`.
//! Where rustup cannot download, Debian's packaged compiler builds the browser's
//! crate, the standard library included, while the installed stable compiler
//! goes on building everything else.

use std::{env, fmt, path::Path, time::Duration};

use crate::{failure::Failure, program::Program, wasm::debian};

/// The target triple.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may download; the component is about 20 MB.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

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
            Self::Debian => Program::new(debian::CARGO)
                .without(|name| {
                    name.starts_with("CARGO_PKG_")
                        || name.starts_with("CARGO_MANIFEST_")
                        || name.starts_with("RUSTUP_")
                        || matches!(name, "CARGO" | "RUSTC" | "RUSTDOC" | "LD_LIBRARY_PATH")
                })
                .env("RUSTC", debian::RUSTC)
                // `-Zbuild-std` is for nightly compilers; this lets a stable one have it.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", debian::LINKER),
        }
    }

    /// What this toolchain's `cargo build` needs beside the target.
    pub(crate) fn build_arguments(self) -> &'static [&'static str] {
        match self {
            Self::Installed => &[],
            Self::Debian => &[
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ],
        }
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
        Ok("debian") => return debian::ensure().map(|()| Toolchain::Debian),
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
    debian::ensure()
        .map(|()| Toolchain::Debian)
        .map_err(|failure| {
            Failure::Because(format!(
                "no compiler for {TARGET}: `rustup target add {TARGET}` did not work, and {failure}"
            ))
        })
}

/// `rustc` names the folder whether or not it exists.
fn installed_has_target() -> bool {
    Program::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .read()
        .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}
