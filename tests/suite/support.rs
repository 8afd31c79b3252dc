//! What several tests need: the statements that were sent, and examples run as programs.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Records the statements that this thread sends from now on, until it is dropped.
///
/// A test on a current-thread runtime (`#[tokio::test]`) sees its own statements and nobody else's.
pub(crate) struct Statements {
    sent: Arc<Mutex<Vec<String>>>,
    _guard: DefaultGuard,
}

impl Statements {
    /// Starts recording.
    pub(crate) fn record() -> Self {
        let sent = Arc::default();
        let subscriber = tracing_subscriber::registry().with(Recorder { sent: Arc::clone(&sent) });
        Statements { sent, _guard: tracing::subscriber::set_default(subscriber) }
    }

    /// What was sent since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was sent since the last call and starts with `verb`: `taken("SELECT")`.
    pub(crate) fn taken(&self, verb: &str) -> Vec<String> {
        self.take().into_iter().filter(|sql| sql.starts_with(verb)).collect()
    }
}

struct Recorder {
    sent: Arc<Mutex<Vec<String>>>,
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "orm::sql" && *metadata.level() <= Level::DEBUG
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut statement = Statement(None);
        event.record(&mut statement);
        if let Some(sql) = statement.0 {
            self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sql);
        }
    }
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
