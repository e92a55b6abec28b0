//! The bar above every page.

use super::{Standing, icon::Mark};
use crate::{
    client::{self, Client, Deed},
    desk::{DeedForm, kind_of},
};
use leptos::prelude::*;
use wire::ClientKind;

/// Name, kinds of client, and who is signed in.
#[component]
pub(super) fn Header(
    path: Memo<String>,
    client: Memo<ClientKind>,
    standing: Resource<Standing>,
) -> impl IntoView {
    let who = move || {
        Suspend::new(async move {
            let client = client::of(client.get());
            let session = standing.await.session.ok()?.session?;
            Some(signed_in(client, session.name))
        })
    };
    view! {
        <header>
            <div class="bar">
                <a class="name" href="/">
                    <Mark />
                    "Confidant"
                </a>
                <nav aria-label="Client kind">
                    <ul class="kinds">{kinds(path)}</ul>
                </nav>
                <Transition>{who}</Transition>
            </div>
        </header>
    }
    .into_any()
}

fn kinds(path: Memo<String>) -> Vec<AnyView> {
    let link = |kind: ClientKind| {
        let href = format!("/{kind}/menu");
        let current = move || (kind_of(&path.get()) == Some(kind)).then_some("true");
        view! {
            <li>
                <a href=href aria-current=current>
                    {client::of(kind).name()}
                </a>
            </li>
        }
        .into_any()
    };
    ClientKind::ALL.iter().copied().map(link).collect()
}

fn signed_in(client: &'static dyn Client, name: String) -> AnyView {
    view! {
        <div class="who">
            <span class="soft">{name}</span>
            <DeedForm client deed=Deed::SignOut label="Sign out" plain=true />
        </div>
    }
    .into_any()
}
