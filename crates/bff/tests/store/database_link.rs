//! Interrupting the connection to a database and restoring it: for SQLite with a lock
//! that another connection holds, for Postgres with a proxy that drops or stalls
//! connections.

use crate::fixture::Fixture;
use confidant_bff::store::StoreUrl;
use sqlx::{Connection, SqliteConnection};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::{Mutex, watch},
};

/// A connection to a database that a test can interrupt.
#[derive(Clone)]
pub(crate) struct DatabaseLink {
    url: String,
    interruption: Interruption,
}

#[derive(Clone)]
enum Interruption {
    Lock(Arc<Mutex<Option<SqliteConnection>>>),
    Proxy(Arc<watch::Sender<ProxyState>>),
}

/// What the proxy does with its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProxyState {
    Open,
    Silent,
    Cut,
}

impl DatabaseLink {
    /// Returns an open link to the database of a fixture.
    pub(crate) async fn to(fixture: &Fixture) -> Self {
        let mut url = url::Url::parse(fixture.url_text()).unwrap();
        if fixture.folder().is_some() {
            return Self {
                url: fixture.url_text().to_owned(),
                interruption: Interruption::Lock(Arc::default()),
            };
        }
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let (state, receiver) = watch::channel(ProxyState::Open);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(forward(listener, server, receiver));
        point(&mut url, address);
        Self {
            url: url.into(),
            interruption: Interruption::Proxy(Arc::new(state)),
        }
    }

    /// Returns the URL of the store at the end of the link.
    pub(crate) fn url(&self) -> StoreUrl {
        self.url.parse().unwrap()
    }

    /// Makes every write fail.
    pub(crate) async fn close(&self) {
        match &self.interruption {
            Interruption::Lock(holder) => {
                let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
                let lock = sqlx::raw_sql("BEGIN IMMEDIATE");
                lock.execute(&mut connection).await.unwrap();
                *holder.lock().await = Some(connection);
            }
            Interruption::Proxy(state) => {
                state.send_replace(ProxyState::Cut);
            }
        }
    }

    /// Makes the server stop responding. A SQLite file cannot do that: here it has the
    /// same effect as [`DatabaseLink::close`].
    pub(crate) async fn silence(&self) {
        match &self.interruption {
            Interruption::Lock(_) => self.close().await,
            Interruption::Proxy(state) => {
                state.send_replace(ProxyState::Silent);
            }
        }
    }

    /// Restores the connection.
    pub(crate) async fn open(&self) {
        match &self.interruption {
            Interruption::Lock(holder) => {
                if let Some(connection) = holder.lock().await.take() {
                    connection.close().await.unwrap();
                }
            }
            Interruption::Proxy(state) => {
                state.send_replace(ProxyState::Open);
            }
        }
    }
}

fn point(url: &mut url::Url, to: SocketAddr) {
    url.set_ip_host(to.ip()).unwrap();
    url.set_port(Some(to.port())).unwrap();
}

async fn forward(listener: TcpListener, server: String, state: watch::Receiver<ProxyState>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(connect(client, server.clone(), state.clone()));
    }
}

/// Forwards one connection. Stalls it while the proxy is silent, and ends it when the
/// proxy drops connections.
async fn connect(mut client: TcpStream, server: String, mut state: watch::Receiver<ProxyState>) {
    let is = |wanted: ProxyState| move |state: &ProxyState| *state == wanted;
    if *state.borrow() == ProxyState::Cut {
        return;
    }
    let mut upstream = TcpStream::connect(server).await.unwrap();
    loop {
        let mut ends = state.clone();
        let mut stalls = state.clone();
        tokio::select! {
            _ = ends.wait_for(is(ProxyState::Cut)) => return,
            _ = stalls.wait_for(is(ProxyState::Silent)) => {}
            _ = copy_bidirectional(&mut client, &mut upstream) => return,
        }
        if state
            .wait_for(|state| *state != ProxyState::Silent)
            .await
            .is_err()
        {
            return;
        }
    }
}
