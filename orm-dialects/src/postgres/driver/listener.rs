use std::fmt;
use std::time::{Duration, Instant};

use orm_core::driver::DriverOptions;
use orm_core::{Connection, Error, Result};
use orm_query::CompileError;
use orm_query::typed::text;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::runtime::Handle;

use super::opener::Opener;
use crate::postgres::errors;

/// How long a lost server is waited for, before that is an error.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest name of a channel in bytes: that of any identifier.
const LONGEST: usize = 63;

/// Sends a message to all who listen on a channel, when the connection's transaction is committed.
///
/// # Errors
/// What the database says: a message has less than 8,000 bytes.
pub async fn notify(connection: &mut Connection, channel: &str, payload: &str) -> Result<()> {
    check(channel)?;
    let statement = text("SELECT pg_notify(:channel, :payload)");
    connection.execute(statement.bind_str("channel", channel).bind_str("payload", payload)).await?;
    Ok(())
}

/// Listens for messages, on a connection of its own.
///
/// A connection that is lost is opened again, and listens on the same channels. What was sent in between is lost:
/// [`try_recv`](Listener::try_recv) tells when that may have been.
pub struct Listener {
    opener: Opener,
    channels: Vec<String>,
    listener: Option<PgListener>,
    /// For the goodbye of a listener that is dropped somewhere else.
    runtime: Handle,
}

/// A message that was sent by NOTIFY.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notification {
    /// The channel.
    pub channel: String,
    /// The message.
    pub payload: String,
    /// The process on the server that serves the sender.
    pub process_id: u32,
}

impl Listener {
    /// Connects to the database of a URL, of which all is as in
    /// [`PostgresDriver::new`](crate::postgres::PostgresDriver::new).
    ///
    /// # Errors
    /// [`Error::Url`], and when the server cannot be reached.
    pub async fn connect(url: &str) -> Result<Listener> {
        let opener = Opener::new(url, DriverOptions::default())?;
        let runtime = Handle::try_current()
            .map_err(|_| Error::Connection { message: "the driver needs a Tokio runtime".into() })?;
        let mut listener = Listener { opener, channels: Vec::new(), listener: None, runtime };
        listener.connected().await?;
        Ok(listener)
    }

    /// Listens on one more channel.
    ///
    /// # Errors
    /// When the name is empty or has more than 63 bytes, and when the server cannot be reached.
    pub async fn listen(&mut self, channel: &str) -> Result<()> {
        check(channel)?;
        if self.channels.iter().any(|known| known == channel) {
            return Ok(());
        }
        let listened = self.connected().await?.listen(channel).await;
        self.done(listened)?;
        self.channels.push(channel.to_owned());
        Ok(())
    }

    /// Listens no longer on a channel. Messages that have come already are still received.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn unlisten(&mut self, channel: &str) -> Result<()> {
        self.channels.retain(|known| known != channel);
        let Some(listener) = &mut self.listener else { return Ok(()) };
        let ended = listener.unlisten(channel).await;
        self.done(ended)
    }

    /// The channels.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.channels.iter().map(String::as_str)
    }

    /// Waits for the next message. The future may be dropped, and no message is lost by it.
    ///
    /// # Errors
    /// When the server cannot be reached for 30 seconds; the next call tries again.
    pub async fn recv(&mut self) -> Result<Notification> {
        let mut lost: Option<Instant> = None;
        loop {
            match self.try_recv().await {
                Ok(Some(notification)) => return Ok(notification),
                Ok(None) => lost = None,
                Err(error) => {
                    let since = *lost.get_or_insert_with(Instant::now);
                    if !error.is_disconnect() || since.elapsed() >= PATIENCE {
                        return Err(error);
                    }
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
            }
        }
    }

    /// Waits for the next message; `None` when the connection was lost and is there again, so that messages may be missing.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn try_recv(&mut self) -> Result<Option<Notification>> {
        let was_lost = self.listener.is_none();
        let listener = self.connected().await?;
        if was_lost {
            return Ok(None);
        }
        let received = listener.try_recv().await;
        match received {
            Ok(Some(notification)) => Ok(Some(Notification {
                channel: notification.channel().to_owned(),
                payload: notification.payload().to_owned(),
                process_id: notification.process_id(),
            })),
            Ok(None) => self.again().await,
            Err(error) if errors::loses_connection(&error) => self.again().await,
            Err(error) => Err(errors::classify(error)),
        }
    }

    async fn again(&mut self) -> Result<Option<Notification>> {
        self.forget();
        self.connected().await.map(|_| None)
    }

    /// The connection, opened if there is none.
    async fn connected(&mut self) -> Result<&mut PgListener> {
        let listener = match self.listener.take() {
            Some(listener) => listener,
            None => {
                let options = self.opener.place().await?;
                // sqlx's listener takes its connection out of a pool.
                let pool = PgPoolOptions::new()
                    .max_connections(1)
                    .acquire_timeout(PATIENCE)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .connect_lazy_with(options);
                let mut listener = PgListener::connect_with(&pool).await.map_err(errors::classify)?;
                listener.ignore_pool_close_event(true);
                listener.eager_reconnect(false);
                let channels = self.channels.iter().map(String::as_str);
                if !self.channels.is_empty() {
                    listener.listen_all(channels).await.map_err(errors::classify)?;
                }
                listener
            }
        };
        Ok(self.listener.insert(listener))
    }

    fn done<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T> {
        answer.map_err(|error| {
            if errors::loses_connection(&error) {
                self.forget();
            }
            errors::classify(error)
        })
    }

    /// Drops the connection where its task finds the runtime.
    fn forget(&mut self) {
        let _runtime = self.runtime.enter();
        self.listener = None;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.forget();
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("opener", &self.opener)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

fn check(channel: &str) -> Result<()> {
    if channel.is_empty() || channel.len() > LONGEST || channel.contains('\0') {
        let reason = format!("the name of a channel has 1 to {LONGEST} bytes and no NUL character");
        return Err(Error::Compile(CompileError::Invalid(reason)));
    }
    Ok(())
}
