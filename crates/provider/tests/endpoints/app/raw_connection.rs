//! Raw HTTP requests to a provider on a real listener.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{SECRET, TestApp, basic};

/// The address of a provider on a real listener.
pub(crate) struct RawConnection(SocketAddr);

impl TestApp {
    /// Serves the provider on a free port.
    pub(crate) async fn listen(&self) -> RawConnection {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = self.router.clone();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(axum::serve(listener, service).into_future());
        RawConnection(address)
    }
}

impl RawConnection {
    /// Sends `request` on a new connection and returns the connection.
    pub(crate) async fn send(&self, request: &str) -> TcpStream {
        let mut connection = TcpStream::connect(self.0).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        connection
    }

    /// Sends `request` and reads until the provider closes the connection.
    pub(crate) async fn exchange(&self, request: &str) -> String {
        let mut connection = self.send(request).await;
        let mut response = Vec::new();
        // A reset ends a response just as a close does.
        let _ = connection.read_to_end(&mut response).await;
        String::from_utf8(response).unwrap()
    }
}

/// Returns a refresh request of `confidant-web` as text.
pub(crate) fn raw_refresh(token: &str) -> String {
    let body = format!("grant_type=refresh_token&refresh_token={token}");
    let authorization = basic("confidant-web", SECRET);
    format!(
        "POST /token HTTP/1.1\r\nhost: provider\r\nconnection: close\r\n\
         authorization: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        authorization.to_str().unwrap(),
        body.len()
    )
}
