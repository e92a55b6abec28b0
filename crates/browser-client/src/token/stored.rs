//! The record in the browser's storage, which anybody on this origin may have
//! written.

use super::Grant;
use crate::{
    Error,
    error::{Kind, catalog::not_signed_in},
};
use serde::{Deserialize, Serialize};

/// The layout of the record. Another number is another version's.
const VERSION: u32 = 1;

/// What is stored of a client.
#[derive(Clone, PartialEq)]
pub(crate) enum Stored {
    /// Nothing.
    Nothing,
    /// A grant.
    Grant(Box<Grant>),
    /// The grant is over; why.
    Ended(Error),
    /// Something that is not ours, or was damaged.
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

impl Stored {
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
            }) => Self::Ended(Error::new(Kind::GrantDead, message)),
            _ => Self::Foreign,
        }
    }

    /// The record of a grant.
    pub(crate) fn grant(grant: &Grant) -> String {
        write(Some(grant.clone()), None)
    }

    /// The record of a grant that is over.
    pub(crate) fn ended(why: &Error) -> String {
        write(None, Some(why.message.clone()))
    }

    /// The grant.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn into_grant(self) -> Result<Grant, Error> {
        match self {
            Self::Grant(grant) => Ok(*grant),
            Self::Ended(why) => Err(why),
            Self::Nothing => Err(not_signed_in()),
            Self::Foreign => Err(foreign()),
        }
    }
}

/// Why one has to start over.
pub(crate) fn foreign() -> Error {
    let message = "What this browser had stored of the sign-in cannot be read. Sign in again.";
    Error::new(Kind::StorageForeign, message)
}

fn write(grant: Option<Grant>, ended: Option<String>) -> String {
    let record = Record {
        version: VERSION,
        grant,
        ended,
    };
    // Nothing in it can fail to be written; an empty text would be read as
    // foreign, which is safe.
    serde_json::to_string(&record).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    #[test]
    fn a_record_reads_as_it_was_written() {
        let text = Stored::grant(&grant());
        assert!(Stored::read(Some(&text)).into_grant() == Ok(grant()));
        let why = Error::new(Kind::GrantDead, "Over.");
        assert!(Stored::read(Some(&Stored::ended(&why))) == Stored::Ended(why));
        assert!(Stored::read(None) == Stored::Nothing);
    }

    #[test]
    fn garbage_and_other_peoples_data_are_told_and_never_a_panic() {
        let text = Stored::grant(&grant());
        let mut inputs = vec![
            "".to_owned(),
            "null".into(),
            "[]".into(),
            "{}".into(),
            "{\"version\":1}".into(),
            "\u{0}\u{ffff}".into(),
            text.replacen("\"version\":1", "\"version\":2", 1),
            text.replacen("\"at-1\"", "\"\"", 1),
            text.replacen("\"at-1\"", "7", 1),
            text.replacen("\"scopes\":[", "\"scopes\":[{}", 1),
        ];
        inputs.extend((1..text.len()).map(|end| text[..end].to_owned()));
        for input in inputs {
            assert!(Stored::read(Some(&input)) == Stored::Foreign, "{input}");
        }
    }

    impl std::fmt::Debug for Grant {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "Grant({}, {})", self.generation, self.serial)
        }
    }
}
