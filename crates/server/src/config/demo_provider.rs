//! The keys `demo` and `demo_provider`.

use super::{address, diagnostics::Diagnostics, effective::DemoProvider, schema::File};
use confidant_bff::settings::Secret;
use std::net::{Ipv4Addr, SocketAddr};

/// Returns the demo provider of this process: none outside the demo, and none
/// if it runs elsewhere (`"external"`).
pub(super) fn validate(
    file: &File,
    generate_secret: &dyn Fn() -> Secret,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<DemoProvider> {
    let listen = listen(file, diagnostics)?;
    Some(DemoProvider {
        listen,
        issuer: format!("http://{listen}"),
        client_secret: generate_secret(),
    })
}

/// Reports `demo = true` in a build without the cargo feature `demo`.
pub(super) fn check_build(file: &File, diagnostics: &mut Diagnostics<'_>) {
    if let Some(demo) = &file.demo
        && *demo.get_ref()
        && !cfg!(feature = "demo")
    {
        let message = "this build does not contain the demo (cargo feature `demo`): expected false";
        diagnostics.report(demo, message);
    }
}

fn listen(file: &File, diagnostics: &mut Diagnostics<'_>) -> Option<SocketAddr> {
    match &file.demo_provider {
        Some(value) if !file.is_demo() => {
            diagnostics.report(value, "is allowed only with demo = true");
            None
        }
        Some(value) if value.get_ref() == "external" => None,
        Some(value) => diagnostics.parse(value, |text| {
            address::listen(text).map_err(|error| format!("{error}, or \"external\""))
        }),
        None => file
            .is_demo()
            .then(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 4000))),
    }
}
