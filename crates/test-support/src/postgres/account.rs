//! Under whose name the server runs: Postgres refuses to be root.

use crate::Error;
use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

/// Accounts that will do: the package's own, or one that owns nothing.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// An account that is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// The account that servers have to run in; none where ours will do.
    pub(super) fn for_servers() -> Result<Option<Self>, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").map_err(Error::at("/etc/passwd"))?;
        NAMES
            .iter()
            .find_map(|name| Self::named(name, &accounts))
            .map(Some)
            .ok_or_else(|| Error::because("there is no account but root's"))
    }

    fn named(name: &str, accounts: &str) -> Option<Self> {
        let line = accounts
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut fields = line.split(':').skip(1);
        Some(Self {
            user: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    }

    /// Gives a folder to it.
    pub(super) fn own(&self, folder: &Path) -> Result<(), Error> {
        chown(folder, Some(self.user), Some(self.group)).map_err(Error::at(folder))
    }

    /// Lets a program run in it.
    pub(super) fn hand_over(&self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

/// Whether everybody may pass through a folder and those that it lies in.
pub(super) fn is_open_to_all(folder: &Path) -> bool {
    folder
        .ancestors()
        // What is not there yet will be made, and made open.
        .filter_map(|folder| fs::metadata(folder).ok())
        .all(|found| found.permissions().mode() & 0o001 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:8::/:/bin/sh\n\
                        postgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";
        let found = Account {
            user: 101,
            group: 104,
        };
        assert_eq!(Account::named("postgres", accounts), Some(found));
        assert_eq!(Account::named("nobody", accounts), None);
    }
}
