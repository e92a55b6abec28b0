//! Whether a server is well: it answers GET /healthz with 200.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// One question may take this long.
const LIMIT: Duration = Duration::from_secs(2);

/// Asks once.
pub(crate) fn answers(address: SocketAddr) -> bool {
    ask(address).is_ok_and(|line| is_well(&line))
}

fn ask(address: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status.to_vec())
}

fn is_well(status_line: &[u8]) -> bool {
    status_line == b"HTTP/1.1 200"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::TcpListener, thread};

    fn answer_once(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 512];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn only_a_200_is_well() {
        assert!(answers(answer_once("HTTP/1.1 200 OK\r\n\r\nok")));
        assert!(!answers(answer_once(
            "HTTP/1.1 503 Service Unavailable\r\n\r\n"
        )));
        assert!(!answers(answer_once("HTTP/1.1")));
    }

    #[test]
    fn nobody_there_is_not_well() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(!answers(address));
    }
}
