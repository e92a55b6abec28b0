//! The state of the demo provider, put into words.

use super::{
    data::{Clock, ClockSetting, FaultPanel, PolicyGroup},
    provider_controls::{self, SharedFaultControls},
    wording,
};
use confidant_wire::ClientKind;
use leptos::prelude::use_context;

/// What a clock can be set to, in seconds by which it is fast.
const OFFSETS: [i64; 4] = [-3600, 0, 90, 3600];

/// Returns the fault panel of a kind, if the demo provider runs in this process
/// and knows a client of that kind.
pub(crate) fn fault_panel(kind: ClientKind) -> Option<FaultPanel> {
    let panel = use_context::<SharedFaultControls>()?.panel(kind)?;
    let policy = policy_names(&panel);
    let error = wording::mismatch(&panel.reuse_rule).map(str::to_owned);
    let group = |group: provider_controls::Policies| PolicyGroup {
        about: group.about.to_owned(),
        choices: group.choices,
    };
    Some(FaultPanel {
        policy,
        active: panel
            .active_rules
            .iter()
            .map(wording::active_rule)
            .collect(),
        reuse: wording::reuse_rule(panel.reuse_rule.assumed),
        reuse_error: error,
        reuse_choices: panel.reuse_rule.choices,
        clocks: panel.clocks.iter().map(clock).collect(),
        provider: panel.provider,
        client: panel.client,
        faults: panel.faults,
        policies: panel.policies.into_iter().map(group).collect(),
        users: panel.users,
    })
}

/// Returns the active faults and policies in words.
pub(crate) fn active_faults(kind: ClientKind) -> Option<String> {
    let panel = fault_panel(kind)?;
    let clocks = panel.clocks.into_iter().filter_map(|clock| clock.error);
    let sentences = [format!("At {}: {}.", panel.provider, panel.policy)]
        .into_iter()
        .chain(panel.active)
        .chain(clocks.map(|error| format!("{error}.")));
    Some(sentences.collect::<Vec<_>>().join(" "))
}

/// Returns the names of the policies in force.
fn policy_names(panel: &provider_controls::Panel) -> String {
    let choices = panel.policies.iter().flat_map(|group| &group.choices);
    let names: Vec<_> = choices
        .filter(|choice| choice.in_force)
        .map(|choice| choice.name.as_str())
        .collect();
    if names.is_empty() {
        return "policies of their own making".to_owned();
    }
    names.join(" · ")
}

fn clock(clock: &provider_controls::Clock) -> Clock {
    let setting = |seconds| ClockSetting {
        seconds,
        name: wording::off(seconds),
        in_force: clock.fast_by == seconds,
    };
    Clock {
        id: clock.id.to_owned(),
        owner: clock.owner.to_owned(),
        error: (clock.fast_by != 0).then(|| wording::clock(clock)),
        settings: OFFSETS.map(setting).into(),
    }
}
