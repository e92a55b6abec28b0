//! JSON read in two steps: into a value of any shape, then into a type.
//!
//! Reading a type straight off the text makes a reader of the compiler's for
//! each type and each kind of text. The browser has to load them all. This
//! way the text has one reader, and types are read off values.

use leptos::{
    serde_json::{self, Value},
    server_fn::{
        Bytes, ContentType, Decodes, Encodes, Format, FormatType,
        codec::{JsonEncoding, Post},
    },
};
use serde::{Serialize, de::DeserializeOwned};
pub(crate) use serde_json::Error;

/// Writes JSON.
pub(crate) fn write(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value)
}

/// Reads JSON.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let value: Value = serde_json::from_str(text)?;
    T::deserialize(value)
}

/// The encoding of what endpoints answer, errors included.
pub(crate) struct ByValue;

/// The same for the `output` of a server function.
pub(crate) type Answer = Post<ByValue>;

impl ContentType for ByValue {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for ByValue {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for ByValue {
    type Error = Error;

    fn encode(value: &T) -> Result<Bytes, Error> {
        write(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for ByValue {
    type Error = Error;

    fn decode(bytes: Bytes) -> Result<T, Error> {
        read(&String::from_utf8_lossy(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use confidant_wire::TokenView;

    #[test]
    fn what_is_written_is_read_again() {
        let token = sample::token();
        let text = write(&token).unwrap();
        assert_eq!(read::<TokenView>(&text).unwrap(), token);
    }

    #[test]
    fn what_is_not_json_is_an_error() {
        assert!(<ByValue as Decodes<TokenView>>::decode(Bytes::from("<html>")).is_err());
    }
}
