//! Installing Debian's packages.

use rustix::process::geteuid;

use crate::{
    error::Error,
    program::{Program, find_program},
};

/// Installs those of `packages` that are missing.
///
/// # Errors
/// If a package is missing and the system is not Debian, the user is not root, or
/// apt-get fails.
pub(crate) fn install(packages: &[&str]) -> Result<(), Error> {
    if find_program(&["dpkg-query"]).is_none() {
        return Err(Error::Message(
            "Debian's packages cannot be installed: this is not a Debian system".into(),
        ));
    }
    let missing = missing(packages, is_installed);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if find_program(&["apt-get"]).is_none() || !geteuid().is_root() {
        return Err(Error::Message(format!(
            "these packages are missing; as root: apt-get install {names}"
        )));
    }
    println!("   apt-get install {names}");
    apt_get(&["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(missing);
    apt_get(&arguments)
}

fn apt_get(arguments: &[&str]) -> Result<(), Error> {
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

/// Returns whether a package is installed: its status is `ii`. The status of a
/// removed package whose configuration is left is `rc`.
fn is_installed(package: &str) -> bool {
    Program::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Abbrev}", package])
        .read_stdout()
        .is_ok_and(|status| status.starts_with("ii"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_packages_are_installed() {
        let packages = ["rustc-web", "lld-19"];
        let installed = |package: &str| package != "lld-19";
        assert_eq!(missing(&packages, installed), ["lld-19"]);
        assert!(missing(&packages, |_| true).is_empty());
    }
}
