use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use super::{Scoped, Session, SessionEvents};
use crate::driver::TransactionOptions;
use crate::engine::EngineInner;
use crate::{Engine, Result, SessionError};

/// Makes sessions that are set up alike, as SQLAlchemy's `sessionmaker` does. It is cheap to clone.
///
/// ```
/// # use orm::prelude::*;
/// use orm::{SessionMaker, TransactionOptions};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// let sessions = SessionMaker::new(&engine).autoflush(false);
/// let reports = sessions.clone().transaction_options(TransactionOptions::new().read_only(true));
///
/// let mut session = reports.session();
/// assert_eq!(session.one(text("SELECT 1 + 1").columns::<i64>()).await?, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SessionMaker {
    pub(super) engine: Arc<EngineInner>,
    pub(super) options: TransactionOptions,
    pub(super) autoflush: bool,
    pub(super) events: Option<Arc<SessionEvents>>,
    pub(super) expire_on_commit: bool,
    pub(super) strict: bool,
}

impl SessionMaker {
    /// Makes sessions over `engine` that are set up as [`Session::new`] does.
    pub fn new<D>(engine: &Engine<D>) -> Self {
        SessionMaker {
            engine: engine.inner().clone(),
            options: TransactionOptions::new(),
            autoflush: true,
            events: None,
            expire_on_commit: false,
            strict: false,
        }
    }

    /// How the sessions' transactions begin.
    #[must_use]
    pub fn transaction_options(mut self, options: TransactionOptions) -> Self {
        self.options = options;
        self
    }

    /// Whether queries flush first; they do unless told otherwise.
    #[must_use]
    pub fn autoflush(mut self, autoflush: bool) -> Self {
        self.autoflush = autoflush;
        self
    }

    /// Who listens to the sessions, in the place of whoever did before.
    #[must_use]
    pub fn events(mut self, events: impl Into<Arc<SessionEvents>>) -> Self {
        self.events = Some(events.into());
        self
    }

    /// Whether a commit [expires](Session::expire_all) all objects, so that the next transaction reads them anew; it
    /// does not unless told so.
    #[must_use]
    pub fn expire_on_commit(mut self, expire_on_commit: bool) -> Self {
        self.expire_on_commit = expire_on_commit;
        self
    }

    /// Whether loads of one object after the other by one line of the program fail: see
    /// [`Session::strict`](super::Session::strict). For tests, and while a program is written.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// A new session.
    pub fn session(&self) -> Session {
        Session::made(self)
    }

    /// Runs `work` in a session of its own and commits; rolls back where it fails. See
    /// [`Engine::transaction`](crate::Engine::transaction), and [`Engine::transaction_with`](crate::Engine::transaction_with) for what
    /// [`retries`](TransactionOptions::retries) do.
    ///
    /// # Errors
    /// What `work` or the commit says, the last time.
    pub async fn transaction<R, F, Fut>(&self, mut work: F) -> Result<R>
    where
        F: FnMut(Scoped) -> Fut,
        Fut: Future<Output = Result<R>>,
    {
        let mut tries = 0;
        loop {
            match self.transaction_once(&mut work).await {
                Err(error) if error.is_retryable() && tries < self.options.retries => {
                    tracing::debug!(%error, tries, "a transaction runs again");
                    tokio::time::sleep(pause(tries)).await;
                    tries += 1;
                }
                result => return result,
            }
        }
    }

    async fn transaction_once<R, F, Fut>(&self, work: &mut F) -> Result<R>
    where
        F: FnMut(Scoped) -> Fut,
        Fut: Future<Output = Result<R>>,
    {
        let (scoped, back) = Scoped::new(self.session());
        let result = work(scoped).await;
        let Some(mut session) = back.take() else {
            let moved =
                "the session of `transaction` was moved out of its closure, so it could not be committed";
            return Err(SessionError::Misuse(moved.into()).into());
        };
        match result {
            Ok(value) => session.commit().await.map(|()| value),
            Err(error) => {
                // The first error tells what went wrong; that of the rollback would hide it.
                let _ = session.rollback().await;
                Err(error)
            }
        }
    }
}

impl fmt::Debug for SessionMaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionMaker")
            .field("driver", &self.engine.driver)
            .field("options", &self.options)
            .field("autoflush", &self.autoflush)
            .field("events", &self.events)
            .field("expire_on_commit", &self.expire_on_commit)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}

/// 10 ms and twice as long each time, up to about a second, give or take half, so that those who met do not meet again.
fn pause(tries: u32) -> Duration {
    let longest = 10_u64 << tries.min(7);
    let random = RandomState::new().build_hasher().finish();
    Duration::from_millis(longest / 2 + random % longest)
}
