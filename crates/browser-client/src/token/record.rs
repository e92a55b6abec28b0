//! The record in the browser's storage. Any script of this origin may have
//! written it.

use super::grant::Grant;
use crate::{
    Error,
    error::{ErrorKind, catalog::not_signed_in},
};
use serde::{Deserialize, Serialize};

/// The layout of the record. A record with another number is not read.
const VERSION: u32 = 2;

/// What a client's storage contains.
#[derive(Clone, PartialEq)]
pub(crate) enum StoredRecord {
    /// Nothing.
    Nothing,
    /// A grant.
    Grant(Box<Grant>),
    /// The grant ended, for this reason.
    Ended(Error),
    /// Something that this client did not write, or that was damaged.
    Foreign,
}

#[derive(Serialize, Deserialize)]
struct Record {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grant: Option<Grant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
}

impl StoredRecord {
    /// Reads a record.
    pub(crate) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::Nothing;
        };
        match serde_json::from_str(text) {
            Ok(Record {
                version: VERSION,
                grant: Some(grant),
                ended: None,
            }) if !grant.access_token.is_empty() => Self::Grant(Box::new(grant)),
            Ok(Record {
                version: VERSION,
                grant: None,
                ended: Some(message),
            }) => Self::Ended(Error::new(ErrorKind::GrantDead, message)),
            _ => Self::Foreign,
        }
    }

    /// Returns the record of a grant.
    pub(crate) fn grant(grant: &Grant) -> String {
        write(Some(grant.clone()), None)
    }

    /// Returns the record of a grant that ended.
    pub(crate) fn ended(reason: &Error) -> String {
        write(None, Some(reason.message.clone()))
    }

    /// Returns a reference to the grant, if there is one.
    pub(crate) fn as_grant(&self) -> Option<&Grant> {
        match self {
            Self::Grant(grant) => Some(grant),
            _ => None,
        }
    }

    /// Returns the grant.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn into_grant(self) -> Result<Grant, Error> {
        match self {
            Self::Grant(grant) => Ok(*grant),
            Self::Ended(reason) => Err(reason),
            Self::Nothing => Err(not_signed_in()),
            Self::Foreign => Err(foreign()),
        }
    }
}

/// The record cannot be read, and the user has to start over.
fn foreign() -> Error {
    let message = "What this browser had stored of the sign-in cannot be read. Sign in again.";
    Error::new(ErrorKind::StorageForeign, message)
}

fn write(grant: Option<Grant>, ended: Option<String>) -> String {
    let record = Record {
        version: VERSION,
        grant,
        ended,
    };
    // A record can always be written; an empty text would be read as foreign,
    // which is safe.
    serde_json::to_string(&record).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    #[test]
    fn a_record_reads_as_it_was_written() {
        let text = StoredRecord::grant(&grant());
        assert!(StoredRecord::read(Some(&text)).into_grant() == Ok(grant()));
        let reason = Error::new(ErrorKind::GrantDead, "Over.");
        assert!(
            StoredRecord::read(Some(&StoredRecord::ended(&reason))) == StoredRecord::Ended(reason)
        );
        assert!(StoredRecord::read(None) == StoredRecord::Nothing);
    }

    #[test]
    fn foreign_and_damaged_data_are_an_error_and_never_a_panic() {
        let text = StoredRecord::grant(&grant());
        let mut inputs = vec![
            "".to_owned(),
            "null".into(),
            "[]".into(),
            "{}".into(),
            "{\"version\":2}".into(),
            "\u{0}\u{ffff}".into(),
            text.replacen("\"version\":2", "\"version\":3", 1),
            text.replacen("\"at-1\"", "\"\"", 1),
            text.replacen("\"at-1\"", "7", 1),
            text.replacen("\"scopes\":[", "\"scopes\":[{}", 1),
        ];
        inputs.extend((1..text.len()).map(|end| text[..end].to_owned()));
        for input in inputs {
            assert!(
                StoredRecord::read(Some(&input)) == StoredRecord::Foreign,
                "{input}"
            );
        }
    }

    impl std::fmt::Debug for Grant {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "Grant({}, {})", self.generation, self.serial)
        }
    }
}
