use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use super::events::{After, Moment, RolledBack};
use super::{Session, join};
use crate::Result;

impl Session {
    /// Flushes and commits the transaction. Objects keep their values: nothing expires, unless the session was made
    /// [so](crate::SessionMaker::expire_on_commit).
    ///
    /// # Errors
    /// Those of [`flush`](Session::flush), and what the database says to COMMIT. After an error, only
    /// [`rollback`](Session::rollback) is possible.
    pub async fn commit(&mut self) -> Result<()> {
        if let Some(cause) = &self.failed {
            return Err(crate::SessionError::NeedsRollback { cause: cause.clone() }.into());
        }
        self.tell(Moment::BeforeCommit).await?;
        self.flush_all().await?;
        if self.abandoned.is_some() {
            self.connection().await?;
        }
        if let Some(connection) = &mut self.connection {
            self.failed = Some("a commit was cut off".to_owned());
            let result = match &mut self.joined {
                None => connection.commit().await,
                Some(joined) => {
                    let is_open = std::mem::take(&mut joined.is_open);
                    if is_open { connection.release(join::SAVEPOINT).await } else { Ok(()) }
                }
            };
            self.failed = result.as_ref().err().map(ToString::to_string);
            result?;
        }
        self.graph.commit();
        self.counts.end_transaction();
        if self.joined.is_none() {
            self.connection = None;
        }
        self.tell_after(After::Commit, RolledBack::Transaction);
        if self.expire_on_commit {
            self.graph.expire_all();
        }
        Ok(())
    }

    /// Rolls the transaction back, and puts every object back to what it was when the transaction began: new ones
    /// leave the session, deleted ones are back, changed ones have their former values. Objects that were read first
    /// after rows were written [expire](Session::expire): they may show what is undone.
    ///
    /// # Errors
    /// What the database says; the objects are restored all the same.
    pub async fn rollback(&mut self) -> Result<()> {
        let is_open = self.joined.as_ref().map_or(self.connection.is_some(), |joined| joined.is_open);
        let has_begun = is_open || self.graph.is_dirty();
        let savepoints = self.graph.depth();
        while self.graph.depth() > 0 {
            self.graph.rollback_scope();
        }
        self.graph.rollback_scope();
        self.counts.end_transaction();
        self.failed = None;
        self.abandoned = None;
        match (&mut self.connection, &mut self.joined) {
            (None, _) => {}
            (Some(connection), Some(joined)) => {
                if std::mem::take(&mut joined.is_open) {
                    connection.rollback_to(join::SAVEPOINT).await?;
                }
            }
            (connection @ Some(_), None) => {
                if let Some(mut connection) = connection.take() {
                    connection.rollback().await?;
                }
            }
        }
        if has_begun {
            self.tell_after(After::Rollback, RolledBack::Transaction);
            (0..savepoints).for_each(|_| self.tell_after(After::SoftRollback, RolledBack::Savepoint));
            self.tell_after(After::SoftRollback, RolledBack::Transaction);
        }
        Ok(())
    }

    /// Whether a savepoint is set, by [`nested`](Session::nested).
    pub fn in_nested_transaction(&self) -> bool {
        self.graph.depth() > 0
    }

    /// Sets a savepoint. What is done through the [`Savepoint`] is kept by its `commit` and undone by its `rollback`,
    /// in the database and in the objects; dropped, it is undone.
    ///
    /// # Errors
    /// Those of [`flush`](Session::flush), which runs first.
    pub async fn nested(&mut self) -> Result<Savepoint<'_>> {
        self.flush().await?;
        self.connection().await?;
        let number = self.graph.depth() as u32 + 1;
        let savepoint = self.savepoint_number(number);
        if let Some(connection) = &mut self.connection {
            connection.savepoint(savepoint).await?;
        }
        self.graph.push_scope();
        // From here on, whatever comes in between drops the savepoint.
        let savepoint = Savepoint { session: self, number, done: false };
        savepoint.session.tell(Moment::AfterBegin).await?;
        Ok(savepoint)
    }
}

/// A savepoint of a session, which it derefs to.
#[derive(Debug)]
#[must_use = "a savepoint that is dropped is rolled back"]
pub struct Savepoint<'s> {
    session: &'s mut Session,
    number: u32,
    done: bool,
}

impl Savepoint<'_> {
    /// Flushes and keeps what was done since the savepoint. Where that fails, it is undone.
    ///
    /// # Errors
    /// Those of [`Session::flush`]; [`Misuse`](crate::SessionError::Misuse) where the whole transaction was ended inside.
    pub async fn commit(mut self) -> Result<()> {
        if !self.is_open() {
            return Err(ended());
        }
        self.session.tell(Moment::BeforeCommit).await?;
        self.session.flush_all().await?;
        self.session.connection().await?;
        let savepoint = self.session.savepoint_number(self.number);
        if let Some(connection) = &mut self.session.connection {
            connection.release(savepoint).await?;
        }
        self.done = true;
        self.session.tell_after(After::Commit, RolledBack::Savepoint);
        while self.is_open() {
            self.session.graph.merge_scope();
        }
        Ok(())
    }

    /// Undoes what was done since the savepoint; the session is usable again after an error inside.
    ///
    /// # Errors
    /// What the database says; [`Misuse`](crate::SessionError::Misuse) where the whole transaction was ended inside.
    pub async fn rollback(mut self) -> Result<()> {
        if !self.is_open() {
            return Err(ended());
        }
        self.undo();
        self.session.connection().await
    }

    /// A commit or rollback of the session itself ends its savepoints.
    fn is_open(&self) -> bool {
        self.session.graph.depth() >= self.number as usize
    }

    fn undo(&mut self) {
        self.done = true;
        if !self.is_open() {
            return;
        }
        while self.is_open() {
            self.session.graph.rollback_scope();
        }
        self.session.failed = None;
        // Of two that are abandoned, the outer one undoes the inner one too.
        let outermost = self.session.abandoned.map_or(self.number, |number| number.min(self.number));
        self.session.abandoned = Some(outermost);
    }
}

fn ended() -> crate::Error {
    crate::SessionError::Misuse("this savepoint ended with the session's transaction".to_owned()).into()
}

impl Drop for Savepoint<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.undo();
        }
    }
}

impl Deref for Savepoint<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for Savepoint<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

/// The session of [`Engine::transaction`](crate::Engine::transaction), which it derefs to. It is given back when
/// this is dropped, so that the engine can commit it.
pub struct Scoped {
    session: Option<Session>,
    back: Arc<Mutex<Option<Session>>>,
}

/// Where the session of a [`Scoped`] comes back.
#[derive(Debug)]
pub(crate) struct Returned(Arc<Mutex<Option<Session>>>);

impl Scoped {
    pub(crate) fn new(session: Session) -> (Scoped, Returned) {
        let back = Arc::new(Mutex::new(None));
        (Scoped { session: Some(session), back: back.clone() }, Returned(back))
    }
}

impl Returned {
    pub(crate) fn take(&self) -> Option<Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

const HERE: &str = "the session leaves only in `drop`";

impl Deref for Scoped {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session.as_ref().expect(HERE)
    }
}

impl DerefMut for Scoped {
    fn deref_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect(HERE)
    }
}

impl Drop for Scoped {
    fn drop(&mut self) {
        *self.back.lock().unwrap_or_else(PoisonError::into_inner) = self.session.take();
    }
}

impl fmt::Debug for Scoped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}
