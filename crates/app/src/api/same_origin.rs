//! Requests of our own pages, marked with the CSRF header.

use super::{Failure, json::Json};
use futures::{Sink, Stream};
use leptos::server_fn::{
    Bytes, Decodes,
    client::{Client, browser::BrowserClient},
    error::{FromServerFnError, ServerFnErrorErr},
    request::{ClientReq, browser::BrowserRequest},
    response::{ClientRes, browser::BrowserResponse},
};
use serde::de::DeserializeOwned;
use std::future::Future;

/// Posts a form, as the browser would without scripts, and reads the answer.
///
/// # Errors
/// The endpoint's.
pub(crate) async fn post<T: DeserializeOwned>(path: &str, form: String) -> Result<T, Failure> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let request =
        <BrowserRequest as ClientReq<Failure>>::try_new_post(path, FORM, "application/json", form)?;
    let response = <SameOrigin as Client<Failure>>::send(request).await?;
    let status = ClientRes::<Failure>::status(&response);
    let bytes = ClientRes::<Failure>::try_into_bytes(response).await?;
    match status {
        200 => Json::decode(bytes).map_err(|error| {
            Failure::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string()))
        }),
        _ => Err(Failure::de(bytes)),
    }
}

/// Sends requests with `X-CSRF: 1`. A page of another site cannot send that
/// header without a CORS preflight, which fails (RFC 10017, section 6.1.3.3.2).
pub(crate) struct SameOrigin;

impl<E, I, O> Client<E, I, O> for SameOrigin
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        request.headers().set("X-CSRF", "1");
        <BrowserClient as Client<E, I, O>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
