//! The encryption of secrets in the database: ChaCha20-Poly1305 (RFC 8439) with
//! the row's name as associated data, so that a value copied into another row
//! cannot be decrypted.
//!
//! An encrypted value begins with the id of its key. The first key of the file
//! encrypts, and every key decrypts: after a new key is put first, old rows
//! stay readable.

use crate::random::{self, Random};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use std::{
    fs::File,
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

const NONCE: usize = 12;

/// The keys of a key file.
pub struct TokenCipher {
    keys: Vec<(String, ChaCha20Poly1305)>,
}

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file does not exist, or cannot be read or created.
    #[error("the key file {path} cannot be used: {source}")]
    File {
        /// The path of the file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Other users can read or change the file.
    #[error("{path} can be accessed by other users (mode {mode:04o}): run `chmod 600 {path}`")]
    Permissions {
        /// The file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// A line is not a key.
    #[error("line {line} of the key file is not a key: expected `ID BASE64`, 32 bytes")]
    Line {
        /// The line number, from 1.
        line: usize,
    },
    /// The file contains no key.
    #[error("the key file contains no key: `confidant keygen` generates one")]
    Empty,
}

/// A value cannot be decrypted: it belongs to another key or row, or is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an encrypted value cannot be decrypted with the available keys")]
pub struct DecryptError;

impl TokenCipher {
    /// Reads a key file: one `ID BASE64` to a line, `#` begins a comment.
    ///
    /// # Errors
    /// If a line is not a key, or there is none.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = line.split_once(' ').and_then(|(id, key)| {
                let bytes = BASE64_STANDARD.decode(key.trim()).ok()?;
                let cipher = ChaCha20Poly1305::new_from_slice(&bytes).ok()?;
                (id.len() < 256).then(|| (id.to_owned(), cipher))
            });
            keys.push(key.ok_or(KeyError::Line { line: index + 1 })?);
        }
        if keys.is_empty() {
            return Err(KeyError::Empty);
        }
        Ok(Self { keys })
    }

    /// Reads the key file at this path.
    ///
    /// # Errors
    /// If the file does not exist, contains no keys, or other users can access
    /// it. A file of root's may be readable by a group, as distributions install
    /// secrets.
    pub fn open(path: &Path) -> Result<Self, KeyError> {
        let text = read_private_file(path).map_err(|source| file_error(path, source))?;
        Self::parse(&text?)
    }

    /// Reads the key file at this path, or creates one that only its owner can
    /// read.
    ///
    /// # Errors
    /// If the file can be neither read nor created.
    pub fn open_or_create(path: &Path, random: &dyn Random) -> Result<Self, KeyError> {
        use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt};
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        match created {
            Ok(mut file) => writeln!(file, "{}", keygen(random))
                .and_then(|()| file.sync_all())
                .map_err(|source| file_error(path, source))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(file_error(path, source)),
        }
        Self::open(path)
    }

    /// Encrypts a value for this row.
    pub fn encrypt(&self, row: &str, value: &[u8], random: &dyn Random) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce);
        let mut encrypted = Vec::new();
        // Encryption fails only for values beyond 256 GB. An empty result cannot
        // be decrypted.
        if let Some((id, cipher)) = self.keys.first()
            && let Ok(id_length) = u8::try_from(id.len())
            && let Ok(text) = cipher.encrypt(
                &nonce.into(),
                Payload {
                    msg: value,
                    aad: row.as_bytes(),
                },
            )
        {
            encrypted.push(id_length);
            encrypted.extend_from_slice(id.as_bytes());
            encrypted.extend_from_slice(&nonce);
            encrypted.extend_from_slice(&text);
        }
        encrypted
    }

    /// Whether a value was encrypted with the newest key.
    pub fn uses_newest_key(&self, encrypted: &[u8]) -> bool {
        let id = encrypted
            .split_first()
            .and_then(|(&length, rest)| rest.get(..length.into()));
        let newest = self.keys.first().map(|(id, _)| id.as_bytes());
        id == newest
    }

    /// Decrypts a value that was encrypted for this row.
    ///
    /// # Errors
    /// If no available key decrypts it.
    pub fn decrypt(&self, row: &str, encrypted: &[u8]) -> Result<Vec<u8>, DecryptError> {
        let (&id_length, rest) = encrypted.split_first().ok_or(DecryptError)?;
        let (id, rest) = rest
            .split_at_checked(id_length.into())
            .ok_or(DecryptError)?;
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or(DecryptError)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| DecryptError)?;
        let (_, cipher) = self
            .keys
            .iter()
            .find(|(key, _)| key.as_bytes() == id)
            .ok_or(DecryptError)?;
        let payload = Payload {
            msg: text,
            aad: row.as_bytes(),
        };
        cipher
            .decrypt(&nonce.into(), payload)
            .map_err(|_| DecryptError)
    }
}

/// Reads a file that only its owner can access. Checks the file that it has
/// opened, so that the file that was checked is the file that is read.
fn read_private_file(path: &Path) -> io::Result<Result<String, KeyError>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if !is_private(metadata.mode(), metadata.uid()) {
        return Ok(Err(KeyError::Permissions {
            path: path.display().to_string(),
            mode: metadata.mode() & 0o7777,
        }));
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(Ok(text))
}

/// Returns whether a file with these permission bits keeps its contents from
/// other users. A group may read a file that root owns: the group is then the
/// service's own (Postgres has the same rule for its TLS key).
fn is_private(mode: u32, owner: u32) -> bool {
    const ROOT: u32 = 0;
    let forbidden = if owner == ROOT { 0o037 } else { 0o077 };
    mode & forbidden == 0
}

fn file_error(path: &Path, source: io::Error) -> KeyError {
    KeyError::File {
        path: path.display().to_string(),
        source,
    }
}

/// Generates a line for the key file.
pub fn keygen(random: &dyn Random) -> String {
    let mut key = [0; 32];
    random.fill(&mut key);
    let id = random::name(random);
    format!("{} {}", &id[..8], BASE64_STANDARD.encode(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    fn cipher(lines: &[&str]) -> TokenCipher {
        TokenCipher::parse(&lines.join("\n")).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_for_its_own_row_only() {
        let cipher = cipher(&[&keygen(&SystemRandom)]);
        let encrypted = cipher.encrypt("row 1", b"a token", &SystemRandom);
        assert_eq!(cipher.decrypt("row 1", &encrypted).unwrap(), b"a token");
        assert_eq!(cipher.decrypt("row 2", &encrypted), Err(DecryptError));
        assert!(!encrypted.windows(7).any(|part| part == b"a token"));
    }

    #[test]
    fn a_new_key_on_top_leaves_old_rows_readable_and_a_lost_key_does_not() {
        let (old, new) = (keygen(&SystemRandom), keygen(&SystemRandom));
        let encrypted = cipher(&[&old]).encrypt("row", b"a token", &SystemRandom);
        let both = cipher(&[&new, &old]);
        assert!(both.decrypt("row", &encrypted).is_ok());
        assert!(!both.uses_newest_key(&encrypted));
        assert!(both.uses_newest_key(&both.encrypt("row", b"", &SystemRandom)));
        assert_eq!(
            cipher(&[&new]).decrypt("row", &encrypted),
            Err(DecryptError)
        );
    }

    #[test]
    fn damage_is_detected_anywhere() {
        let cipher = cipher(&[&keygen(&SystemRandom)]);
        let encrypted = cipher.encrypt("row", b"a token", &SystemRandom);
        for index in 0..encrypted.len() {
            let mut damaged = encrypted.clone();
            damaged[index] ^= 1;
            assert_eq!(
                cipher.decrypt("row", &damaged),
                Err(DecryptError),
                "{index}"
            );
        }
        assert_eq!(cipher.decrypt("row", &[]), Err(DecryptError));
    }

    #[test]
    fn a_malformed_key_file_is_reported_with_its_line() {
        assert!(matches!(TokenCipher::parse("# none"), Err(KeyError::Empty)));
        let text = format!("{}\nk1 dG9vIHNob3J0", keygen(&SystemRandom));
        assert!(matches!(
            TokenCipher::parse(&text),
            Err(KeyError::Line { line: 2 })
        ));
    }

    #[test]
    fn only_its_owner_may_access_a_key_file_and_a_group_may_read_roots() {
        let (root, user) = (0, 1000);
        for (mode, owner, expected) in [
            (0o100_600, user, true),
            (0o100_400, user, true),
            (0o100_640, user, false),
            (0o100_620, user, false),
            (0o100_604, user, false),
            (0o100_644, user, false),
            (0o100_640, root, true),
            (0o100_440, root, true),
            (0o100_660, root, false),
            (0o100_650, root, false),
            (0o100_644, root, false),
        ] {
            assert_eq!(is_private(mode, owner), expected, "{mode:o} of {owner}");
        }
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused_with_the_remedy() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        std::fs::write(&path, keygen(&SystemRandom)).unwrap();
        let allow = |mode| std::fs::set_permissions(&path, PermissionsExt::from_mode(mode));
        allow(0o644).unwrap();
        let error = TokenCipher::open(&path).err().unwrap().to_string();
        assert!(error.contains("mode 0644"), "{error}");
        let remedy = format!("chmod 600 {}", path.display());
        assert!(error.contains(&remedy), "{error}");
        allow(0o600).unwrap();
        assert!(TokenCipher::open(&path).is_ok());
    }

    #[test]
    fn the_key_file_is_created_once_and_readable_only_by_its_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let first = TokenCipher::open_or_create(&path, &SystemRandom).unwrap();
        let again = TokenCipher::open_or_create(&path, &SystemRandom).unwrap();
        let encrypted = first.encrypt("row", b"x", &SystemRandom);
        assert!(again.decrypt("row", &encrypted).is_ok());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
