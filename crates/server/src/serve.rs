//! `confidant serve`: opens the store, listens, serves, stops.

#[cfg(feature = "demo")]
use crate::demo::{DemoError, Embedded};
use crate::{
    config::Config,
    listen::{ListenError, listen},
    metrics,
    pages::Sources,
    router,
    shutdown::{DRAIN_TIMEOUT, Shutdown},
};
use axum::{Router, http::header::InvalidHeaderValue};
use confidant_app::{PageSettings, faults::SharedFaultControls};
use confidant_bff::{Bff, BffBuilder, BuildError, axum::ErrorPage};
use leptos::{config::errors::LeptosConfigError, prelude::LeptosOptions};
use std::{future::IntoFuture, io, path::Path};
use tokio::net::TcpListener;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// A port cannot be taken.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The backend for frontend cannot be built.
    #[error("{}", with_causes(.0))]
    Build(#[from] BuildError),
    /// A variable that names the browser's files is malformed.
    #[error("a LEPTOS_… variable is wrong: {0}")]
    Site(#[from] LeptosConfigError),
    /// The content policy of the error page cannot stand in a header.
    #[error("a content policy cannot stand in a header: {0}")]
    Policy(#[from] InvalidHeaderValue),
    /// Metrics cannot be counted.
    #[error("metrics cannot be counted: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    /// The demo provider does not run.
    #[cfg(feature = "demo")]
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// Connections cannot be accepted.
    #[error("connections cannot be accepted: {0}")]
    Accept(#[from] io::Error),
}

/// Joins an error and its causes, for the terminal.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Serves until a shutdown is requested, then lets requests under way finish
/// for [`DRAIN_TIMEOUT`] at most.
///
/// # Errors
/// When something that the server needs is missing.
pub async fn serve(config: Config, shutdown: Shutdown) -> Result<(), ServeError> {
    // Ports first: nothing is created or changed where another server runs.
    let listener = listen("the application", config.listen, "listen").await?;
    #[cfg(feature = "demo")]
    let demo_listener = Embedded::listen(&config).await?;
    metrics::install()?;
    let site = site()?;
    let bff = open(&config, &site).await?;
    bff.describe_metrics();
    let upkeep = tokio::spawn(metrics::run_upkeep());
    tracing::info!("Confidant is at {}", config.settings.public_url);

    #[cfg(feature = "demo")]
    let outcome = match demo_listener {
        Some(demo_listener) => {
            serve_with_demo(&config, &bff, site, (listener, demo_listener), shutdown).await
        }
        None => {
            let router = assemble(bff.clone(), None, site);
            serve_router(listener, router, shutdown).await
        }
    };
    #[cfg(not(feature = "demo"))]
    let outcome = serve_router(listener, assemble(bff.clone(), None, site), shutdown).await;
    upkeep.abort();
    bff.shutdown();
    outcome
}

/// Serves the application, and the demo provider beside it.
#[cfg(feature = "demo")]
async fn serve_with_demo(
    config: &Config,
    bff: &Bff,
    site: LeptosOptions,
    (listener, demo_listener): (TcpListener, TcpListener),
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let Some(demo) = Embedded::start(config, demo_listener)? else {
        return Ok(());
    };
    let controls = Embedded::controls(config, bff, demo.provider().clone());
    let router = assemble(bff.clone(), controls, site);
    let mut demo = demo.run();
    let outcome = tokio::select! {
        served = serve_router(listener, router, shutdown) => served,
        error = demo.ended() => Err(error.into()),
    };
    // The provider outlives the requests that may still need it.
    demo.stop().await;
    outcome
}

async fn serve_router(
    listener: TcpListener,
    router: Router,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.clone().requested())
        .into_future();
    tokio::select! {
        served = serving => Ok(served?),
        () = shutdown.timed_out() => {
            tracing::warn!("gave up on requests that took longer than {} s", DRAIN_TIMEOUT.as_secs());
            Ok(())
        }
    }
}

/// Opens the keys and the store, and builds the backend for frontend.
///
/// # Errors
/// When the store or its keys cannot be used.
pub async fn open(config: &Config, site: &LeptosOptions) -> Result<Bff, ServeError> {
    let policy = confidant_app::content_security_policy(None, &PageSettings::default(), false);
    let options = site.clone();
    let error_page = ErrorPage::new(policy.try_into()?, move |problem| {
        confidant_app::problem_page(&options, problem)
    });
    let builder = BffBuilder::from_settings(config.settings.clone())
        .store_url(config.store.clone())
        .error_page(error_page);
    let builder = if config.demo {
        builder.create_key_file(&config.key_file)
    } else {
        builder.key_file(&config.key_file)
    };
    Ok(builder.build().await?)
}

/// Returns where the browser's files are: cargo-leptos's variables, and its
/// defaults.
///
/// # Errors
/// When one of the variables is malformed.
pub fn site() -> Result<LeptosOptions, LeptosConfigError> {
    let mut options = leptos::config::get_configuration(None)?.leptos_options;
    options.output_name = "confidant".into();
    Ok(options)
}

/// Builds the server's router around this backend. `controls` is what can be
/// made to go wrong at a demo provider in this process.
pub fn assemble(bff: Bff, controls: Option<SharedFaultControls>, site: LeptosOptions) -> Router {
    let assets = Path::new(&*site.site_root).join(&*site.site_pkg_dir);
    if !assets.is_dir() {
        tracing::warn!(
            "{} is missing: pages will work, but without style and WebAssembly",
            assets.display()
        );
    }
    router::router(site, Sources { bff, controls })
}
