//! What several tests need: the statements that were sent, and examples run as programs.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

thread_local! {
    static SENT: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Records the statements that this thread sends from now on, until it is dropped.
///
/// A test on a current-thread runtime (`#[tokio::test]`) sees its own statements and nobody else's.
pub(crate) struct Statements {
    /// It belongs to its thread.
    _thread: PhantomData<*const ()>,
}

impl Statements {
    /// Starts recording.
    pub(crate) fn record() -> Self {
        static SUBSCRIBER: Once = Once::new();
        // One subscriber for all threads: with one for each, `tracing` may cache for a call site that nobody listens,
        // when a thread without any is the first to come by, and then drops the events of the others.
        SUBSCRIBER.call_once(|| {
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Recorder)).unwrap();
            tracing::callsite::rebuild_interest_cache();
        });
        SENT.set(Some(Vec::new()));
        Statements { _thread: PhantomData }
    }

    /// What was sent since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        SENT.with_borrow_mut(|sent| sent.as_mut().map(std::mem::take).unwrap_or_default())
    }

    /// What was sent since the last call and starts with `verb`: `taken("SELECT")`.
    pub(crate) fn taken(&self, verb: &str) -> Vec<String> {
        self.take().into_iter().filter(|sql| sql.starts_with(verb)).collect()
    }
}

impl Drop for Statements {
    fn drop(&mut self) {
        SENT.set(None);
    }
}

struct Recorder;

impl<S: Subscriber> Layer<S> for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "orm::sql"
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement(None);
        event.record(&mut statement);
        SENT.with_borrow_mut(|sent| {
            if let Some(sent) = sent {
                sent.extend(statement.0.map(|sql| in_common(&sql)));
            }
        });
    }
}

/// A statement as all databases read: `$1` is `?`, and quoted names stand between double quotes.
pub(crate) fn in_common(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '$' if rest.peek().is_some_and(char::is_ascii_digit) => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                out.push('?');
            }
            '`' => out.push('"'),
            c => out.push(c),
        }
    }
    // MySQL's `||`.
    while let Some(start) = out.find("concat(")
        && let Some(length) = out[start..].find(')')
    {
        let texts = out[start + "concat(".len()..start + length].replace(", ", " || ");
        out.replace_range(start..=start + length, &texts);
    }
    out
}

/// The field `statement` of an event.
struct Statement(Option<String>);

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "statement" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "statement" {
            self.0 = Some(format!("{value:?}"));
        }
    }
}

/// Runs an example in a directory, as a reader does, by cargo; what it prints.
pub(crate) fn run_example(name: &str, directory: &Path) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--example", name, "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
