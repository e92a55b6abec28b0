//! What the worker answers.

use crate::{Error, Kind, error::catalog::worker_unavailable};
use confidant_wire::Report;
use serde_json::Value;

/// An answer, and what the worker did since it was last asked.
pub(super) struct Reply {
    /// The result of the operation.
    pub(super) result: Result<Value, Error>,
    /// Which run of the worker answered.
    pub(super) instance: String,
    /// What it did.
    pub(super) news: Report,
}

impl Reply {
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let mut reply: Value = serde_json::from_str(text).map_err(|_| nonsense())?;
        let instance = reply["instance"].as_str().ok_or_else(nonsense)?.to_owned();
        let news = Report {
            change: read(&reply["change"]).unwrap_or_default(),
            exchanges: read(&reply["exchanges"]).unwrap_or_default(),
        };
        let result = match reply.get("error") {
            Some(told) => Err(error(told)),
            None => Ok(reply["ok"].take()),
        };
        Ok(Self {
            result,
            instance,
            news,
        })
    }
}

/// A part of an answer. By way of its text: reading the same types from values
/// as well would double their code in the browser.
pub(super) fn read<T: serde::de::DeserializeOwned>(part: &Value) -> Option<T> {
    serde_json::from_str(&part.to_string()).ok()
}

/// An error as the worker tells it.
pub(super) fn error(told: &Value) -> Error {
    let code = told["code"].as_str().unwrap_or_default();
    let known = Kind::ALL.iter().find(|kind| kind.code() == code);
    let message = told["message"].as_str().unwrap_or("The worker failed.");
    Error {
        retry_after: told["retry_after"].as_u64(),
        ..Error::new(*known.unwrap_or(&Kind::WorkerUnavailable), message)
    }
}

pub(super) fn nonsense() -> Error {
    worker_unavailable("The service worker's answer cannot be read.")
}

/// How far this tab knows what the worker did.
pub(super) struct Mark {
    /// Which run of the worker.
    pub(super) instance: String,
    /// The number of the last exchange known.
    pub(super) known: u64,
}

impl Mark {
    pub(super) fn read(stored: &str) -> Self {
        let (instance, known) = stored.split_once(' ').unwrap_or_default();
        Self {
            instance: instance.to_owned(),
            known: known.parse().unwrap_or_default(),
        }
    }

    pub(super) fn write(&self) -> String {
        format!("{} {}", self.instance, self.known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_code() {
        let text = r#"{"error":{"code":"reauthorize","message":"Again.","retry_after":null},
            "instance":"i","exchanges":[],"change":null}"#;
        let reply = Reply::read(text).unwrap();
        assert_eq!(reply.result.unwrap_err().kind, Kind::Reauthorize);
        assert_eq!(reply.instance, "i");
    }

    #[test]
    fn an_answer_that_is_none_is_an_error_and_no_panic() {
        for text in ["", "null", "[]", "7", "{}", r#"{"ok":1}"#] {
            assert!(Reply::read(text).is_err(), "{text}");
        }
        let bare = Reply::read(r#"{"instance":"i","exchanges":7}"#).unwrap();
        assert_eq!(bare.result, Ok(Value::Null));
    }

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        let mark = Mark::read(
            &Mark {
                instance: "i".into(),
                known: 7,
            }
            .write(),
        );
        assert_eq!((mark.instance.as_str(), mark.known), ("i", 7));
        assert_eq!(Mark::read("garbage").known, 0);
    }
}
