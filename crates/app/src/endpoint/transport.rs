//! Requests from our own page, marked as such.

use super::Failure;
use futures::{Sink, Stream};
use leptos::server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
    request::{ClientReq, browser::BrowserRequest},
    response::{ClientRes, browser::BrowserResponse},
};
use std::future::Future;

/// Posts a form as a browser would, and learns whether that worked. The form
/// says all there is to say, so no page needs the function behind it.
pub(crate) async fn post(path: &str, form: String) -> Result<(), Failure> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let request =
        <BrowserRequest as ClientReq<Failure>>::try_new_post(path, FORM, "application/json", form)?;
    let response = <SameOrigin as Client<Failure>>::send(request).await?;
    match ClientRes::<Failure>::status(&response) {
        200 => Ok(()),
        _ => Err(Failure::de(
            ClientRes::<Failure>::try_into_bytes(response).await?,
        )),
    }
}

/// `fetch` with `X-CSRF: 1`. Another site's page cannot send that header
/// without asking first by CORS (RFC 10017, section 6.1.3.3.2).
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
