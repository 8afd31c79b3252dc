use orm_query::typed::Query;

use super::events::{After, Moment, RolledBack};
use super::{Session, Tracked, flush, join};
use crate::connection::{Connection, single};
use crate::{Error, Result, SessionError};

impl Session {
    /// The connection, inside the session's transaction.
    pub(super) async fn connection(&mut self) -> Result<()> {
        if let Some(cause) = &self.failed {
            return Err(SessionError::NeedsRollback { cause: cause.clone() }.into());
        }
        if self.connection.is_none() {
            let mut connection = Connection::open(self.engine.clone()).await?;
            connection.set_transaction_options(self.options);
            self.connection = Some(connection);
        }
        let base = self.savepoint_number(0);
        let mut has_begun = false;
        if let Some(connection) = &mut self.connection {
            has_begun = !connection.in_transaction();
            connection.begin().await?;
            if let Some(joined) = self.joined.as_mut().filter(|joined| !joined.is_open) {
                connection.savepoint(join::SAVEPOINT).await?;
                joined.is_open = true;
                has_begun = true;
            }
            if let Some(savepoint) = self.abandoned.take() {
                // The objects are what they were at the savepoint; where the rows are not, all must be undone.
                self.failed = Some("the rollback of a savepoint was cut off".to_owned());
                let result = connection.rollback_to(base + savepoint).await;
                self.failed = result.as_ref().err().map(ToString::to_string);
                result?;
                self.tell_after(After::Rollback, RolledBack::Savepoint);
                self.tell_after(After::SoftRollback, RolledBack::Savepoint);
            }
        }
        if has_begun {
            self.tell(Moment::AfterBegin).await?;
        }
        Ok(())
    }

    pub(super) fn parts(&mut self) -> Result<(&mut super::graph::Graph, &mut Connection)> {
        match &mut self.connection {
            Some(connection) => Ok((&mut self.graph, connection)),
            None => Err(SessionError::Misuse("the session has no connection".into()).into()),
        }
    }

    pub(super) async fn before_query(&mut self) -> Result<()> {
        if self.autoflush && !self.is_flushing() {
            self.flush().await?;
        }
        self.connection().await
    }

    /// Writes what changed: inserts, updates and deletes in the order of their dependencies, with generated keys
    /// filled in and carried to the children.
    ///
    /// # Errors
    /// [`Error::Integrity`] names the object that the database refused, [`Error::StaleData`] a row that is not what
    /// it was. After an error, only [`rollback`](Session::rollback) is possible.
    pub async fn flush(&mut self) -> Result<()> {
        if !self.graph.is_dirty() {
            return Ok(());
        }
        if let Some(cause) = &self.failed {
            return Err(SessionError::NeedsRollback { cause: cause.clone() }.into());
        }
        let flushing = self.begin_flush()?;
        // Behind a pointer: each query flushes, and its future would carry all of this.
        Box::pin(flushing.0.flush_once()).await
    }

    async fn flush_once(&mut self) -> Result<()> {
        self.tell(Moment::BeforeFlush).await?;
        if !self.graph.is_dirty() {
            return Ok(());
        }
        let planned = self.plan_new().inspect_err(|error| self.failed = Some(error.to_string()))?;
        self.connection().await?;
        // A future that is dropped in the middle leaves this mark behind.
        self.failed = Some("a flush was cut off".to_owned());
        let result = self.try_flush(planned).await;
        self.failed = result.as_ref().err().map(ToString::to_string);
        result?;
        self.tell(Moment::AfterFlushPostexec).await
    }

    /// The plan of a flush that begins a transaction, where it can be made without one: new objects alone need nothing of
    /// the database, so that it is not asked for what cannot be written.
    fn plan_new(&mut self) -> Result<Option<flush::Plan>> {
        if self.connection.is_some() || self.graph.listening.events.is_some() || !self.graph.is_all_new() {
            return Ok(None);
        }
        flush::prepare_offline(&mut self.graph);
        if !self.graph.is_all_new() {
            return Ok(None);
        }
        self.planned().map(Some)
    }

    fn planned(&self) -> Result<flush::Plan> {
        let changes = flush::collect(&self.graph)?;
        let plan = flush::plan(&self.graph, changes)?;
        if self.options.read_only == Some(true) && !plan.steps.is_empty() {
            let step = plan.describe(&self.graph).lines().next().unwrap_or_default().to_owned();
            return Err(SessionError::ReadOnly { step }.into());
        }
        Ok(plan)
    }

    async fn try_flush(&mut self, planned: Option<flush::Plan>) -> Result<()> {
        let plan = match planned {
            Some(plan) => plan,
            None => {
                let mut round = 0;
                loop {
                    let (graph, connection) = self.parts()?;
                    flush::prepare(graph, connection).await?;
                    if !self.tell_found(round)? {
                        break;
                    }
                    round += 1;
                }
                self.planned()?
            }
        };
        let (graph, connection) = self.parts()?;
        flush::apply(graph, connection, &plan).await?;
        self.tell(Moment::AfterFlush).await?;
        self.graph.settle();
        Ok(())
    }

    /// What a flush would do now, one step a line, without doing it: `INSERT user_account (name) × 3`.
    ///
    /// What only the database knows (collections that a delete would load) is not in it. It looks at a copy of the
    /// session's objects: it is for tests and for the curious, not for every flush.
    ///
    /// # Errors
    /// What a flush would find before its first statement, such as `CircularDependency`.
    pub fn plan(&self) -> Result<String> {
        let mut graph = self.graph.clone();
        flush::prepare_offline(&mut graph);
        let changes = flush::collect(&graph)?;
        Ok(flush::plan(&graph, changes)?.describe(&graph))
    }

    /// All rows: handles for entities, values for the rest. Flushes first.
    ///
    /// # Errors
    /// What the database says; [`Error::Decode`] where a value does not fit.
    pub async fn all<Q: Query<I>, I>(&mut self, query: Q) -> Result<Vec<Q::Row<Tracked>>> {
        self.rows::<Q, I>(query, false).await
    }

    /// The only row. Flushes first.
    ///
    /// # Errors
    /// [`Error::NoResultFound`] and [`Error::MultipleResultsFound`], and those of [`all`](Session::all).
    pub async fn one<Q: Query<I>, I>(&mut self, query: Q) -> Result<Q::Row<Tracked>> {
        self.one_or_none(query).await?.ok_or(Error::NoResultFound { object: None, statement: None })
    }

    /// The only row, if there is one. Flushes first.
    ///
    /// # Errors
    /// [`Error::MultipleResultsFound`], and those of [`all`](Session::all).
    pub async fn one_or_none<Q: Query<I>, I>(&mut self, query: Q) -> Result<Option<Q::Row<Tracked>>> {
        single(self.all(query).await?)
    }

    /// The first row, if there is one. Flushes first.
    ///
    /// # Errors
    /// Those of [`all`](Session::all).
    pub async fn first<Q: Query<I>, I>(&mut self, query: Q) -> Result<Option<Q::Row<Tracked>>> {
        Ok(self.rows::<Q, I>(query, true).await?.into_iter().next())
    }

    /// The first row of a query for one value: another word for [`first`](Session::first).
    ///
    /// # Errors
    /// Those of [`all`](Session::all).
    pub async fn scalar<Q: Query<I>, I>(&mut self, query: Q) -> Result<Option<Q::Row<Tracked>>> {
        self.first(query).await
    }
}
