//! Log lines on their way out: those of one moment are written together, by a
//! thread of their own. A write for each would cost a forwarded request as
//! much as finding its session does.
//!
//! Nothing is dropped: where the other end does not keep up, whoever logs has
//! to wait. A process that is killed loses the lines of its last moment.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};
use tracing_subscriber::fmt::MakeWriter;

/// How long lines are gathered after others were written.
const MOMENT: Duration = Duration::from_millis(10);

/// Bytes that may wait to be written.
const ROOM: usize = 1 << 20;

/// Where lines are put.
#[derive(Clone)]
pub struct Lines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// A line has come, or the end.
    news: Condvar,
    /// There is room again.
    room: Condvar,
}

#[derive(Default)]
struct State {
    text: Vec<u8>,
    is_idle: bool,
    is_over: bool,
}

/// Writes what is left when it is dropped.
#[must_use = "lines are written for as long as this lives"]
pub struct Writing(Lines, Option<JoinHandle<()>>);

/// Begins to write lines to this place.
///
/// # Errors
/// When there can be no further thread.
pub fn begin(out: impl Write + Send + 'static) -> io::Result<(Lines, Writing)> {
    let lines = Lines(Arc::default());
    let theirs = lines.clone();
    let thread = thread::Builder::new().name("log".to_owned());
    let thread = thread.spawn(move || theirs.write_to(out))?;
    Ok((lines.clone(), Writing(lines, Some(thread))))
}

impl Lines {
    fn put(&self, line: &[u8]) {
        let mut state = self.state();
        while state.text.len() > ROOM && !state.is_over {
            let waited = self.0.room.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        state.text.extend_from_slice(line);
        if mem::take(&mut state.is_idle) {
            self.0.news.notify_one();
        }
    }

    fn write_to(&self, mut out: impl Write) {
        let mut text = Vec::new();
        loop {
            let mut state = self.state();
            state.is_idle = state.text.is_empty();
            while state.is_idle && !state.is_over {
                let waited = self.0.news.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
            if state.text.is_empty() {
                return;
            }
            mem::swap(&mut state.text, &mut text);
            self.0.room.notify_all();
            drop(state);
            // There is nobody to tell that nothing can be told.
            let _ = out.write_all(&text).and_then(|()| out.flush());
            text.clear();
            let pause = (self.0.news).wait_timeout_while(self.state(), MOMENT, |it| !it.is_over);
            drop(pause);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.state().is_over = true;
        self.0.0.news.notify_one();
        if let Some(thread) = self.1.take() {
            let _ = thread.join();
        }
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = &'a Lines;

    fn make_writer(&'a self) -> &'a Lines {
        self
    }
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.put(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// Takes each write when it is let.
    struct Gate(Receiver<()>, Sender<Vec<u8>>);

    impl Write for Gate {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            let _ = self.1.send(text.to_vec());
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn gated() -> (Lines, Writing, Sender<()>, Receiver<Vec<u8>>) {
        let (let_through, gate) = channel();
        let (written, writes) = channel();
        let (lines, writing) = begin(Gate(gate, written)).unwrap();
        (lines, writing, let_through, writes)
    }

    #[test]
    fn what_comes_meanwhile_is_written_together_and_in_order() {
        let (lines, writing, let_through, writes) = gated();
        lines.put(b"first\n");
        // It is being written as soon as nothing waits any more.
        while !lines.state().text.is_empty() {
            thread::yield_now();
        }
        for number in 0..1000 {
            lines.put(format!("{number}\n").as_bytes());
        }
        drop(let_through);
        drop(writing);
        let writes: Vec<_> = writes.iter().collect();
        let rest: String = (0..1000).map(|number| format!("{number}\n")).collect();
        assert_eq!(writes, [b"first\n".to_vec(), rest.into_bytes()]);
    }

    #[test]
    fn a_line_alone_is_written_without_waiting_for_others_and_so_is_the_next() {
        let (lines, _writing, let_through, writes) = gated();
        for line in [b"one\n", b"two\n"] {
            lines.put(line);
            let_through.send(()).unwrap();
            assert_eq!(writes.recv_timeout(Duration::from_secs(10)).unwrap(), line);
        }
    }

    #[test]
    fn who_logs_more_than_can_be_written_waits_and_nothing_is_lost() {
        let (lines, writing, let_through, writes) = gated();
        let line = vec![b'a'; ROOM / 4];
        let busy = thread::spawn({
            let (lines, line) = (lines.clone(), line.clone());
            move || (0..20).for_each(|_| lines.put(&line))
        });
        while lines.state().text.len() <= ROOM {
            thread::yield_now();
        }
        assert!(lines.state().text.len() <= ROOM + line.len());
        assert!(!busy.is_finished());
        drop(let_through);
        busy.join().unwrap();
        drop(writing);
        assert_eq!(writes.iter().flatten().count(), 20 * line.len());
    }
}
