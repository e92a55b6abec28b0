//! The keys `demo` and `demo_provider`.

use super::{address, diagnostics::Diagnostics, effective::DemoProvider, schema::File};
use confidant_bff::settings::Secret;
use confidant_protocol::loopback::is_loopback;
use std::net::{Ipv4Addr, SocketAddr};
use url::Url;

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

/// Reports addresses of a demo that other machines reach: its controls sign users
/// out and change what the provider does, and ask nobody who they are.
pub(super) fn check_addresses(
    file: &File,
    listen: Option<SocketAddr>,
    public_url: Option<&Url>,
    demo_provider: Option<&DemoProvider>,
    diagnostics: &mut Diagnostics<'_>,
) {
    if !file.is_demo() {
        return;
    }
    let message = "other machines reach this address, and a demo lets them control it: expected \
                   localhost, 127.0.0.1 or [::1] with demo = true";
    let is_local = |address: SocketAddr| address.ip().is_loopback();
    if let (Some(value), Some(false)) = (&file.listen, listen.map(is_local)) {
        diagnostics.report(value, message);
    }
    let listen = demo_provider.map(|demo| demo.listen);
    if let (Some(value), Some(false)) = (&file.demo_provider, listen.map(is_local)) {
        diagnostics.report(value, message);
    }
    let is_local = |url: &Url| url.host_str().is_some_and(is_loopback);
    if let (Some(value), Some(false)) = (&file.public_url, public_url.map(is_local)) {
        diagnostics.report(value, message);
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
