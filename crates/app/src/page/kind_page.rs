//! The pages that every kind of client has: one frame, five contents.

use super::{
    NotFound, Page,
    outcome::{Outcome, headline},
    recheck::{Recheck, worth_asking_again},
    seen::Seen,
    sign_in_first::SignInFirst,
    status,
};
use crate::{
    client::{self, Client},
    clock,
    desk::Desk,
    frame::Standing,
    log::Log,
    problem::ProblemView,
    sign_in::SignInForm,
    token::{ChangeView, TokenSheet},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use wire::{ClientKind, Code, Problem, ProviderView, SignedIn, TokenView};

/// A page of the kind that the path names.
#[component]
pub(crate) fn KindPage(page: Page) -> impl IntoView {
    let params = use_params_map();
    let kind = Memo::new(move |_| params.read().get("kind")?.parse::<ClientKind>().ok());
    let (Some(desk), Some(standing)) = (use_context(), use_context::<Resource<Standing>>()) else {
        return ().into_any();
    };
    let desk: Desk = desk;
    let seen = Resource::new_blocking(
        move || (kind.get(), desk.turn.get()),
        move |(kind, _)| async move {
            match kind {
                Some(kind) => Some(Seen::read(client::of(kind), page).await),
                None => None,
            }
        },
    );
    let content = move || {
        Suspend::new(async move {
            let (standing, seen) = (standing.await, seen.await);
            match (kind.get_untracked(), seen) {
                (Some(kind), Some(seen)) => content(client::of(kind), page, desk, standing, seen),
                _ => view! { <NotFound /> }.into_any(),
            }
        })
    };
    view! {
        <Transition fallback=|| view! { <p class="soft">"One moment …"</p> }>{content}</Transition>
    }
    .into_any()
}

fn content(
    client: &'static dyn Client,
    page: Page,
    desk: Desk,
    standing: Standing,
    seen: Seen,
) -> AnyView {
    let path = format!("/{}/{}", client.kind(), page.id());
    let unknown = standing
        .session
        .as_ref()
        .is_ok_and(|session| session.unknown);
    if unknown && worth_asking_again(desk) {
        return view! { <Recheck path /> }.into_any();
    }
    let providers = standing.providers;
    let (session, token) = match (
        standing.session.map(|view| view.session),
        seen.token.clone(),
    ) {
        (Ok(Some(session)), Ok(token)) => (session, token),
        (Ok(Some(_)) | Err(_), Err(problem)) | (Err(problem), _)
            if problem.code.status() != 401 =>
        {
            return failed(page, problem);
        }
        (Ok(None), Ok(_)) => {
            let problem = Problem::new(Code::NotSignedIn, "Nobody is signed in.");
            return view! { <SignInFirst client providers path problem /> }.into_any();
        }
        (_, Err(problem)) | (Err(problem), _) => {
            return view! { <SignInFirst client providers path problem /> }.into_any();
        }
    };
    whole(client, page, desk, session, token, seen, providers)
}

/// The page of somebody who is signed in.
fn whole(
    client: &'static dyn Client,
    page: Page,
    desk: Desk,
    session: SignedIn,
    token: TokenView,
    seen: Seen,
    providers: Vec<ProviderView>,
) -> AnyView {
    let Seen {
        found,
        report,
        arrived,
        ..
    } = seen;
    let title = headline(client, page, found.as_ref().ok(), report.change.as_ref());
    let said = match page {
        Page::Menu => format!(
            "The server obtained it from {} {} {}. What would you like to do next?",
            session.provider_name,
            clock::ago(token.obtained_at, token.now),
            client.whereabouts(),
        ),
        _ => format!(
            "Signed in at {} as {}.",
            session.provider_name, session.name
        ),
    };
    let outcome = match found {
        Ok(found) => {
            let change = report.change.clone();
            view! { <Outcome client page found change /> }.into_any()
        }
        Err(problem) => {
            status::set(problem.code.status());
            let again = (problem.code.status() == 401).then(|| {
                let (kind, path) = (
                    Some(client.kind()),
                    format!("/{}/{}", client.kind(), page.id()),
                );
                view! { <SignInForm providers kind return_to=Some(path) /> }
            });
            view! {
                <div>
                    <ProblemView problem heading=false />
                    {again}
                </div>
            }
            .into_any()
        }
    };
    let menu = (page != Page::Menu).then(|| {
        view! {
            <p class="back">
                <a href=format!("/{}/menu", client.kind())>"Back to the menu"</a>
            </p>
        }
    });
    view! {
        <Title text=page.title() />
        {menu}
        <h1>{title}</h1>
        <p class="soft">{said}</p>
        {move || desk.problem.get().map(|problem| view! { <ProblemView problem heading=true /> })}
        <div class="two">
            <div class="stack">
                {outcome}
                {report.change.map(|change| view! { <ChangeView change /> })}
            </div>
            <TokenSheet client token arrived />
        </div>
        <Log exchanges=report.exchanges />
    }
    .into_any()
}

/// The page of which nothing could be read.
fn failed(page: Page, problem: Problem) -> AnyView {
    status::set(problem.code.status());
    view! {
        <Title text=page.title() />
        <h1>"That did not work"</h1>
        <ProblemView problem heading=true />
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{page::seen::Found, sample};
    use leptos_router::{components::Router, location::RequestUrl};
    use wire::{Cause, Claims, Report};

    fn render(page: Page, found: Result<Found, Problem>) -> String {
        let report = Report {
            change: Some(sample::change(Cause::Automatic)),
            exchanges: sample::refreshed_call(),
        };
        let seen = Seen {
            found,
            token: Ok(sample::token()),
            report,
            arrived: None,
        };
        Owner::new().with(|| {
            provide_context(RequestUrl::new("/bff/menu"));
            leptos_meta::provide_meta_context();
            let desk = Desk::provide();
            let client = client::of(ClientKind::Bff);
            let view = move || {
                whole(
                    client,
                    page,
                    desk,
                    sample::signed_in(),
                    sample::token(),
                    seen.clone(),
                    vec![],
                )
            };
            view! { <Router>{view}</Router> }.to_html()
        })
    }

    #[test]
    fn the_menu_offers_the_four_actions_as_plain_forms() {
        let html = render(Page::Menu, Ok(Found::Nothing));
        for form in [
            r#"<form method="get" action="/bff/profile">"#,
            r#"<form method="get" action="/bff/validate">"#,
            r#"<form method="post" action="/auth/refresh">"#,
            r#"<form method="post" action="/auth/expire">"#,
        ] {
            assert!(html.contains(form), "{form} is missing from {html}");
        }
    }

    #[test]
    fn a_failed_call_leaves_the_token_view_and_the_log_in_place() {
        let problem = Problem::new(Code::ProviderUnavailable, "No answer within 10 s.");
        let html = render(Page::Profile, Err(problem));
        for part in [
            "No answer within 10 s.",
            "at·7f3a9c",
            "What just travelled",
            "Back to the menu",
        ] {
            assert!(html.contains(part), "{part} is missing from {html}");
        }
    }

    #[test]
    fn an_automatic_refresh_shows_both_tokens_and_the_answer() {
        let claims = Claims::from_iter([("sub".to_owned(), "alice".into())]);
        let html = render(Page::AutomaticRefresh, Ok(Found::Profile(claims)));
        for part in [
            "Nobody noticed",
            "rt·88d1f2",
            "rt·19c2e0",
            "<dt>sub</dt><dd>alice</dd>",
        ] {
            assert!(html.contains(part), "{part} is missing from {html}");
        }
    }

    #[test]
    fn nothing_on_a_page_needs_an_inline_style_or_an_unescaped_field() {
        let html = render(Page::Menu, Ok(Found::Nothing));
        for forbidden in [" style=", "<style", "<textarea", " onclick="] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
    }
}
