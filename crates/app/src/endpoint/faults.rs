//! `/auth/demo/…`: what can be made to go wrong. These endpoints are there
//! where the demo provider runs in this process; elsewhere they answer 404.

use super::{Failure, default_kind, transport::SameOrigin};
use crate::json::Answer;
#[cfg(feature = "ssr")]
use crate::{
    faults::{Press, SharedFaultControls},
    page::Page,
};
#[cfg(feature = "ssr")]
use confidant_wire::{ClientKind, Code, Problem};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, PostUrl},
};
use serde::{Deserialize, Serialize};

/// Where one sees what a press brought about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pressed {
    /// The panel's page.
    pub(crate) page: String,
}

/// The panel, drawn: pages that are drawn elsewhere put it in its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DrawnPanel {
    /// What is in force.
    pub(crate) state: String,
    /// What can be pressed.
    pub(crate) panel: String,
    /// What is in force in a sentence, for other pages.
    pub(crate) note: String,
}

/// `GET /auth/demo/panel`: how things stand.
#[server(prefix = "/auth", endpoint = "/demo/panel", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn draw_panel(
    #[server(default = "default_kind")] kind: String,
) -> Result<DrawnPanel, Failure> {
    let (controls, kind) = (controls()?, known(&kind)?);
    let panel = controls.look(kind).ok_or_else(no_kind)?;
    Ok(DrawnPanel {
        state: crate::draw::state(kind, &panel).into_string(),
        panel: crate::draw::panel(kind, &panel).into_string(),
        note: crate::draw::note(kind, &panel).into_string(),
    })
}

/// `GET /auth/demo/token`: what the provider still takes the token with this
/// fingerprint for. A fingerprint opens nothing, and neither does the answer.
#[cfg(feature = "draw")]
#[server(prefix = "/auth", endpoint = "/demo/token", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn look_at_token(fingerprint: String) -> Result<confidant_wire::Worth, Failure> {
    Ok(controls()?.worth(&fingerprint)?)
}

/// `POST /auth/demo/fault`: lets this preset happen, and no other fault;
/// `none` for none.
#[server(prefix = "/auth", endpoint = "/demo/fault", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_fault(
    preset: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |_| Press::Fault(preset))
}

/// `POST /auth/demo/policy`: has the kind's client treated by this preset.
#[server(prefix = "/auth", endpoint = "/demo/policy", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_policy(
    preset: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |kind| Press::Policy(kind, preset))
}

/// `POST /auth/demo/belief`: what our server is to believe of the provider.
#[server(prefix = "/auth", endpoint = "/demo/belief", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_belief(
    reuse: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |_| Press::Belief(reuse))
}

/// `POST /auth/demo/clock`: sets a clock fast by so many seconds.
#[server(prefix = "/auth", endpoint = "/demo/clock", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn set_clock(
    clock: String,
    seconds: i64,
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |_| Press::Clock(clock, seconds))
}

/// `POST /auth/demo/sign_out`: signs a person out at the provider.
#[server(prefix = "/auth", endpoint = "/demo/sign_out", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn sign_out_at_provider(
    person: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |_| Press::SignOut(person))
}

/// `POST /auth/demo/revoke`: ends a person's tokens at the provider.
#[server(prefix = "/auth", endpoint = "/demo/revoke", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn revoke_at_provider(
    person: String,
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |_| Press::Revoke(person))
}

/// `POST /auth/demo/reset`: everything as it was configured.
#[server(prefix = "/auth", endpoint = "/demo/reset", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn reset_faults(
    #[server(default = "default_kind")] kind: String,
) -> Result<Pressed, Failure> {
    press(&kind, |_| Press::Reset)
}

/// The controls; where there are none there are no such endpoints either.
#[cfg(feature = "ssr")]
fn controls() -> Result<SharedFaultControls, Failure> {
    let none = || Failure(Problem::new(Code::NotFound, "There is no such endpoint."));
    use_context().ok_or_else(none)
}

#[cfg(feature = "ssr")]
fn press(kind: &str, press: impl FnOnce(ClientKind) -> Press) -> Result<Pressed, Failure> {
    let (controls, kind) = (controls()?, known(kind)?);
    controls.press(press(kind))?;
    Ok(Pressed {
        page: Page::Faults.path(kind),
    })
}

#[cfg(feature = "ssr")]
fn known(kind: &str) -> Result<ClientKind, Failure> {
    let kind = kind.parse().ok();
    let known = kind.filter(|kind| crate::client::source(*kind).is_some());
    Ok(known.ok_or_else(no_kind)?)
}

#[cfg(feature = "ssr")]
fn no_kind() -> Problem {
    Problem::new(
        Code::UnknownKind,
        "There is no client of this kind with the demo provider.",
    )
}
