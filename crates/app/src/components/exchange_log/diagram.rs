//! The sequence diagram. It is for the eye: the list beside it says the same
//! to screen readers.

use super::{
    label,
    layout::{Arrow, Column, Layout, WIDTH, lay_out},
    list::anchor,
};
use confidant_wire::{Exchange, Party};
use leptos::prelude::*;

/// The diagram of some exchanges. If it is `linked`, each message leads to its
/// exchange in the list.
#[component]
pub(crate) fn Diagram(exchanges: Vec<Exchange>, linked: bool) -> impl IntoView {
    let Layout {
        columns,
        arrows,
        height,
    } = lay_out(&exchanges);
    let columns: Vec<_> = columns
        .into_iter()
        .map(|column| draw_column(column, height))
        .collect();
    let arrows: Vec<_> = arrows
        .into_iter()
        .map(|arrow| {
            let target = linked.then(|| format!("#{}", anchor(arrow.exchange)));
            draw_arrow(arrow, target)
        })
        .collect();
    view! {
        <svg class="seq" viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true" focusable="false">
            {columns}
            {arrows}
        </svg>
    }
}

fn draw_column(Column { party, x }: Column, height: u32) -> AnyView {
    let zone = match party {
        Party::Browser => "zone held",
        Party::Server => "zone kept",
        Party::Provider | Party::Api => "zone",
    };
    view! {
        <g>
            <rect class=zone x={x - 95} y=0 width=190 height=height rx=10 />
            <text class="actor" x=x y=28 text-anchor="middle">{label::party(party)}</text>
            <path class="life" d=format!("M{x} 44V{}", height - 12) />
        </g>
    }
    .into_any()
}

fn draw_arrow(arrow: Arrow, target: Option<String>) -> AnyView {
    let Arrow {
        y,
        from,
        to,
        middle,
        ..
    } = arrow;
    let tone = arrow.tone.class();
    // The head stops short of the lifeline, and the shaft of the head.
    let (tip, back) = if to > from {
        (to - 2, to - 11)
    } else {
        (to + 2, to + 11)
    };
    let after = arrow.after.map(|after| {
        view! { <text class="t" x=6 y={y + 4}>{format!("{after} ms")}</text> }.into_any()
    });
    view! {
        // The group makes the link one of SVG's, and not of HTML's.
        <g>
            <a class="message" href=target tabindex="-1">
                <rect class="row" x=0 y={y - 25} width=WIDTH height=48 rx=8 />
                {after}
                <path class=format!("arrow {tone}") d=format!("M{from} {y}H{back}") />
                <path class=format!("head {tone}") d=format!("M{tip} {y}L{back} {}V{}z", y - 5, y + 5) />
                <text class="msg" x=middle y={y - 8} text-anchor="middle">{arrow.label}</text>
                <text class="sub" x=middle y={y + 17} text-anchor="middle">{arrow.secrets}</text>
            </a>
        </g>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn every_message_leads_to_its_exchange_and_catches_no_focus() {
        let exchanges = samples::refreshed_call();
        let html = samples::html(|| view! { <Diagram exchanges linked=true /> });
        assert_eq!(html.matches("<a ").count(), 8);
        let links = html.matches(r##"href="#exchange-3" tabindex="-1""##);
        assert_eq!(links.count(), 2, "{html}");
    }
}
