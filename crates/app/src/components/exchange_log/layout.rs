//! The layout of a sequence diagram, as numbers.

use super::{group::is_this_page, label};
use crate::components::tone::Tone;
use confidant_wire::{Exchange, Parameter, Party, UnixMillis};

/// The drawing's width in its own units.
pub(super) const WIDTH: u32 = 1080;
const LEFT: u32 = 150;
const RIGHT: u32 = 110;
const TOP: u32 = 82;
const ROW: u32 = 50;
/// Units that one character of a label takes, at most.
const CHARACTER: u32 = 8;

/// One party's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Whose.
    pub(super) party: Party,
    /// Where its lifeline stands.
    pub(super) x: u32,
}

/// A request or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    /// The exchange it belongs to.
    pub(super) exchange: u64,
    /// Its height.
    pub(super) y: u32,
    /// Where it starts.
    pub(super) from: u32,
    /// Where it ends.
    pub(super) to: u32,
    /// The middle of its label: the gap before the party it is about.
    pub(super) middle: u32,
    /// What it is.
    pub(super) label: String,
    /// The secrets that it carries, by their fingerprints.
    pub(super) secrets: String,
    /// Its colour.
    pub(super) tone: Tone,
    /// Milliseconds since the first request; none if the answer is still being
    /// written.
    pub(super) after: Option<u64>,
}

/// A whole diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The parties that took part, from the left.
    pub(super) columns: Vec<Column>,
    /// The requests and answers, from the top.
    pub(super) arrows: Vec<Arrow>,
    /// The drawing's height.
    pub(super) height: u32,
}

/// Lays the exchanges out.
pub(super) fn lay_out(exchanges: &[Exchange]) -> Layout {
    let columns = columns(exchanges);
    let gap = match columns.as_slice() {
        [first, second, ..] => second.x - first.x,
        _ => WIDTH,
    };
    let began = exchanges.iter().map(|e| e.at).min().unwrap_or_default();
    let mut messages = Vec::new();
    nest(exchanges, None, &mut messages);
    // Stable: what happened within the same millisecond stays nested.
    messages.sort_by_key(|message| message.at);

    let x = |party| {
        let column = columns.iter().find(|column| column.party == party);
        column.map_or(0, |column| column.x)
    };
    let room = (gap / CHARACTER) as usize;
    let mut y = TOP;
    let arrows: Vec<_> = messages
        .into_iter()
        .map(|message| {
            let (from, to) = (x(message.from), x(message.to));
            let target = x(message.exchange.to);
            let caller = x(message.exchange.from);
            let middle = if target > caller {
                target - gap / 2
            } else {
                target + gap / 2
            };
            let tone = message.tone();
            let arrow = Arrow {
                exchange: message.exchange.id,
                y,
                from,
                to,
                middle,
                label: label::fit(message.label, room),
                secrets: label::fit(label::secrets(message.parameters), room),
                tone,
                after: (message.at < UnixMillis::MAX).then(|| message.at - began),
            };
            y += ROW;
            arrow
        })
        .collect();
    Layout {
        columns,
        arrows,
        height: y,
    }
}

/// Lists requests and answers, with what a request led to between the two.
fn nest<'a>(exchanges: &'a [Exchange], parent: Option<&Exchange>, messages: &mut Vec<Message<'a>>) {
    for exchange in exchanges {
        if cause(exchanges, exchange) == parent {
            messages.push(Message::request(exchange));
            nest(exchanges, Some(exchange), messages);
            messages.push(Message::answer(exchange));
        }
    }
}

/// Returns the exchange within which another took place: the last that reached
/// its sender before it, and was answered after it.
fn cause<'a>(exchanges: &'a [Exchange], effect: &Exchange) -> Option<&'a Exchange> {
    exchanges
        .iter()
        .filter(|other| other.to == effect.from && other.id < effect.id)
        .filter(|other| other.at <= effect.at && answered(other) >= answered(effect))
        .max_by_key(|other| (other.at, other.id))
}

/// Returns when an exchange ended. The request that is being answered ends after
/// all that it led to.
fn answered(exchange: &Exchange) -> UnixMillis {
    if is_this_page(exchange) {
        UnixMillis::MAX
    } else {
        exchange.at + exchange.took
    }
}

fn columns(exchanges: &[Exchange]) -> Vec<Column> {
    let present: Vec<_> = [Party::Browser, Party::Server, Party::Provider, Party::Api]
        .into_iter()
        .filter(|party| {
            exchanges
                .iter()
                .any(|exchange| exchange.from == *party || exchange.to == *party)
        })
        .collect();
    let gaps = present.len().saturating_sub(1).max(1) as u32;
    let gap = (WIDTH - LEFT - RIGHT) / gaps;
    present
        .into_iter()
        .zip(0..)
        .map(|(party, n)| Column {
            party,
            x: LEFT + n * gap,
        })
        .collect()
}

struct Message<'a> {
    exchange: &'a Exchange,
    at: UnixMillis,
    from: Party,
    to: Party,
    label: String,
    parameters: &'a [Parameter],
    failed: bool,
}

impl<'a> Message<'a> {
    fn request(exchange: &'a Exchange) -> Self {
        Self {
            exchange,
            at: exchange.at,
            from: exchange.from,
            to: exchange.to,
            label: label::request(exchange),
            parameters: &exchange.sent,
            failed: false,
        }
    }

    fn answer(exchange: &'a Exchange) -> Self {
        let pending = is_this_page(exchange);
        let failed = exchange.status.is_none_or(|status| status >= 400);
        Self {
            exchange,
            at: answered(exchange),
            from: exchange.to,
            to: exchange.from,
            label: label::answer(exchange),
            parameters: &exchange.received,
            failed: failed && !pending,
        }
    }

    fn tone(&self) -> Tone {
        if self.failed {
            Tone::Lost
        } else if !label::carries_secret(self.parameters) {
            Tone::Plain
        } else if self.from == Party::Browser || self.to == Party::Browser {
            Tone::Held
        } else {
            Tone::Kept
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn only_parties_that_took_part_have_a_column() {
        let layout = lay_out(&samples::refreshed_call());
        let parties: Vec<_> = layout.columns.iter().map(|c| c.party).collect();
        assert_eq!(parties, [Party::Browser, Party::Server, Party::Provider]);
        assert!(layout.columns.iter().all(|column| column.x < WIDTH));
    }

    #[test]
    fn the_page_being_read_is_answered_last() {
        let layout = lay_out(&samples::refreshed_call());
        let last = layout.arrows.last().unwrap();
        assert_eq!((last.exchange, last.label.as_str()), (2, "this page"));
        assert_eq!(last.after, None);
        assert!(last.to < last.from, "it goes back to the browser");
    }

    #[test]
    fn arrows_stand_in_the_order_of_time_below_one_another() {
        let layout = lay_out(&samples::refreshed_call());
        assert_eq!(layout.arrows.len(), 8);
        assert!(layout.arrows.windows(2).all(|pair| pair[0].y < pair[1].y));
        let ids: Vec<_> = layout.arrows.iter().map(|arrow| arrow.exchange).collect();
        assert_eq!(ids, [1, 1, 2, 3, 3, 4, 4, 2]);
        assert!(layout.height > layout.arrows.last().unwrap().y);
    }

    #[test]
    fn what_ends_in_the_same_millisecond_stays_nested() {
        use Party::*;
        let mut page = samples::exchange(1, Browser, Server, "GET", "/bff/profile");
        let mut call = samples::exchange(2, Server, Provider, "GET", "/userinfo");
        (page.at, page.took) = (samples::NOW, 9);
        (call.at, call.took) = (samples::NOW, 9);
        let layout = lay_out(&[page, call]);
        let ids: Vec<_> = layout.arrows.iter().map(|arrow| arrow.exchange).collect();
        assert_eq!(ids, [1, 2, 2, 1]);
    }

    #[test]
    fn colour_says_where_a_secret_is() {
        let mut log = samples::refreshed_call();
        log[0].sent = vec![samples::secret("code", "code·aa11bb")];
        log[3].status = Some(503);
        let layout = lay_out(&log);
        let tones: Vec<_> = layout.arrows.iter().map(|arrow| arrow.tone).collect();
        use Tone::*;
        assert_eq!(tones, [Held, Plain, Plain, Kept, Kept, Kept, Lost, Plain]);
    }

    #[test]
    fn a_label_stands_in_the_gap_before_the_party_that_is_asked() {
        use Party::*;
        let layout = lay_out(&[
            samples::exchange(1, Browser, Server, "GET", "/"),
            samples::exchange(2, Server, Provider, "POST", "/token"),
            samples::exchange(3, Server, Api, "GET", "/api/me"),
        ]);
        let [.., provider, api] = layout.columns.as_slice() else {
            panic!("{layout:?}");
        };
        let call = layout.arrows.iter().find(|a| a.exchange == 3).unwrap();
        assert!(call.middle > provider.x && call.middle < api.x);
    }

    #[test]
    fn nothing_travelled_gives_an_empty_diagram() {
        let layout = lay_out(&[]);
        assert!(layout.columns.is_empty() && layout.arrows.is_empty());
    }
}
