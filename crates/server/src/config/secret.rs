//! Sources of secrets. The configuration names a source and never holds the
//! secret itself.

use super::{
    environment::{Environment, Variable},
    permissions,
};
use confidant_bff::settings::Secret;
use serde::{Deserialize, Deserializer, de};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// The source of a secret: `{ env = "NAME" }` or `{ file = "path" }`.
#[derive(Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// The environment variable of this name.
    Variable(String),
    /// The file at this path.
    File(PathBuf),
}

/// Why a secret cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The variable does not exist.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    /// The variable holds bytes that are not text.
    #[error("the environment variable {0} is not valid Unicode")]
    NotUnicode(String),
    /// The variable is empty.
    #[error("the environment variable {0} is empty")]
    EmptyVariable(String),
    /// The file is empty.
    #[error("the file {0} is empty")]
    EmptyFile(PathBuf),
    /// The file cannot be read, for this reason.
    #[error("the file {0} cannot be read: {1}")]
    Unreadable(PathBuf, String),
    /// Users other than the file's owner have access to it.
    #[error("the file {0} is open to other users: run `chmod 600 {0}`")]
    Exposed(PathBuf),
}

impl SecretSource {
    /// Reads the secret. Removes one line break at the end of a file, which
    /// editors add.
    ///
    /// # Errors
    /// If the variable or the file is missing, empty or not text, or if users
    /// other than the file's owner have access to the file.
    pub fn read(&self, environment: &Environment) -> Result<Secret, SecretError> {
        match self {
            Self::Variable(name) => match environment.variable(name) {
                Variable::Absent => Err(SecretError::NotSet(name.clone())),
                Variable::NotUnicode => Err(SecretError::NotUnicode(name.clone())),
                Variable::Text("") => Err(SecretError::EmptyVariable(name.clone())),
                Variable::Text(text) => Ok(Secret::new(text)),
            },
            Self::File(path) => {
                let text = read_private(path)
                    .map_err(|error| SecretError::Unreadable(path.clone(), error.to_string()))?
                    .ok_or_else(|| SecretError::Exposed(path.clone()))?;
                let text = text.strip_suffix('\n').unwrap_or(&text);
                let text = text.strip_suffix('\r').unwrap_or(text);
                if text.is_empty() {
                    return Err(SecretError::EmptyFile(path.clone()));
                }
                Ok(Secret::new(text))
            }
        }
    }
}

/// Reads a file's text, or `None` if other users have access to the file.
fn read_private(path: &Path) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    if !permissions::owner_only(&file)? {
        return Ok(None);
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(Some(text))
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An error of derived code would quote the value: the secret.
        let expected = || {
            de::Error::custom(
                "expected { env = \"NAME\" } or { file = \"path\" }: a secret written into the \
                 configuration ends up in backups and version control",
            )
        };
        let table: toml::Table = match toml::Value::deserialize(deserializer)? {
            toml::Value::Table(table) if table.len() == 1 => table,
            _ => return Err(expected()),
        };
        match table.into_iter().next() {
            Some((key, toml::Value::String(name))) if key == "env" => Ok(Self::Variable(name)),
            Some((key, toml::Value::String(path))) if key == "file" => Ok(Self::File(path.into())),
            _ => Err(expected()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::Permissions, io::Write, os::unix::fs::PermissionsExt};

    fn from_file(content: &str) -> Result<String, SecretError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        SecretSource::File(file.path().into())
            .read(&Environment::default())
            .map(|secret| secret.reveal().to_owned())
    }

    #[test]
    fn the_line_break_an_editor_adds_is_not_part_of_the_secret() {
        assert_eq!(from_file("hush\n"), Ok("hush".into()));
        assert_eq!(from_file("hush\r\n"), Ok("hush".into()));
        assert_eq!(from_file(" hush \n"), Ok(" hush ".into()));
    }

    #[test]
    fn an_empty_secret_is_none() {
        assert!(matches!(from_file("\n"), Err(SecretError::EmptyFile(_))));
        let environment = Environment::from_iter([("HUSH", "")]);
        let source = SecretSource::Variable("HUSH".into());
        let refused = source.read(&environment).map(|_| ());
        assert_eq!(refused, Err(SecretError::EmptyVariable("HUSH".into())));
    }

    #[test]
    fn a_file_that_other_users_can_access_is_refused() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"hush").unwrap();
        let source = SecretSource::File(file.path().into());
        for mode in [0o640, 0o604, 0o644, 0o666] {
            let permissions = Permissions::from_mode(mode);
            file.as_file().set_permissions(permissions).unwrap();
            let refused = source.read(&Environment::default()).map(|_| ());
            assert_eq!(refused, Err(SecretError::Exposed(file.path().into())));
        }
        let permissions = Permissions::from_mode(0o600);
        file.as_file().set_permissions(permissions).unwrap();
        assert!(source.read(&Environment::default()).is_ok());
    }
}
