//! Debian's packages, for what these commands need and a machine lacks.

use crate::{
    failure::Failure,
    program::{Program, in_path},
};

/// Installs those of `packages` that are missing.
///
/// # Errors
/// When one is missing and this is not a Debian, not root's terminal, or apt fails.
pub(crate) fn install(packages: &[&str]) -> Result<(), Failure> {
    if in_path(&["dpkg-query"]).is_none() {
        return Err(Failure::Because(
            "this is no Debian system, so its packages are not to be had".into(),
        ));
    }
    let missing = missing(packages, is_installed);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if in_path(&["apt-get"]).is_none() || !rustix::process::geteuid().is_root() {
        return Err(Failure::Because(format!(
            "these packages are missing; as root: apt-get install {names}"
        )));
    }
    println!("   apt-get install {names}");
    apt(&["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(missing);
    apt(&arguments)
}

fn apt(arguments: &[&str]) -> Result<(), Failure> {
    Program::new("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .arg("--quiet=2")
        .args(arguments)
        .run()
}

fn missing<'a>(packages: &[&'a str], installed: impl Fn(&str) -> bool) -> Vec<&'a str> {
    packages
        .iter()
        .copied()
        .filter(|package| !installed(package))
        .collect()
}

/// A removed package whose configuration is left is known to dpkg, too: its
/// status is `rc`, not `ii`.
fn is_installed(package: &str) -> bool {
    Program::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Abbrev}", package])
        .read()
        .is_ok_and(|status| status.starts_with("ii"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_gets_installed() {
        let packages = ["rustc-web", "lld-19"];
        let installed = |package: &str| package != "lld-19";
        assert_eq!(missing(&packages, installed), ["lld-19"]);
        assert!(missing(&packages, |_| true).is_empty());
    }
}
