use super::Session;
use crate::Result;
use crate::connection::Connection;

/// The savepoint that a joined session works in.
pub(super) const SAVEPOINT: u32 = 1;

/// A transaction that is the caller's, and not the session's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Joined {
    /// Whether the session has set its savepoint.
    pub(super) is_open: bool,
}

impl Session {
    /// A session inside the transaction of a connection, which begins with it where none is open.
    ///
    /// It works in a savepoint: its commit keeps what was done and its rollback undoes it, as ever, and none of it is
    /// lasting before the caller commits the connection that [`into_connection`](Session::into_connection) gives back.
    /// So a test runs code that commits, and undoes it all in the end. In SQLAlchemy this is
    /// `join_transaction_mode="create_savepoint"`.
    ///
    /// A session that is dropped takes the connection with it, and the transaction is rolled back.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// let mut session = Session::join(engine.connect().await?);
    /// session.add(User::new("sandy"));
    /// session.commit().await?;
    /// assert_eq!(session.one(select(count(User))).await?, 1);
    ///
    /// let mut connection = session.into_connection().await?;
    /// connection.rollback().await?;
    /// assert_eq!(connection.one(select(count(User))).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn join(connection: Connection) -> Session {
        let mut session = Session::over(connection.engine().clone());
        session.connection = Some(connection);
        session.joined = Some(Joined::default());
        session
    }

    /// Gives the connection of a [joined](Session::join) session back, with the transaction as the session's last commit
    /// left it: what was not committed is rolled back. From any other session, it is a connection without a transaction.
    ///
    /// # Errors
    /// What the database says.
    pub async fn into_connection(mut self) -> Result<Connection> {
        self.rollback().await?;
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Connection::open(self.engine.clone()).await,
        }
    }

    /// The number of the savepoint at a depth of the session's own.
    pub(super) fn savepoint_number(&self, depth: u32) -> u32 {
        if self.joined.is_some() { depth + SAVEPOINT } else { depth }
    }
}
