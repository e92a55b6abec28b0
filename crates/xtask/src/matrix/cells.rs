//! The cells of the matrix, as the browser tests write them.

use serde_json::Value;

/// The attacks, by their sections.
pub(super) const ATTACKS: [&str; 4] = ["5.1.1", "5.1.2", "5.1.3", "5.1.4"];
/// The client kinds.
pub(super) const KINDS: [&str; 5] = ["bff", "mediated", "browser", "browser-dpop", "worker"];

/// Returns the cell of a kind and an attack under these conditions.
pub(super) fn find<'a>(
    cells: &'a [Value],
    browser: &str,
    kind: &str,
    attack: &str,
    conditions: &str,
) -> Option<&'a Value> {
    cells.iter().find(|cell| {
        cell["browser"] == browser
            && cell["kind"] == kind
            && cell["attack"] == attack
            && cell["conditions"] == conditions
    })
}
