use super::Connection;
use crate::Result;
use crate::driver::BoxFuture;

/// Where DDL and single statements can run: an engine, a connection or a session.
pub trait Executor: Send {
    /// A connection, for as long as the borrow lasts.
    fn with_connection<'e>(self) -> BoxFuture<'e, Result<Lease<'e>>>
    where
        Self: 'e;
}

/// A connection that is borrowed, or that was taken for one piece of work and commits it.
#[derive(Debug)]
pub enum Lease<'e> {
    /// Somebody else's, with its transaction.
    Borrowed(&'e mut Connection),
    /// One of its own.
    Own(Connection),
}

impl Lease<'_> {
    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        match self {
            Lease::Borrowed(connection) => connection,
            Lease::Own(connection) => connection,
        }
    }

    /// Commits what was done, if the connection is its own.
    ///
    /// # Errors
    /// What the database says.
    pub async fn finish(self) -> Result<()> {
        match self {
            Lease::Borrowed(_) => Ok(()),
            Lease::Own(mut connection) => connection.commit().await,
        }
    }
}

impl<D> Executor for &crate::Engine<D> {
    fn with_connection<'e>(self) -> BoxFuture<'e, Result<Lease<'e>>>
    where
        Self: 'e,
    {
        let engine = self.inner().clone();
        Box::pin(async move { Ok(Lease::Own(Connection::open(engine).await?)) })
    }
}

impl Executor for &mut Connection {
    fn with_connection<'e>(self) -> BoxFuture<'e, Result<Lease<'e>>>
    where
        Self: 'e,
    {
        Box::pin(async move { Ok(Lease::Borrowed(self)) })
    }
}
