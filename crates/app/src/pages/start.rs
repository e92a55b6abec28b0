//! The start page: sign in, and see what the client kinds do differently.

use super::{
    frame::{default, framed, head},
    request::Request,
};
use crate::{
    clients::{self, Form, OAuthClient, TokenLocation},
    components::{forms::SignInForm, problem::ProblemNotice, signed_out::SignedOut},
    page_data::ProviderChoice,
    routes::{COMPARE, Page},
};
use confidant_wire::{ProviderView, SessionView, SignedIn};
use leptos::prelude::*;

/// Renders the page; the query may say that the user has just signed out.
pub(super) fn page(request: Request) -> AnyView {
    let (problem, session) = match &request.session {
        Err(problem) => (Some(problem.clone()), None),
        Ok(SessionView { ended, session, .. }) => (ended.clone(), session.clone()),
    };
    let signed_out = match session {
        None => left(&request.query, &request.providers).cloned(),
        Some(_) => None,
    };
    let providers = request.providers.clone();
    let entry = match session {
        Some(session) => signed_in(session).into_any(),
        None => sign_in(clients::choices(default(), &providers)).into_any(),
    };
    let main = view! {
        {head(200, "")}
        {signed_out.map(|provider| view! { <SignedOut provider /> })}
        <div class="two hero">
            <div>
                <h1>"A token for you, and none for your browser"</h1>
                <p class="lead">
                    "Confidant signs you in at a provider and keeps the tokens on its server, \
                     where no script in the page can read them. Then it lets you use and refresh \
                     them, and shows every message that travels."
                </p>
                {problem.map(|problem| view! { <ProblemNotice problem heading=true kind=None /> })}
            </div>
            {entry}
        </div>
        {kinds(&providers)}
    };
    framed(&request, main)
}

/// Returns the provider that the user has just signed out at.
fn left<'a>(query: &str, providers: &'a [ProviderView]) -> Option<&'a ProviderView> {
    let (_, id) = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "signed_out")?;
    providers.iter().find(|provider| provider.id == id)
}

fn sign_in(providers: Vec<ProviderChoice>) -> impl IntoView {
    view! {
        <section class="sheet" aria-labelledby="sign-in-title">
            <h2 id="sign-in-title">"Sign in"</h2>
            <p class="soft">
                "To the kind that shows how it should be: the backend for frontend."
            </p>
            <SignInForm client=default() providers return_to=None />
        </section>
    }
}

fn signed_in(session: SignedIn) -> impl IntoView {
    view! {
        <section class="sheet" aria-labelledby="go-on-title">
            <h2 id="go-on-title">"You are signed in as " {session.name}</h2>
            <p class="soft">"At " {session.provider_name} ". The session is good on every page here."</p>
            <a class="button primary" href=Page::Menu.path(session.kind)>"Go to the menu"</a>
        </section>
    }
}

/// Every client kind, side by side: who holds what.
fn kinds(providers: &[ProviderView]) -> impl IntoView {
    let cards: Vec<_> = clients::offered(providers).into_iter().map(card).collect();
    view! {
        <section class="kinds-of-client" aria-labelledby="kinds-title">
            <h2 id="kinds-title">"The same menu, as every kind of client"</h2>
            <dl class="legend">
                <dt><span class="chip kept">"kept on the server"</span></dt>
                <dd>"No script in any page can reach it."</dd>
                <dt><span class="chip held">"in the browser"</span></dt>
                <dd>"A script that gets into the page can."</dd>
            </dl>
            <ul class="cards">
                {cards}
                <li class="sheet measure">
                    <h3>"Measured, side by side"</h3>
                    <p>
                        "One scenario runs with every kind. It counts the requests, and searches \
                         the page for the tokens as an attacker’s script would."
                    </p>
                    <a class="button" href=COMPARE>"Compare them"</a>
                </li>
            </ul>
        </section>
    }
}

fn card(client: &'static dyn OAuthClient) -> impl IntoView {
    let descriptor = client.descriptor();
    let location = |name: &'static str, location| {
        let (class, place) = match location {
            TokenLocation::Server => ("chip kept", "on the server"),
            TokenLocation::Browser(_) => ("chip held", "in the browser"),
        };
        view! { <span class=class>{format!("{name}: {place}")}</span> }
    };
    let no_scripts = client
        .endpoint(Form::Refresh)
        .map(|_| " · works without scripts");
    view! {
        <li class="sheet">
            <h3><a href=Page::Menu.path(client.kind())>{descriptor.name}</a></h3>
            {picture(client)}
            <p>{descriptor.summary}</p>
            <p class="chips">
                {location("access token", descriptor.access_token)}
                {location("refresh token", descriptor.refresh_token)}
            </p>
            <p class="soft">"RFC 10017, section " {descriptor.section} {no_scripts}</p>
        </li>
    }
}

/// A drawing of the browser and the server with the tokens that each holds. The
/// chips below it say the same in words.
fn picture(client: &'static dyn OAuthClient) -> impl IntoView {
    let descriptor = client.descriptor();
    let x = |location| match location {
        TokenLocation::Browser(_) => 60,
        TokenLocation::Server => 220,
    };
    let token = |location, y: u32, name: &'static str| {
        let class = match location {
            TokenLocation::Server => "token-mark kept",
            TokenLocation::Browser(_) => "token-mark held",
        };
        view! {
            <g>
                <rect class=class x={x(location) - 46} y=y width=92 height=24 rx=12 />
                <text class="token-name" x={x(location)} y={y + 16} text-anchor="middle">{name}</text>
            </g>
        }
    };
    view! {
        <svg class="holders" viewBox="0 0 280 104" aria-hidden="true" focusable="false">
            <rect class="holder" x=4 y=4 width=112 height=96 rx=10 />
            <text class="holder-name" x=60 y=24 text-anchor="middle">"Browser"</text>
            <rect class="holder" x=164 y=4 width=112 height=96 rx=10 />
            <text class="holder-name" x=220 y=24 text-anchor="middle">"Server"</text>
            <path class="line" d="M116 52H164" />
            {token(descriptor.access_token, 36, "access token")}
            {token(descriptor.refresh_token, 66, "refresh token")}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn rendered(query: &str, session: Option<SignedIn>) -> String {
        let session = SessionView {
            signed_in: session.is_some(),
            session,
            ..SessionView::default()
        };
        let request = Request {
            path: "/".to_owned(),
            query: query.to_owned(),
            providers: vec![samples::provider()],
            session: Ok(session),
        };
        samples::html(|| page(request))
    }

    #[test]
    fn a_user_who_signed_out_is_told_where_else_to() {
        let html = rendered("signed_out=demo", None);
        assert!(html.contains("You are signed out"), "{html}");
        assert!(html.contains("https://idp.example/logout"), "{html}");
        for html in [
            rendered("", None),
            rendered("signed_out=elsewhere", None),
            rendered("signed_out=demo", Some(samples::signed_in())),
        ] {
            assert!(!html.contains("You are signed out"));
        }
    }

    #[test]
    fn a_user_who_is_signed_in_is_led_to_the_menu_and_can_sign_out() {
        let html = rendered("", Some(samples::signed_in()));
        assert!(
            html.contains(r#"href="/bff/menu" class="button primary""#),
            "{html}"
        );
        assert!(!html.contains("sign-in-title"), "{html}");
        assert!(html.contains(r#"action="/app/sign_out""#), "{html}");
        assert!(!rendered("", None).contains("/app/sign_out"));
    }

    #[test]
    fn every_kind_that_is_offered_has_a_card() {
        let html = rendered("", None);
        for client in crate::EVERY_KIND.clients {
            let link = format!(r#"<h3><a href="/{}/menu""#, client.kind());
            assert!(html.contains(&link), "{link} is missing from {html}");
        }
    }
}
