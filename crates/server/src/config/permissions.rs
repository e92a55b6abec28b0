//! Permissions of files that hold secrets.

use std::{fs::File, io, os::unix::fs::PermissionsExt};

/// Returns whether only the owner can access this file. `ssh` demands the same
/// of key files.
///
/// Takes an open file, so that the file that was checked is the file that is
/// read.
pub(super) fn owner_only(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.permissions().mode() & 0o077 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    #[test]
    fn any_access_for_group_or_others_is_too_much() {
        let file = tempfile::tempfile().unwrap();
        for (mode, expected) in [
            (0o600, true),
            (0o400, true),
            (0o700, true),
            (0o640, false),
            (0o620, false),
            (0o604, false),
            (0o602, false),
            (0o644, false),
            (0o440, false),
        ] {
            file.set_permissions(Permissions::from_mode(mode)).unwrap();
            assert_eq!(owner_only(&file).unwrap(), expected, "{mode:o}");
        }
    }
}
