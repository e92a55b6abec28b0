//! `confidant serve`: opens the store, listens, serves, finishes.

use crate::{
    config::Config,
    controls::Controls,
    demo,
    http::{answer, api, browser_leg, forms::ProblemPage, limits, way_back},
    listen::{ListenError, listen},
    metrics,
    pages::{self, Sources},
    router::{self, Parts},
    shutdown::{DRAIN_TIMEOUT, Shutdown},
};
use axum::{
    Router, http::header::InvalidHeaderValue, middleware::from_fn_with_state,
    response::IntoResponse, routing::get,
};
use confidant_app::{PageSettings, faults::SharedFaultControls};
use confidant_bff::{
    Bff, SetupError,
    clock::SystemClock,
    random::SystemRandom,
    store::{self, OpenError, StoreUrl},
    store::{KeyError, TokenCipher},
};
use confidant_provider::Provider;
use leptos::{config::errors::LeptosConfigError, prelude::LeptosOptions};
use std::{future::IntoFuture, io, path::Path, sync::Arc, time::Duration};
use tokio::sync::oneshot;

/// How often sign-ins and sessions that ran out are deleted.
const SWEEP: Duration = Duration::from_secs(300);

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A port cannot be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The keys that seal tokens cannot be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database cannot be used.
    #[error("the store {store} cannot be opened: {source}")]
    Store {
        /// Its URL.
        store: StoreUrl,
        /// Why.
        source: OpenError,
    },
    /// The confidential client cannot be put together.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Where the browser's files are is told wrongly.
    #[error("a LEPTOS_… variable is wrong: {0}")]
    Site(#[from] LeptosConfigError),
    /// `public_url` has no origin.
    #[error("public_url: {0}")]
    Origin(#[from] tower_http::csrf::ConfigError),
    /// The problem page's content policy cannot stand in a header.
    #[error("a content policy cannot stand in a header: {0}")]
    Policy(#[from] InvalidHeaderValue),
    /// Nothing can be counted.
    #[error("figures cannot be kept: {0}")]
    Figures(#[from] metrics_exporter_prometheus::BuildError),
    /// The demo provider failed.
    #[error("the demo provider cannot run: {0}")]
    Demo(#[from] confidant_provider::ServeError),
    /// The demo provider's task died.
    #[error("the demo provider ended unexpectedly")]
    DemoEnded,
    /// Accepting connections failed.
    #[error("connections cannot be accepted: {0}")]
    Accept(#[from] io::Error),
}

/// Serves until it is told to stop, then lets requests under way finish for
/// [`DRAIN_TIMEOUT`] at most.
///
/// # Errors
/// When something that it needs is missing.
pub async fn serve(config: Config, shutdown: Shutdown) -> Result<(), ServeError> {
    // Ports first: nothing is made or changed where another server runs.
    let listener = listen("the application", config.listen, "listen").await?;
    let demo_listener = match &config.demo_provider {
        Some(demo) => Some((demo, demo::listener(demo.listen, "demo_provider").await?)),
        None => None,
    };
    metrics::install()?;
    let bff = open(&config).await?;
    let mut demo_provider = None;
    if let Some((demo, _)) = &demo_listener {
        let settings = demo::embedded(
            demo,
            &config.settings.public_url,
            config.beside_store("provider.json"),
        );
        let started = Provider::start(settings).map_err(confidant_provider::ServeError::from)?;
        demo_provider = Some(started);
    }
    let router = assemble(&config, bff.clone(), demo_provider.clone(), site()?)?;

    let (stop_demo, demo_stops) = oneshot::channel::<()>();
    let demo = demo_provider.zip(demo_listener);
    let demo = demo.map(|(provider, (demo, listener))| {
        tracing::info!("the demo provider is at {}", demo.issuer);
        tokio::spawn(confidant_provider::run(provider, listener, async {
            // Dropped or used, either way it is time.
            let _ = demo_stops.await;
        }))
    });
    let sweeper = tokio::spawn(async move {
        bff.discover().await;
        tokio::join!(sweep(bff), metrics::run_upkeep());
    });
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.clone().requested())
        .into_future();
    tracing::info!("Confidant is at {}", config.settings.public_url);

    let mut demo = demo;
    let outcome = tokio::select! {
        served = serving => served.map_err(ServeError::from),
        () = shutdown.timed_out() => {
            tracing::warn!("gave up on requests that took longer than {} s", DRAIN_TIMEOUT.as_secs());
            Ok(())
        }
        ended = async { match &mut demo { Some(demo) => demo.await, None => std::future::pending().await } } => {
            demo = None;
            match ended {
                Ok(Err(error)) => Err(error.into()),
                _ => Err(ServeError::DemoEnded),
            }
        }
    };
    sweeper.abort();
    // The provider outlives the requests that may still need it.
    drop(stop_demo);
    if let Some(demo) = demo {
        let _ = tokio::time::timeout(Duration::from_secs(2), demo).await;
    }
    outcome
}

/// Opens the keys and the store, and puts the confidential client together.
///
/// # Errors
/// When the store or its keys cannot be used.
pub async fn open(config: &Config) -> Result<Bff, ServeError> {
    let random = Arc::new(SystemRandom);
    let vault = if config.demo {
        TokenCipher::open_or_create(&config.key_file, random.as_ref())?
    } else {
        TokenCipher::open(&config.key_file)?
    };
    let store = store::open(&config.store, Arc::new(vault), random.clone())
        .await
        .map_err(|source| ServeError::Store {
            store: config.store.clone(),
            source,
        })?;
    Ok(Bff::new(
        config.settings.clone(),
        store,
        Arc::new(SystemClock),
        random,
        config.timing,
    )?)
}

/// Where the browser's files are: cargo-leptos's variables, and its defaults.
///
/// # Errors
/// When one of the variables is wrong.
pub fn site() -> Result<LeptosOptions, LeptosConfigError> {
    let mut options = leptos::config::get_configuration(None)?.leptos_options;
    options.output_name = "confidant".into();
    Ok(options)
}

/// The server's router around this client, and around the demo provider where
/// that runs in this process.
///
/// # Errors
/// When `public_url` has no origin.
pub fn assemble(
    config: &Config,
    bff: Bff,
    demo: Option<Provider>,
    options: LeptosOptions,
) -> Result<Router, ServeError> {
    let controls = demo.and_then(|provider| Controls::new(config, bff.clone(), provider));
    let sources = Sources {
        bff: bff.clone(),
        controls: controls.map(|controls| Arc::new(controls) as SharedFaultControls),
    };
    let assets = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
    if !assets.is_dir() {
        tracing::warn!(
            "{} is missing: pages will work, but without style and WebAssembly",
            assets.display()
        );
    }
    let problem_page = ProblemPage {
        // It has no form that could lead anywhere.
        policy: confidant_app::content_security_policy(None, &PageSettings::default(), false)
            .try_into()?,
        draw: {
            let options = options.clone();
            Arc::new(move |problem| confidant_app::problem_page(&options, problem))
        },
    };
    let note = from_fn_with_state(bff.clone(), browser_leg::note);
    let way_back = from_fn_with_state(bff.clone(), way_back::lead);
    Ok(router::router(Parts {
        public_url: config.settings.public_url.clone(),
        endpoints: pages::endpoints(&sources).layer(note.clone()),
        api: api::forwarding(bff.clone()),
        pages: pages::pages(options, sources).layer(note).layer(way_back),
        health: Router::new()
            .route(
                "/healthz",
                get(async move || match bff.ready().await {
                    Ok(()) => "ok".into_response(),
                    Err(problem) => answer::problem(&problem),
                }),
            )
            .merge(metrics::routes()),
        assets,
        problem_page,
        time_limit: limits::ANSWER,
    })?)
}

async fn sweep(bff: Bff) {
    let mut pause = tokio::time::interval(SWEEP);
    loop {
        pause.tick().await;
        if let Err(error) = bff.sweep().await {
            tracing::warn!(%error, "what ran out could not be deleted");
        }
    }
}
