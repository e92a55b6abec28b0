//! The names of published files. In release they change with the contents, and a
//! list tells Leptos the current ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    directory::file_name,
    error::{AtPath, Error},
    stamp,
};

/// The bytes of a digest that a name contains: enough to tell builds apart.
const BYTES: usize = 8;

/// The names of one bundle's files.
#[derive(Debug)]
pub(super) struct FileNames {
    bundle: &'static str,
    /// The digest of each kind of file; empty for names without one.
    digests: Vec<(&'static str, String)>,
}

impl FileNames {
    /// Returns names without digests.
    pub(super) fn plain(bundle: &'static str) -> Self {
        Self {
            bundle,
            digests: Vec::new(),
        }
    }

    /// Returns names with the digests of these files.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(super) fn hashed(
        bundle: &'static str,
        files: &[(&'static str, PathBuf)],
    ) -> Result<Self, Error> {
        let digests = files
            .iter()
            .map(|(kind, file)| {
                let digest = Sha256::digest(fs::read(file).at(file)?);
                Ok((*kind, stamp::hex(&digest[..BYTES])))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self { bundle, digests })
    }

    /// Returns the name of a file: `confidant.js`, or
    /// `confidant.0123456789abcdef.js`.
    pub(super) fn name(&self, kind: &str) -> String {
        let bundle = self.bundle;
        match self.digests.iter().find(|(one, _)| *one == kind) {
            Some((_, digest)) => format!("{bundle}.{digest}.{kind}"),
            None => format!("{bundle}.{kind}"),
        }
    }

    /// Returns whether a file belongs to this release build: it has one of the
    /// names, or is a snippet. A compressed version belongs to the build if the
    /// original does.
    pub(super) fn includes(&self, file: &Path) -> bool {
        let name = file_name(file);
        let name = name
            .strip_suffix(".br")
            .or_else(|| name.strip_suffix(".gz"))
            .unwrap_or(&name);
        self.digests.iter().any(|(kind, _)| self.name(kind) == name)
            || file.components().any(|part| part.as_os_str() == "snippets")
    }

    /// Writes the list into the folder of the server's binary, where Leptos looks
    /// for it: a line `kind: digest` for each file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn write(&self, folder: &Path, name: &str) -> Result<(), Error> {
        let list: String = self
            .digests
            .iter()
            .map(|(kind, digest)| format!("{kind}: {digest}\n"))
            .collect();
        fs::create_dir_all(folder).at(folder)?;
        let file = folder.join(name);
        fs::write(&file, list).at(file)
    }

    /// Returns whether a name contains a digest and belongs to this bundle, in any
    /// build.
    pub(super) fn is_hashed(&self, name: &str) -> bool {
        name.strip_prefix(self.bundle)
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.split_once('.'))
            .is_some_and(|(digest, _)| {
                digest.len() == 2 * BYTES && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_name_changes_with_the_contents() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        let name = |contents: &str| {
            fs::write(&file, contents).unwrap();
            FileNames::hashed("confidant", &[("js", file.clone())])
                .unwrap()
                .name("js")
        };
        let first = name("one");
        let names = FileNames::plain("confidant");
        assert!(names.is_hashed(&first), "{first}");
        assert_ne!(first, name("two"));
        assert_eq!(first, name("one"));
    }

    #[test]
    fn plain_names_and_those_of_other_bundles_are_not_hashed_names() {
        let names = FileNames::plain("confidant");
        assert_eq!(names.name("wasm"), "confidant.wasm");
        assert!(!names.is_hashed("confidant.wasm"));
        assert!(!names.is_hashed("confidant.js.br"));
        assert!(!names.is_hashed("confidant-browser.0123456789abcdef.wasm"));
        assert!(names.is_hashed("confidant.0123456789abcdef.wasm.gz"));
    }

    #[test]
    fn leptos_can_read_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        fs::write(&file, "x").unwrap();
        let files = [("js", file.clone()), ("wasm", file)];
        let names = FileNames::hashed("confidant", &files).unwrap();
        names.write(folder.path(), "hash.txt").unwrap();
        let list = fs::read_to_string(folder.path().join("hash.txt")).unwrap();
        // As leptos::HydrationScripts does.
        for line in list.lines() {
            let (kind, digest) = line.split_once(':').unwrap();
            let name = format!("confidant.{}.{kind}", digest.trim());
            assert_eq!(name, names.name(kind));
        }
        assert_eq!(list.lines().count(), 2);
    }
}
