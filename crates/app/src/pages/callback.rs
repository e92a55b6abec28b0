//! The pages that a provider redirects to.

use super::{
    frame::{default, framed, head},
    request::Request,
};
use crate::{
    clients::{self, Form, OAuthClient},
    islands::callback::Callback,
};
use confidant_wire::ClientKind;
use leptos::prelude::*;

/// Renders the page at the address that the server's clients share, or at a
/// kind's own.
pub(super) fn page(request: Request, kind: Option<ClientKind>) -> AnyView {
    let Some(client) = kind.map_or(Some(default()), clients::client) else {
        return super::not_found::page(request);
    };
    let settings = clients::provider_settings(&request.providers);
    let parameters = parameters(&request.query);
    let main = view! {
        {head(200, "Signing in")}
        <Callback kind=client.kind() own=kind.is_some() settings>
            {form(client, parameters)}
        </Callback>
    };
    framed(&request, main)
}

/// The parameters of the response that are passed on. The provider's description
/// of an error is not among them: no page repeats an upstream's text.
fn parameters(query: &str) -> Vec<(String, String)> {
    const NAMES: [&str; 5] = ["code", "state", "iss", "error", "callback"];
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .filter(|(name, _)| NAMES.contains(&name.as_str()))
        .collect()
}

/// The form that passes the response on.
fn form(client: &'static dyn OAuthClient, parameters: Vec<(String, String)>) -> impl IntoView {
    let endpoint = client.endpoint(Form::FinishSignIn);
    let has_code = parameters.iter().any(|(name, _)| name == "code");
    let text = match (has_code, endpoint) {
        _ if parameters.is_empty() => {
            "The provider sends you here after a sign-in, and nothing came with this address. \
             If you are signed in, go on to the menu."
        }
        (true, None) => {
            "The provider sent you back with a code. This page trades it for tokens by itself, \
             without any secret."
        }
        (true, Some(_)) => {
            "The provider sent you back with a code. This page hands it to the server, which \
             trades it for tokens with a secret that only the server has."
        }
        (false, _) => {
            "The provider sent you back without a code. This page hands its answer to the \
             server, which says what it means."
        }
    };
    let fields: Vec<_> = parameters
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    view! {
        <h1>"One more step"</h1>
        <p class="soft">{text}</p>
        <form method="post" action=endpoint data-action=Form::FinishSignIn.id()>
            {fields}
            <button class="primary">"Continue"</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b09_a_parameter_is_decoded_once() {
        let found = parameters("code=a%252Fb&iss=http%3A%2F%2Fkc%2Frealms%2Ftest%25202&evil=1");
        let expected = [("code", "a%2Fb"), ("iss", "http://kc/realms/test%202")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn b22_an_address_without_a_response_says_so() {
        let html = crate::samples::html(|| form(default(), Vec::new()));
        assert!(html.contains("nothing came with this address"), "{html}");
    }

    #[test]
    fn what_a_redirect_carried_stays_in_its_field() {
        let parameters = parameters("state=%22%3E%3Cscript%3E&error_description=upstream");
        let html = crate::samples::html(|| form(default(), parameters));
        assert!(
            html.contains("&gt;&lt;script&gt;") || html.contains("&quot;>"),
            "{html}"
        );
        assert!(!html.contains("<script>"), "{html}");
        assert!(
            !html.contains(r#"name="code""#) && !html.contains("upstream"),
            "{html}"
        );
    }
}
