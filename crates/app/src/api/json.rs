//! The JSON encoding of the server functions' answers.
//!
//! It reads from text, as Leptos reads the islands' properties: with the codec
//! that comes with `server_fn`, which reads from bytes, the browser would load
//! a second reader for every type.

use leptos::{
    serde_json::{self, Error},
    server_fn::{
        Bytes, ContentType, Decodes, Encodes, Format, FormatType,
        codec::{JsonEncoding, Post},
    },
};
use serde::{Serialize, de::DeserializeOwned};

/// JSON, for answers and errors.
pub struct Json;

/// The same for the `output` of a server function.
pub(crate) type Answer = Post<Json>;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Json {
    type Error = Error;

    fn encode(value: &T) -> Result<Bytes, Error> {
        serde_json::to_string(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Json {
    type Error = Error;

    fn decode(bytes: Bytes) -> Result<T, Error> {
        serde_json::from_str(&String::from_utf8_lossy(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{page_data::PageData, samples};

    #[test]
    fn what_is_written_is_read_again() {
        let data = samples::page_data();
        let bytes = Json::encode(&data).unwrap();
        assert_eq!(<Json as Decodes<PageData>>::decode(bytes).unwrap(), data);
    }

    #[test]
    fn what_is_not_json_is_an_error() {
        assert!(<Json as Decodes<PageData>>::decode(Bytes::from("<html>")).is_err());
    }
}
