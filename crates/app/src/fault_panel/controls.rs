//! The controls of the fault panel. Each is a button of a plain form; in the
//! island the page stays.

use super::data::{Choice, Clock, FaultPanel};
use crate::{actions::PageState, browser, routes};
use leptos::{ev::SubmitEvent, prelude::*};

/// All controls.
#[component]
pub(crate) fn FaultPanelView() -> impl IntoView {
    let state = expect_context::<PageState>();
    move || {
        let panel = FaultPanel::from_json(&state.panel.get());
        panel.map(|panel| controls(panel).into_any())
    }
}

fn controls(panel: FaultPanel) -> impl IntoView {
    let policies: Vec<_> = panel
        .policies
        .into_iter()
        .enumerate()
        .map(|(number, group)| {
            let title = format!("policy-{number}-title");
            view! {
                <h3 id=title.clone()>{group.about}</h3>
                <Choices endpoint="policy" name="preset" title choices=group.choices />
            }
        })
        .collect();
    let reuse = (!panel.reuse_choices.is_empty()).then(|| {
        view! {
            <section class="sheet" aria-labelledby="reuse-rule-title">
                <h2 id="reuse-rule-title">{"How the client treats used refresh tokens"}</h2>
                <p class="soft">
                    {"Elsewhere the provider’s profile says it. Here it follows the policy that you \
                      choose. Set it apart from that to see what a wrong profile costs."}
                </p>
                <Choices endpoint="reuse_rule" name="reuse" title="reuse-rule-title".to_owned() choices=panel.reuse_choices />
            </section>
        }
    });
    let clocks: Vec<_> = panel.clocks.into_iter().map(clock).collect();
    view! {
        <div class="faults">
            <section class="sheet" aria-labelledby="faults-title">
                <h2 id="faults-title">{"What goes wrong"}</h2>
                <p class="soft">{"One fault at a time: another takes its place."}</p>
                <Choices endpoint="fault" name="preset" title="faults-title".to_owned() choices=panel.faults />
            </section>
            <section class="sheet" aria-labelledby="policies-title">
                <h2 id="policies-title">{"How the provider treats this client"}</h2>
                <p class="soft">
                    {"The client is "} <code>{panel.client}</code>
                    {". A policy holds at once, for users who are signed in as well."}
                </p>
                {policies}
            </section>
            {reuse}
            <section class="sheet" aria-labelledby="clocks-title">
                <h2 id="clocks-title">{"Clocks"}</h2>
                {clocks}
            </section>
            <section class="sheet" aria-labelledby="users-title">
                <h2 id="users-title">{"Users"}</h2>
                <p class="soft">
                    {"Signed out at the provider, they are asked at the next authorization."}
                </p>
                {users("sign_out", "Sign out", panel.users.clone())}
                <p class="soft">{"Revoked, every token of theirs ends, whichever client has it."}</p>
                {users("revoke", "Revoke all of", panel.users)}
            </section>
        </div>
    }
}

/// A form that sends a command, around its buttons. Each button has an id.
#[component]
pub(super) fn CommandForm(endpoint: &'static str, children: Children) -> impl IntoView {
    let state = expect_context::<PageState>();
    let path = format!("{}{endpoint}", routes::DEMO_FUNCTIONS);
    let action = path.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let form = browser::form_data(&event);
        if let (Some(form), Some(button)) = (form, browser::pressed_button(&event)) {
            let label = button.text_content().unwrap_or_default();
            state.send_command(button.id(), path.clone(), form, label);
        }
    };
    view! {
        <form class="command" method="post" action=action on:submit=submit>
            <input type="hidden" name="kind" value=state.client.kind().to_string() />
            {children()}
        </form>
    }
}

/// A button that sends a value.
#[component]
fn CommandButton(
    id: String,
    name: &'static str,
    value: String,
    pressed: Option<bool>,
    label: String,
) -> impl IntoView {
    let state = expect_context::<PageState>();
    let pressed = pressed.map(|pressed| pressed.to_string());
    let own = id.clone();
    let busy = move || state.is_pending(&own).then_some("true");
    view! {
        <button id=id name=name value=value aria-pressed=pressed aria-busy=busy>{label}</button>
    }
}

/// One button for each choice, and its description.
#[component]
fn Choices(
    endpoint: &'static str,
    name: &'static str,
    title: String,
    choices: Vec<Choice>,
) -> impl IntoView {
    let items =
        move || -> Vec<_> {
            choices
            .into_iter()
            .map(|Choice { id, name: label, words, in_force }| {
                let button = format!("command-{endpoint}-{id}");
                view! {
                    <li>
                        <CommandButton id=button name value=id pressed=Some(in_force) label />
                        <span class="soft">{words}</span>
                    </li>
                }
            })
            .collect()
        };
    view! {
        <CommandForm endpoint>
            <ul class="commands" aria-labelledby=title>{items()}</ul>
        </CommandForm>
    }
}

fn clock(
    Clock {
        id,
        owner,
        settings,
        ..
    }: Clock,
) -> impl IntoView {
    let title = format!("clock-{id}-title");
    let (labelled_by, sent) = (title.clone(), id.clone());
    let buttons = move || -> Vec<_> {
        settings
            .into_iter()
            .map(|setting| {
                let button = format!("command-clock-{id}-{}", setting.seconds);
                let value = setting.seconds.to_string();
                let pressed = Some(setting.in_force);
                view! { <CommandButton id=button name="seconds" value pressed label=setting.name /> }
            })
            .collect()
    };
    view! {
        <h3 id=title>{owner}</h3>
        <CommandForm endpoint="clock">
            <input type="hidden" name="clock" value=sent />
            <div class="buttons" role="group" aria-labelledby=labelled_by>{buttons()}</div>
        </CommandForm>
    }
}

fn users(endpoint: &'static str, command: &'static str, users: Vec<String>) -> impl IntoView {
    let buttons = move || -> Vec<_> {
        users
            .into_iter()
            .map(|user| {
                let label = format!("{command} {user}");
                let id = format!("command-{endpoint}-{user}");
                view! { <CommandButton id name="user" value=user pressed=None label /> }
            })
            .collect()
    };
    view! {
        <CommandForm endpoint>
            <div class="buttons">{buttons()}</div>
        </CommandForm>
    }
}
