//! Landing from another site. A Strict cookie stays at home then, so the
//! server cannot tell who it is. Asked once more from our own page, it can.

use crate::desk::Desk;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Whether to ask once more, or to believe the answer: asked by script or by
/// the reload below, it is not going to change.
pub(super) fn worth_asking_again(desk: Desk) -> bool {
    let reloaded = use_query_map().get_untracked().get("checked").is_some();
    !reloaded && !desk.rechecked.get_untracked()
}

/// A page for the moment in between.
#[component]
pub(super) fn Recheck(
    /// A path of ours, free of anything a visitor put in.
    path: String,
) -> impl IntoView {
    let desk = use_context::<Desk>();
    Effect::new(move || {
        if let Some(desk) = desk
            && !desk.rechecked.get_untracked()
        {
            desk.rechecked.set(true);
            desk.look_again();
        }
    });
    // A reload comes from our own page and brings the cookie along. Its mark
    // keeps a browser that never sends cookies from going round in circles.
    let reload = format!(r#"<meta http-equiv="refresh" content="0;url={path}?checked=1">"#);
    view! {
        <Title text="One moment" />
        <h1>"One moment"</h1>
        <p class="soft">
            "You came from another site, and the session cookie is not sent along then. "
            "Asking again from here."
        </p>
        <noscript inner_html=reload></noscript>
        <p>
            <a href=format!("{path}?checked=1")>"Go on by hand"</a>
        </p>
    }
    .into_any()
}
