use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use orm_core::Result;
use orm_core::driver::{BoxFuture, Cursor};
use orm_query::{Compiled, ExecutionOptions, Row};
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow};
use sqlx::{AssertSqlSafe, Either, Executor};

use super::arguments::arguments;
use super::connection::PostgresConnection;
use super::row::PostgresRow;
use super::slot::Slot;
use super::statements::Prepared;

/// The rows of a running statement.
///
/// What is to be done on the connection, one thing after the other, is a future; it hands each row over in a slot, and
/// waits there until it is polled for the next one.
pub(super) struct PostgresCursor<'c> {
    work: Option<BoxFuture<'c, Result<()>>>,
    slot: Arc<Slot>,
    row: Option<PostgresRow>,
    /// The row is the current one, and not the one before the end.
    stands: bool,
}

/// So many rows are read away when a stream is left: most results have no more, and it takes less than a millisecond.
const READ_AWAY: usize = 1_000;

impl<'c> PostgresCursor<'c> {
    pub(super) fn new(
        connection: &'c mut PostgresConnection,
        statement: &Compiled,
        options: &ExecutionOptions,
    ) -> Self {
        let slot = connection.slot.clone();
        let work: BoxFuture<'c, Result<()>> = match start(connection, statement) {
            Ok((prepared, arguments)) => {
                let batch = options.batch.filter(|_| connection.state.in_transaction && prepared.scan.reads);
                let work = Work { connection, prepared, slot: slot.clone(), options: *options };
                match batch {
                    Some(rows) => Box::pin(work.batches(arguments, rows)),
                    None => Box::pin(work.stream(arguments)),
                }
            }
            // What the first poll tells.
            Err(error) => Box::pin(std::future::ready(Err(error))),
        };
        PostgresCursor { work: Some(work), slot, row: None, stands: false }
    }
}

fn start(connection: &mut PostgresConnection, statement: &Compiled) -> Result<(Prepared, PgArguments)> {
    Ok((connection.prepare(statement)?, arguments(&statement.binds)?))
}

/// A statement on its way.
struct Work<'c> {
    connection: &'c mut PostgresConnection,
    prepared: Prepared,
    slot: Arc<Slot>,
    options: ExecutionOptions,
}

type Step = Result<Either<PgQueryResult, PgRow>, sqlx::Error>;

impl Work<'_> {
    async fn begin(&mut self) -> Result<()> {
        self.connection.ready().await?;
        self.slot.clear();
        self.connection.limit(self.options.timeout).await?;
        self.connection.state.expect(self.prepared.scan);
        Ok(())
    }

    /// Runs the statement and hands its rows over as they come.
    async fn stream(mut self, arguments: PgArguments) -> Result<()> {
        self.begin().await?;
        // Only what was prepared before can be stale, and is not sent again in a transaction.
        let is_stale_possible = self.prepared.is_known && !self.connection.state.in_transaction;
        let again = is_stale_possible.then(|| arguments.clone());
        let mut end = self.rows(arguments).await;
        if let (Some(arguments), Err(error)) = (again, &end) {
            if self.connection.may_retry(error).await? {
                end = self.rows(arguments).await;
            }
        } else if let Err(error) = &end {
            self.connection.may_retry(error).await?;
        }
        self.connection.done(end)
    }

    async fn rows(&mut self, arguments: PgArguments) -> Result<(), sqlx::Error> {
        let query = self.connection.query(&self.prepared, arguments);
        self.connection.state.unfinished = true;
        let mut rows = self.connection.connection.fetch_many(query);
        while let Some(step) = next(&mut rows).await {
            if let Either::Right(row) = step? {
                self.slot.give(row).await;
            }
        }
        Ok(())
    }

    /// Declares a cursor and fetches so many rows at a time.
    async fn batches(mut self, arguments: PgArguments, size: usize) -> Result<()> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        self.begin().await?;
        // A name of its own for each: a plan of FETCH would know the columns of the cursor before.
        let name = format!("orm_cursor_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let declare = format!("DECLARE {name} NO SCROLL CURSOR FOR {}", self.prepared.text);
        let declare = sqlx::query_with(AssertSqlSafe(declare), arguments).persistent(false);
        self.connection.state.unfinished = true;
        let declared = self.connection.connection.execute(declare).await;
        self.connection.done(declared)?;
        self.connection.state.abandoned_cursor = Some(name.clone());
        let size = size.clamp(1, i32::MAX as usize);
        let fetch: Arc<str> = format!("FETCH FORWARD {size} FROM {name}").into();
        loop {
            let mut count = 0;
            let end = {
                let query =
                    sqlx::query_with(AssertSqlSafe(fetch.clone()), PgArguments::default()).persistent(false);
                self.connection.state.unfinished = true;
                let mut rows = self.connection.connection.fetch_many(query);
                loop {
                    match next(&mut rows).await {
                        None => break Ok(()),
                        Some(Err(error)) => break Err(error),
                        Some(Ok(Either::Right(row))) => {
                            count += 1;
                            self.slot.give(row).await;
                        }
                        Some(Ok(Either::Left(_))) => {}
                    }
                }
            };
            self.connection.done(end)?;
            if self.slot.is_left() {
                return Ok(());
            }
            if count < size {
                break;
            }
        }
        self.connection.state.abandoned_cursor = None;
        self.connection.send(&format!("CLOSE {name}")).await
    }
}

async fn next(rows: &mut Pin<Box<dyn Stream<Item = Step> + Send + '_>>) -> Option<Step> {
    std::future::poll_fn(|cx| rows.as_mut().poll_next(cx)).await
}

impl Cursor for PostgresCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        self.stands = false;
        let Some(work) = &mut self.work else { return Poll::Ready(Ok(false)) };
        match work.as_mut().poll(cx) {
            Poll::Pending => match self.slot.take() {
                None => Poll::Pending,
                Some(row) => {
                    match &mut self.row {
                        Some(place) => place.replace(row),
                        place => *place = Some(PostgresRow::first(row)),
                    }
                    self.stands = true;
                    Poll::Ready(Ok(true))
                }
            },
            Poll::Ready(end) => {
                self.work = None;
                Poll::Ready(end.map(|()| false))
            }
        }
    }

    fn row(&self) -> &dyn Row {
        self.row.as_ref().filter(|_| self.stands).expect("`row` was called before `poll_advance` gave `true`")
    }
}

impl Drop for PostgresCursor<'_> {
    /// Most results that are left early are nearly at their end; then the connection is as if they had been read.
    fn drop(&mut self) {
        let (Some(work), true) = (&mut self.work, self.row.is_some()) else { return };
        self.slot.leave();
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..READ_AWAY {
            match work.as_mut().poll(&mut cx) {
                Poll::Pending if self.slot.take().is_some() => {}
                // The server has not sent more yet; or there is no more.
                Poll::Pending | Poll::Ready(_) => return,
            }
        }
        self.slot.flood();
    }
}
