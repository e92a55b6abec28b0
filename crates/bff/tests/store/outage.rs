//! Taking a database away, and giving it back: SQLite by a lock that another
//! process holds, Postgres by a line that is cut or goes silent.

use crate::ground::Ground;
use confidant_bff::store::StoreUrl;
use sqlx::{Connection, SqliteConnection};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::{Mutex, watch},
};

/// The way to a database.
#[derive(Clone)]
pub(crate) struct Way {
    url: String,
    error: ForwardError,
}

#[derive(Clone)]
enum ForwardError {
    Lock(Arc<Mutex<Option<SqliteConnection>>>),
    Line(Arc<watch::Sender<Line>>),
}

/// How a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Open,
    Silent,
    Cut,
}

impl Way {
    pub(crate) async fn to(ground: &Ground) -> Self {
        let mut url = url::Url::parse(ground.raw_url()).unwrap();
        if ground.folder().is_some() {
            return Self {
                url: ground.raw_url().to_owned(),
                error: ForwardError::Lock(Arc::default()),
            };
        }
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let (line, state) = watch::channel(Line::Open);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(forward(listener, server, state));
        point(&mut url, address);
        Self {
            url: url.into(),
            error: ForwardError::Line(Arc::new(line)),
        }
    }

    pub(crate) fn url(&self) -> StoreUrl {
        self.url.parse().unwrap()
    }

    /// From now on nothing can be written.
    pub(crate) async fn close(&self) {
        match &self.error {
            ForwardError::Lock(holder) => {
                let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
                let lock = sqlx::raw_sql("BEGIN IMMEDIATE");
                lock.execute(&mut connection).await.unwrap();
                *holder.lock().await = Some(connection);
            }
            ForwardError::Line(line) => {
                line.send_replace(Line::Cut);
            }
        }
    }

    /// From now on nobody answers. A file cannot fall silent: there it is the
    /// same as [`Way::close`].
    pub(crate) async fn silence(&self) {
        match &self.error {
            ForwardError::Lock(_) => self.close().await,
            ForwardError::Line(line) => {
                line.send_replace(Line::Silent);
            }
        }
    }

    pub(crate) async fn open(&self) {
        match &self.error {
            ForwardError::Lock(holder) => {
                if let Some(connection) = holder.lock().await.take() {
                    connection.close().await.unwrap();
                }
            }
            ForwardError::Line(line) => {
                line.send_replace(Line::Open);
            }
        }
    }
}

fn point(url: &mut url::Url, to: SocketAddr) {
    url.set_ip_host(to.ip()).unwrap();
    url.set_port(Some(to.port())).unwrap();
}

async fn forward(listener: TcpListener, server: String, line: watch::Receiver<Line>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(connect(client, server.clone(), line.clone()));
    }
}

/// One connection: it stalls while the line is silent, and ends when it is cut.
async fn connect(mut client: TcpStream, server: String, mut line: watch::Receiver<Line>) {
    let is = |wanted: Line| move |state: &Line| *state == wanted;
    if *line.borrow() == Line::Cut {
        return;
    }
    let mut upstream = TcpStream::connect(server).await.unwrap();
    loop {
        let mut ends = line.clone();
        let mut stalls = line.clone();
        tokio::select! {
            _ = ends.wait_for(is(Line::Cut)) => return,
            _ = stalls.wait_for(is(Line::Silent)) => {}
            _ = copy_bidirectional(&mut client, &mut upstream) => return,
        }
        if line.wait_for(|state| *state != Line::Silent).await.is_err() {
            return;
        }
    }
}
