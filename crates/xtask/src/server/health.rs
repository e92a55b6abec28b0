//! Whether a server is healthy: it answers GET /livez with 200.

use std::{net::SocketAddr, time::Duration};

use ureq::Agent;

/// How long a response may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Sends one request.
pub(super) fn is_healthy(server: SocketAddr) -> bool {
    let agent: Agent = Agent::config_builder()
        // A proxy from the environment cannot reach this machine's loopback address.
        .proxy(None)
        .timeout_global(Some(LIMIT))
        .build()
        .into();
    let response = agent.get(format!("http://{server}/livez")).call();
    response.is_ok_and(|response| response.status() == 200)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use super::*;

    /// Starts a server that sends this text as the response to one request.
    fn respond_once(response: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 512];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(response.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn only_a_server_that_answers_200_is_healthy() {
        assert!(is_healthy(respond_once("HTTP/1.1 200 OK\r\n\r\nok")));
        assert!(!is_healthy(respond_once(
            "HTTP/1.1 503 Service Unavailable\r\n\r\n"
        )));
        assert!(!is_healthy(respond_once("HTTP/1.1 204 No Content\r\n\r\n")));
        assert!(!is_healthy(respond_once("HTTP/1.1")));
    }

    #[test]
    fn a_port_where_no_program_listens_is_not_healthy() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(!is_healthy(address));
    }
}
