//! The sequence diagram. It is for the eye: the list beside it says the same
//! to everybody else.

use super::{
    label,
    layout::{Arrow, Column, Layout, Tone, WIDTH, lay_out},
    list::anchor,
};
use confidant_wire::{Exchange, Party};
use maud::{Markup, html};

/// Draws the exchanges, each leading to its place in the list.
pub(super) fn diagram(exchanges: &[Exchange]) -> Markup {
    draw(exchanges, |exchange| Some(format!("#{}", anchor(exchange))))
}

/// Draws the exchanges where there is no list to lead to.
#[cfg(any(feature = "public", test))]
pub(crate) fn picture(exchanges: &[Exchange]) -> Markup {
    draw(exchanges, |_| None)
}

fn draw(exchanges: &[Exchange], target: impl Fn(u64) -> Option<String>) -> Markup {
    let Layout {
        columns,
        arrows,
        height,
    } = lay_out(exchanges);
    html! {
        svg.seq viewBox={ "0 0 " (WIDTH) " " (height) } aria-hidden="true" focusable="false" {
            @for column in &columns { (draw_column(column, height)) }
            @for arrow in &arrows { (draw_arrow(arrow, target(arrow.exchange))) }
        }
    }
}

fn draw_column(Column { party, x }: &Column, height: u32) -> Markup {
    let zone = match party {
        Party::Browser => "zone held",
        Party::Server => "zone kept",
        Party::Provider | Party::Api => "zone",
    };
    html! {
        rect class=(zone) x=(x - 95) y="0" width="190" height=(height) rx="10" {}
        text.actor x=(x) y="28" text-anchor="middle" { (label::party(*party)) }
        path.life d={ "M" (x) " 44V" (height - 12) } {}
    }
}

fn draw_arrow(arrow: &Arrow, target: Option<String>) -> Markup {
    let Arrow {
        y,
        from,
        to,
        middle,
        ..
    } = arrow;
    let tone = match arrow.tone {
        Tone::Plain => "",
        Tone::Kept => " kept",
        Tone::Held => " held",
        Tone::Lost => " lost",
    };
    // The head stops short of the lifeline, and the shaft of the head.
    let (tip, back) = if to > from {
        (to - 2, to - 11)
    } else {
        (to + 2, to + 11)
    };
    html! {
        a.message href=[target] tabindex="-1" {
            rect.row x="0" y=(y - 25) width=(WIDTH) height="48" rx="8" {}
            @if let Some(after) = arrow.after { text.t x="6" y=(y + 4) { (after) " ms" } }
            path class={ "arrow" (tone) } d={ "M" (from) " " (y) "H" (back) } {}
            path class={ "head" (tone) } d={ "M" (tip) " " (y) "L" (back) " " (y - 5) "V" (y + 5) "z" } {}
            text.msg x=(middle) y=(y - 8) text-anchor="middle" { (arrow.label) }
            text.sub x=(middle) y=(y + 17) text-anchor="middle" { (arrow.cargo) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_message_leads_to_its_exchange_and_catches_no_focus() {
        let drawn = diagram(&sample::refreshed_call()).into_string();
        assert_eq!(drawn.matches("<a ").count(), 8);
        assert_eq!(
            drawn
                .matches(r##"href="#exchange-3" tabindex="-1""##)
                .count(),
            2
        );
    }
}
