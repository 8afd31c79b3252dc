use std::ops::{Deref, DerefMut};

use super::Connection;
use crate::{Result, SessionError};

impl Connection {
    /// Sets a savepoint. What is done through the [`Nested`] is kept by its `commit` and undone by its `rollback`;
    /// dropped, it is undone before the next statement.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// let mut connection = engine.connect().await?;
    /// connection.execute(text("CREATE TABLE note (line TEXT)")).await?;
    ///
    /// let mut nested = connection.nested().await?;
    /// nested.execute(text("INSERT INTO note VALUES ('a slip')")).await?;
    /// nested.rollback().await?;
    ///
    /// assert_eq!(connection.one(text("SELECT count(*) FROM note").columns::<i64>()).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database says.
    pub async fn nested(&mut self) -> Result<Nested<'_>> {
        self.settle().await?;
        self.begin().await?;
        let number = self.savepoints + 1;
        self.savepoint(number).await?;
        self.savepoints = number;
        Ok(Nested { connection: self, number, done: false })
    }

    /// Rolls back to the savepoints that were dropped.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let Some(number) = self.abandoned else { return Ok(()) };
        if self.in_transaction() {
            self.rollback_to(number).await?;
        }
        self.abandoned = None;
        Ok(())
    }

    pub(crate) async fn savepoint(&mut self, number: u32) -> Result<()> {
        self.begin().await?;
        self.log("SAVEPOINT");
        let set = self.pooled.raw()?.savepoint(number).await;
        self.checked(set)?;
        self.engine.events.each(|events| events.on_savepoint());
        Ok(())
    }

    pub(crate) async fn release(&mut self, number: u32) -> Result<()> {
        self.log("RELEASE SAVEPOINT");
        let released = self.pooled.raw()?.release(number).await;
        self.checked(released)
    }

    pub(crate) async fn rollback_to(&mut self, number: u32) -> Result<()> {
        self.log("ROLLBACK TO SAVEPOINT");
        let rolled_back = self.pooled.raw()?.rollback_to(number).await;
        self.checked(rolled_back)
    }
}

/// A savepoint of a connection, which it derefs to; made by [`Connection::nested`].
#[derive(Debug)]
#[must_use = "a savepoint that is dropped is rolled back"]
pub struct Nested<'c> {
    connection: &'c mut Connection,
    number: u32,
    done: bool,
}

impl Nested<'_> {
    /// Keeps what was done since the savepoint.
    ///
    /// # Errors
    /// What the database says; [`Misuse`](SessionError::Misuse) where the whole transaction was ended inside.
    pub async fn commit(mut self) -> Result<()> {
        self.check()?;
        self.connection.settle().await?;
        let number = self.number;
        self.connection.release(number).await?;
        self.done = true;
        self.connection.savepoints = number - 1;
        Ok(())
    }

    /// Undoes what was done since the savepoint; the transaction is usable again after an error inside.
    ///
    /// # Errors
    /// What the database says; [`Misuse`](SessionError::Misuse) where the whole transaction was ended inside.
    pub async fn rollback(mut self) -> Result<()> {
        self.check()?;
        self.abandon();
        self.connection.settle().await
    }

    fn is_open(&self) -> bool {
        self.connection.in_transaction() && self.connection.savepoints >= self.number
    }

    fn check(&mut self) -> Result<()> {
        if self.is_open() {
            return Ok(());
        }
        self.done = true;
        Err(SessionError::Misuse("this savepoint ended with its transaction".to_owned()).into())
    }

    fn abandon(&mut self) {
        self.done = true;
        if self.is_open() {
            self.connection.savepoints = self.number - 1;
            // Of two that are abandoned, the outer one undoes the inner one too.
            let outermost = self.connection.abandoned.map_or(self.number, |number| number.min(self.number));
            self.connection.abandoned = Some(outermost);
        }
    }
}

impl Drop for Nested<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.abandon();
        }
    }
}

impl Deref for Nested<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl DerefMut for Nested<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection
    }
}
