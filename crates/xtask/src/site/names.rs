//! File names that change with their contents, and the list that Leptos reads.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    failure::{AtPath, Failure},
    stamp,
};

/// Bytes of the digest that go into a name: enough that no two builds meet.
const BYTES: usize = 8;

/// One digest for each kind of file of a bundle; none at all for plain names.
#[derive(Debug)]
pub(crate) struct Digests {
    bundle: &'static str,
    list: Vec<(&'static str, String)>,
}

impl Digests {
    /// Plain names for this bundle.
    pub(crate) fn none(bundle: &'static str) -> Self {
        Self {
            bundle,
            list: Vec::new(),
        }
    }

    /// Digests the files of this bundle.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(crate) fn of(
        bundle: &'static str,
        files: &[(&'static str, PathBuf)],
    ) -> Result<Self, Failure> {
        let list = files
            .iter()
            .map(|(kind, file)| {
                let digest = Sha256::digest(fs::read(file).at(file)?);
                Ok((*kind, stamp::hex(&digest[..BYTES])))
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Self { bundle, list })
    }

    /// `confidant.js`, or `confidant.0123456789abcdef.js`.
    pub(crate) fn name(&self, kind: &str) -> String {
        let bundle = self.bundle;
        match self.list.iter().find(|(one, _)| *one == kind) {
            Some((_, digest)) => format!("{bundle}.{digest}.{kind}"),
            None => format!("{bundle}.{kind}"),
        }
    }

    /// Whether a file belongs to this build: one of ours, or not hashed at all.
    /// Compressed forms count with what they are a form of.
    pub(crate) fn covers(&self, file: &Path) -> bool {
        let name = super::file_name(file);
        let name = name
            .strip_suffix(".br")
            .or_else(|| name.strip_suffix(".gz"))
            .unwrap_or(&name);
        self.list.iter().any(|(kind, _)| self.name(kind) == name)
            || file.components().any(|part| part.as_os_str() == "snippets")
    }

    /// Writes the list beside the server's binary, where Leptos looks for it:
    /// a line `kind: digest` for each.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, folder: &Path, name: &str) -> Result<(), Failure> {
        let list: String = self
            .list
            .iter()
            .map(|(kind, digest)| format!("{kind}: {digest}\n"))
            .collect();
        fs::create_dir_all(folder).at(folder)?;
        let file = folder.join(name);
        fs::write(&file, list).at(file)
    }

    /// Whether a name carries a digest, of this bundle in whichever build.
    pub(crate) fn is_hashed(&self, name: &str) -> bool {
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
    fn a_name_follows_the_contents() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        let name = |contents: &str| {
            fs::write(&file, contents).unwrap();
            Digests::of("confidant", &[("js", file.clone())])
                .unwrap()
                .name("js")
        };
        let first = name("one");
        let digests = Digests::none("confidant");
        assert!(digests.is_hashed(&first), "{first}");
        assert_ne!(first, name("two"));
        assert_eq!(first, name("one"));
    }

    #[test]
    fn plain_names_are_not_taken_for_hashed_ones() {
        let digests = Digests::none("confidant");
        assert_eq!(digests.name("wasm"), "confidant.wasm");
        assert!(!digests.is_hashed("confidant.wasm"));
        assert!(!digests.is_hashed("confidant.js.br"));
        assert!(!digests.is_hashed("confidant-browser.0123456789abcdef.wasm"));
        assert!(digests.is_hashed("confidant.0123456789abcdef.wasm.gz"));
    }

    #[test]
    fn leptos_can_read_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        fs::write(&file, "x").unwrap();
        let files = [("js", file.clone()), ("wasm", file)];
        let digests = Digests::of("confidant", &files).unwrap();
        digests.write(folder.path(), "hash.txt").unwrap();
        let list = fs::read_to_string(folder.path().join("hash.txt")).unwrap();
        // As leptos::HydrationScripts does.
        for line in list.lines() {
            let (kind, digest) = line.split_once(':').unwrap();
            let name = format!("confidant.{}.{kind}", digest.trim());
            assert_eq!(name, digests.name(kind));
        }
        assert_eq!(list.lines().count(), 2);
    }
}
