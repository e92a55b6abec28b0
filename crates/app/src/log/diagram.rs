//! The sequence diagram. It is for the eye: the list beside it says the same
//! to everybody else.

use super::{
    label,
    layout::{Arrow, Column, Layout, Tone, WIDTH, lay_out},
    list::anchor,
};
use crate::browser;
use leptos::prelude::*;
use wire::{Exchange, Party};

/// Draws the exchanges.
#[component]
pub(super) fn Diagram(exchanges: Vec<Exchange>) -> impl IntoView {
    let Layout {
        columns,
        arrows,
        height,
    } = lay_out(&exchanges);
    let columns: Vec<_> = columns
        .into_iter()
        .map(|column| draw_column(column, height))
        .collect();
    let arrows: Vec<_> = arrows.into_iter().map(draw_arrow).collect();
    view! {
        <svg class="seq" viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true" focusable="false">
            {columns}
            {arrows}
        </svg>
    }
    .into_any()
}

fn draw_column(Column { party, x }: Column, height: u32) -> AnyView {
    let zone = match party {
        Party::Browser => "zone held",
        Party::Server => "zone kept",
        Party::Provider | Party::Api => "zone",
    };
    let life = format!("M{x} 44V{}", height - 12);
    view! {
        <g>
            <rect class=zone x=x - 95 y="0" width="190" height=height rx="10"></rect>
            <text class="actor" x=x y="28" text-anchor="middle">
                {label::party(party)}
            </text>
            <path class="life" d=life></path>
        </g>
    }
    .into_any()
}

fn draw_arrow(arrow: Arrow) -> AnyView {
    let Arrow {
        exchange,
        y,
        from,
        to,
        middle,
        label,
        cargo,
        tone,
        after,
    } = arrow;
    let tone = match tone {
        Tone::Plain => "arrow",
        Tone::Kept => "arrow kept",
        Tone::Held => "arrow held",
        Tone::Lost => "arrow lost",
    };
    // `<a>` is SVG's own only inside of SVG, hence the group around it. The
    // head stops short of the lifeline, and the shaft of the head.
    let (tip, back) = if to > from {
        (to - 2, to - 11)
    } else {
        (to + 2, to + 11)
    };
    let (up, down) = (y - 5, y + 5);
    let shaft = format!("M{from} {y}H{back}");
    let head = format!("M{tip} {y}L{back} {up}V{down}z");
    let id = anchor(exchange);
    let target = format!("#{id}");
    view! {
        <g>
            <a class="message" href=target tabindex="-1" on:click=move |_| browser::unfold(&id)>
                <rect class="row" x="0" y=y - 25 width=WIDTH height="48" rx="8"></rect>
                <text class="t" x="6" y=y + 4>
                    {after.map(|after| format!("{after} ms"))}
                </text>
                <path class=tone d=shaft></path>
                <path class=format!("head {tone}") d=head></path>
                <text class="msg" x=middle y=y - 8 text-anchor="middle">
                    {label}
                </text>
                <text class="sub" x=middle y=y + 17 text-anchor="middle">
                    {cargo}
                </text>
            </a>
        </g>
    }
    .into_any()
}
