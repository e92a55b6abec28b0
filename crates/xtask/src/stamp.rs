//! Stamps: a step is skipped if its inputs have not changed since it last ran.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sha2::{Digest, Sha256};

use crate::{
    error::{AtPath, Error},
    workspace::Workspace,
};

/// A digest of a step's inputs, and the file under `target/xtask` with the digest
/// of the last run.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: Sha256,
}

impl Stamp {
    /// Returns the stamp of the step `name`. The program of these commands is an
    /// input of every step.
    pub(crate) fn of(workspace: &Workspace, name: &str) -> Self {
        let mut stamp = Self::at(workspace.scratch().join(format!("{name}.stamp")));
        if let Ok(program) = env::current_exe().and_then(fs::metadata) {
            let modified = program
                .modified()
                .ok()
                .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
                .unwrap_or_default();
            stamp.add(modified.as_nanos().to_le_bytes());
        }
        stamp
    }

    fn at(file: PathBuf) -> Self {
        Self {
            file,
            digest: Sha256::new(),
        }
    }

    /// Adds an input. Its length precedes it, so that no two lists of inputs have
    /// the same bytes.
    fn add(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.digest.update((bytes.len() as u64).to_le_bytes());
        self.digest.update(bytes);
    }

    /// Adds a text as an input, such as an option or a version.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.add(text);
        self
    }

    /// Adds the contents of a file as an input.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn file(mut self, path: &Path) -> Result<Self, Error> {
        self.add(fs::read(path).at(path)?);
        Ok(self)
    }

    /// Runs `work`, unless it ran with the same inputs before and `output` still
    /// exists. Returns whether it ran.
    ///
    /// # Errors
    /// Those of `work`, or if the stamp cannot be written.
    pub(crate) fn unless_done(
        self,
        output: &Path,
        work: impl FnOnce() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let now = hex(&self.digest.finalize());
        if output.exists() && fs::read_to_string(&self.file).is_ok_and(|before| before == now) {
            return Ok(false);
        }
        // An interrupted step must run again.
        let _ = fs::remove_file(&self.file);
        work()?;
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).at(folder)?;
        }
        fs::write(&self.file, now).at(&self.file)?;
        Ok(true)
    }
}

/// Formats bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(folder: &Path, input: &str, output: &Path) -> bool {
        Stamp::at(folder.join("step.stamp"))
            .text(input)
            .unless_done(output, || Ok(()))
            .unwrap()
    }

    #[test]
    fn a_step_runs_again_only_if_an_input_changed_or_its_output_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        fs::write(&output, "made").unwrap();
        assert!(ran(folder.path(), "a", &output), "the first time");
        assert!(!ran(folder.path(), "a", &output), "nothing changed");
        assert!(ran(folder.path(), "b", &output), "the input changed");
        fs::remove_file(&output).unwrap();
        assert!(ran(folder.path(), "b", &output), "the output is missing");
    }

    #[test]
    fn a_failed_step_runs_again() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        fs::write(&output, "made").unwrap();
        assert!(ran(folder.path(), "a", &output));
        let failed = Stamp::at(folder.path().join("step.stamp"))
            .text("b")
            .unless_done(&output, || Err(Error::Message("no".into())));
        assert!(failed.is_err());
        assert!(ran(folder.path(), "a", &output), "its stamp is missing");
    }

    #[test]
    fn inputs_with_the_same_concatenation_differ() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        fs::write(&output, "made").unwrap();
        let two = |a: &str, b: &str| {
            Stamp::at(folder.path().join("step.stamp"))
                .text(a)
                .text(b)
                .unless_done(&output, || Ok(()))
                .unwrap()
        };
        assert!(two("ab", "c"));
        assert!(two("a", "bc"));
    }
}
