use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker, ready};

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
/// What is to be done on the connection, one thing after the other, is a future; it hands rows over in a slot, as many as
/// are there, and waits until it is polled for more.
pub(super) struct PostgresCursor<'c> {
    work: Option<BoxFuture<'c, Result<()>>>,
    /// What the work came to, told after the rows.
    end: Result<()>,
    slot: Arc<Slot>,
    rows: VecDeque<PgRow>,
    row: Option<PostgresRow>,
    /// The row is the current one, and not the one before the end.
    stands: bool,
}

/// So many rows are read away when a stream is left: most results have no more, and it takes less than a millisecond.
const READ_AWAY: usize = 1_000;
/// The most rows that are handed over at a time.
const GATHERED: usize = 64;

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
        PostgresCursor {
            work: Some(work),
            end: Ok(()),
            slot,
            rows: VecDeque::new(),
            row: None,
            stands: false,
        }
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
        let rows = self.connection.connection.fetch_many(query);
        hand_over(rows, &self.slot).await.map(drop)
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
            let query =
                sqlx::query_with(AssertSqlSafe(fetch.clone()), PgArguments::default()).persistent(false);
            self.connection.state.unfinished = true;
            let fetched = hand_over(self.connection.connection.fetch_many(query), &self.slot).await;
            let count = self.connection.done(fetched)?;
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

/// Hands all rows over; how many there were.
async fn hand_over(
    mut steps: Pin<Box<dyn Stream<Item = Step> + Send + '_>>,
    slot: &Slot,
) -> Result<usize, sqlx::Error> {
    let mut count = 0;
    std::future::poll_fn(|cx| {
        let mut rows = slot.rows();
        while rows.len() < GATHERED {
            match ready!(steps.as_mut().poll_next(cx)) {
                Some(Ok(Either::Right(row))) => {
                    count += 1;
                    rows.push_back(row);
                }
                Some(Ok(Either::Left(_))) => {}
                Some(Err(error)) => return Poll::Ready(Err(error)),
                None => return Poll::Ready(Ok(count)),
            }
        }
        // No one has to be woken: the cursor finds the rows when this returns.
        Poll::Pending
    })
    .await
}

impl Cursor for PostgresCursor<'_> {
    fn poll_advance(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool>> {
        self.stands = false;
        if self.rows.is_empty()
            && let Some(work) = &mut self.work
        {
            let polled = work.as_mut().poll(cx);
            self.slot.exchange(&mut self.rows);
            match polled {
                Poll::Ready(end) => (self.work, self.end) = (None, end),
                Poll::Pending if self.rows.is_empty() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
        let Some(row) = self.rows.pop_front() else {
            return Poll::Ready(std::mem::replace(&mut self.end, Ok(())).map(|()| false));
        };
        match &mut self.row {
            Some(place) => place.replace(row),
            place => *place = Some(PostgresRow::first(row)),
        }
        self.stands = true;
        Poll::Ready(Ok(true))
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
        let mut read = 0;
        while read < READ_AWAY {
            let polled = work.as_mut().poll(&mut cx);
            self.rows.clear();
            self.slot.exchange(&mut self.rows);
            read += self.rows.len();
            // There is no more; or the server has not sent more yet.
            if polled.is_ready() || self.rows.is_empty() {
                return;
            }
        }
        self.slot.flood();
    }
}
