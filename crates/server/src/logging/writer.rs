//! Writes log lines on a thread of their own, many at a time: one write for
//! each would cost a forwarded request as much as its session's lookup.
//!
//! If the output does not keep up, access lines are dropped and counted: strangers
//! cause them, and must not stop the server. Of the other lines none is dropped:
//! logging blocks until there is room again. Dropping the guard writes the lines still queued,
//! unless the output takes longer than a second. A process that is killed
//! loses the lines of its last 10 ms.

use std::{
    io::{self, BufWriter, Write},
    thread,
    time::Duration,
};
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};

/// How long lines queue up after a write.
const BATCH_INTERVAL: Duration = Duration::from_millis(10);

/// The largest write, in bytes: what a pipe can hold.
const BATCH_BYTES: usize = 64 * 1024;

/// The number of lines that may be queued.
const QUEUE_LIMIT: usize = 4096;

/// Starts a thread that writes lines to this output. With `drops`, lines are
/// dropped while the queue is full.
pub(super) fn spawn(
    output: impl Write + Send + Sync + 'static,
    drops: bool,
) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default()
        .lossy(drops)
        .buffered_lines_limit(QUEUE_LIMIT)
        .thread_name("log")
        .finish(Batches(BufWriter::with_capacity(BATCH_BYTES, output)))
}

/// Writes batches of lines. The thread flushes whenever its queue is empty;
/// pausing then lets the next batch queue up.
///
/// Ignores errors: there is nowhere to report them, and the thread would miss
/// the end of a process whose output is closed.
struct Batches<W: Write>(BufWriter<W>);

impl<W: Write> Write for Batches<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.0.write_all(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        thread::sleep(BATCH_INTERVAL);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    };

    /// An output that announces each write and then waits for permission.
    struct Gate {
        permissions: Mutex<Receiver<()>>,
        writes: Sender<Vec<u8>>,
    }

    impl Write for Gate {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let _ = self.writes.send(text.to_vec());
            let _ = self.permissions.lock().unwrap().recv();
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn gated(drops: bool) -> (NonBlocking, WorkerGuard, Sender<()>, Receiver<Vec<u8>>) {
        let (permit, permissions) = channel();
        let (writes, written) = channel();
        let permissions = Mutex::new(permissions);
        let gate = Gate {
            permissions,
            writes,
        };
        let (lines, guard) = spawn(gate, drops);
        (lines, guard, permit, written)
    }

    #[test]
    fn lines_that_come_during_a_write_are_written_together_and_in_order() {
        let (mut lines, guard, permit, written) = gated(false);
        lines.write_all(b"first\n").unwrap();
        assert_eq!(written.recv().unwrap(), b"first\n");
        for number in 0..1000 {
            lines.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
        drop(permit);
        drop(guard);
        let rest: String = (0..1000).map(|number| format!("{number}\n")).collect();
        let writes: Vec<_> = written.try_iter().collect();
        assert_eq!(writes, [rest.into_bytes()]);
    }

    #[test]
    fn a_single_line_is_written_without_waiting_for_others_and_so_is_the_next() {
        let (mut lines, _guard, permit, written) = gated(false);
        for line in [b"one\n", b"two\n"] {
            lines.write_all(line).unwrap();
            permit.send(()).unwrap();
            assert_eq!(written.recv_timeout(Duration::from_secs(10)).unwrap(), line);
        }
    }

    #[test]
    fn logging_blocks_while_the_queue_is_full_and_nothing_is_lost() {
        const LINES: usize = 2 * QUEUE_LIMIT;
        let (mut lines, guard, permit, written) = gated(false);
        let line = vec![b'a'; 1024];
        let queued = Arc::new(AtomicUsize::new(0));
        let busy = thread::spawn({
            let (line, queued) = (line.clone(), queued.clone());
            move || {
                for _ in 0..LINES {
                    lines.write_all(&line).unwrap();
                    queued.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        while queued.load(Ordering::Relaxed) < QUEUE_LIMIT {
            thread::yield_now();
        }
        // Time for more, if nothing held it back.
        thread::sleep(Duration::from_millis(100));
        let in_buffer = BATCH_BYTES / line.len();
        assert!(queued.load(Ordering::Relaxed) <= QUEUE_LIMIT + in_buffer + 1);
        assert!(!busy.is_finished());
        drop(permit);
        busy.join().unwrap();
        drop(guard);
        assert_eq!(written.try_iter().flatten().count(), LINES * line.len());
    }

    #[test]
    fn access_lines_are_dropped_and_counted_while_nobody_reads_the_output() {
        const LINES: usize = 2 * QUEUE_LIMIT;
        let (mut lines, _guard, _permit, _written) = gated(true);
        let line = vec![b'a'; 1024];
        for _ in 0..LINES {
            lines.write_all(&line).unwrap();
        }
        let dropped = lines.error_counter().dropped_lines();
        let in_buffer = BATCH_BYTES / line.len();
        assert!(dropped >= LINES - QUEUE_LIMIT - in_buffer - 1, "{dropped}");
    }

    #[test]
    fn a_closed_output_is_no_error_for_the_thread() {
        struct Closed;

        impl Write for Closed {
            fn write(&mut self, _text: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }

            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }

        let mut batches = Batches(BufWriter::new(Closed));
        assert!(batches.write_all(b"lost\n").is_ok());
        assert!(batches.flush().is_ok());
    }
}
