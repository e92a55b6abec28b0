//! No import cycles: the modules of a crate can be put in an order in which each uses
//! only earlier ones. To declare a module, or to re-export its names, is not to use it.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

mod module_graph;
mod paths;

use std::path::Path;

use module_graph::ModuleGraph;

/// The root files of the libraries, programs and test programs without cycles.
const ROOTS: [&str; 12] = [
    "crates/app/src/lib.rs",
    "crates/bff/src/lib.rs",
    "crates/bff/tests/store/main.rs",
    "crates/browser-client/src/lib.rs",
    "crates/protocol/src/lib.rs",
    "crates/provider/src/lib.rs",
    "crates/server/src/lib.rs",
    "crates/server/tests/many_processes/main.rs",
    "crates/test-support/benches/servers/main.rs",
    "crates/test-support/src/lib.rs",
    "crates/wire/src/lib.rs",
    "crates/xtask/src/main.rs",
];

#[test]
fn the_modules_of_a_crate_import_each_other_in_no_cycle() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for root in ROOTS {
        let graph = ModuleGraph::of_crate(&workspace.join(root));
        assert!(graph.len() > 4, "{root}: only {} modules", graph.len());
        let cycles = graph.cycles();
        assert!(cycles.is_empty(), "{root}:\n{}", cycles.join("\n"));
    }
}

#[test]
fn a_cycle_is_found_with_the_uses_that_close_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("lib.rs", "mod a; mod b; mod c; mod d;");
    write("a.rs", "use crate::b::{self, B}; pub struct A(B);");
    write(
        "b.rs",
        "pub struct B; fn f() { assert!(crate::c::g()) } #[cfg(test)] mod tests { use crate::d; }",
    );
    write("c.rs", "fn g() -> super::a::A { todo!() }");
    write(
        "d.rs",
        "pub use e::E; use crate::b::B; mod e { pub struct E; use super::E; }",
    );
    let graph = ModuleGraph::of_crate(&folder.path().join("lib.rs"));
    assert_eq!(
        graph.cycles(),
        ["crate::a -> crate::b, crate::b -> crate::c, crate::c -> crate::a"]
    );
}
