//! The worker's replies.

use crate::{
    Error,
    error::{ErrorKind, catalog::worker_unavailable},
};
use confidant_wire::Report;
use serde_json::Value;

/// A reply, and what the worker did since this tab's last message.
pub(super) struct Reply {
    /// The result of the operation.
    pub(super) result: Result<Value, Error>,
    /// The run of the worker that replied: it changes with every start.
    pub(super) instance: String,
    /// What the worker did.
    pub(super) report: Report,
}

impl Reply {
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let mut reply: Value = serde_json::from_str(text).map_err(|_| unreadable())?;
        let instance = reply["instance"]
            .as_str()
            .ok_or_else(unreadable)?
            .to_owned();
        let report = Report {
            change: read(&reply["change"]).unwrap_or_default(),
            exchanges: read(&reply["exchanges"]).unwrap_or_default(),
        };
        let result = match reply.get("error") {
            Some(fields) => Err(error(fields)),
            None => Ok(reply["ok"].take()),
        };
        Ok(Self {
            result,
            instance,
            report,
        })
    }
}

/// Reads a part of a reply. It goes by way of text: a second deserializer for the
/// same types would double their code in the browser.
pub(super) fn read<T: serde::de::DeserializeOwned>(part: &Value) -> Option<T> {
    serde_json::from_str(&part.to_string()).ok()
}

/// Reads an error of the worker.
pub(super) fn error(fields: &Value) -> Error {
    let code = fields["code"].as_str().unwrap_or_default();
    let known = ErrorKind::ALL.iter().find(|kind| kind.code() == code);
    let message = fields["message"].as_str().unwrap_or("The worker failed.");
    Error {
        retry_after: fields["retry_after"].as_u64(),
        ..Error::new(*known.unwrap_or(&ErrorKind::WorkerUnavailable), message)
    }
}

/// The reply makes no sense.
pub(super) fn unreadable() -> Error {
    worker_unavailable("The service worker's answer cannot be read.")
}

/// The last exchange of the worker that this tab knows.
pub(super) struct LastSeen {
    /// The run of the worker.
    pub(super) instance: String,
    /// The number of the exchange.
    pub(super) known: u64,
}

impl LastSeen {
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
        assert_eq!(reply.result.unwrap_err().kind, ErrorKind::Reauthorize);
        assert_eq!(reply.instance, "i");
    }

    #[test]
    fn an_unreadable_reply_is_an_error_and_no_panic() {
        for text in ["", "null", "[]", "7", "{}", r#"{"ok":1}"#] {
            assert!(Reply::read(text).is_err(), "{text}");
        }
        let bare = Reply::read(r#"{"instance":"i","exchanges":7}"#).unwrap();
        assert_eq!(bare.result, Ok(Value::Null));
    }

    #[test]
    fn the_last_seen_exchange_is_read_as_it_was_written() {
        let last_seen = LastSeen::read(
            &LastSeen {
                instance: "i".into(),
                known: 7,
            }
            .write(),
        );
        assert_eq!((last_seen.instance.as_str(), last_seen.known), ("i", 7));
        assert_eq!(LastSeen::read("garbage").known, 0);
    }
}
