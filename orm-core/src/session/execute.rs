//! Statements that are run for their effect on rows, and what becomes of the objects that stand for those rows.
//!
//! | room | holds |
//! | --- | --- |
//! | `following` | which objects follow a statement, and how that is found out |
//! | `evaluated` | found out in Rust |
//! | `returned` | found out by the keys that the database tells |
//! | `rows` | found out by the keys of an UPDATE of rows |
//! | `apply` | what happens to the objects, and to the relationships that lead to them |

mod apply;
mod evaluated;
mod following;
mod returned;
mod rows;

use orm_query::ExecutionOptions;
use orm_query::tree::Statement;
use orm_query::typed::{Executable, Query, Synchronize};

use super::events::Purpose;
use super::scratch::Copies;
use super::{Session, Tracked, load};
use crate::{Error, Result};

pub(super) use following::Following;

/// What a session says of a future that was dropped before its objects could follow.
const CUT_OFF: &str = "a statement was cut off, and the objects do not know what it did";

impl Session {
    /// Runs a statement for its effect, inside the session's transaction; the number of rows it matched. Flushes
    /// first.
    ///
    /// The objects that the session holds follow an `update(…)` and a `delete(…)` as [`Synchronize`] says, `Auto`
    /// unless the statement says otherwise by `.synchronize(…)`. Those whose rows match
    ///
    /// - get the new values, where these can be computed in Rust or come back with the statement; other columns that
    ///   were changed, those that the database computes included, are expired;
    /// - are deleted, and leave the collections that are loaded.
    ///
    /// Their new values count as stored, and a rollback puts the former ones back. What was changed and not flushed,
    /// because the session does not flush by itself, stays changed. An object whose primary key is changed is found
    /// under the new one, or counts as deleted where that cannot be computed in Rust. Relationships that depend on a changed foreign key are unloaded, on both sides. A statement
    /// on a table of which the session holds nothing costs nothing.
    ///
    /// An UPDATE or DELETE that reads other tables, by `.from(…)` or `.using(…)`, asks the database which rows match.
    ///
    /// The session does not see what other statements do to its objects: an `insert(…)`, after which a loaded
    /// collection may lack the new row, an upsert that updates, a `merge(…)`, SQL as text, or what the database does by itself, by
    /// triggers and by `ON DELETE` and `ON UPDATE`.
    ///
    /// # Errors
    /// What the database says. [`SessionError::NotEvaluable`](crate::SessionError::NotEvaluable) before the statement
    /// is sent, where [`Synchronize::Evaluate`] is asked for and the session holds objects of the table, but its
    /// condition is not certain in Rust. Likewise [`SessionError::Misuse`](crate::SessionError::Misuse) for a statement
    /// with a LIMIT whose rows the database does not tell.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     visits: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// let mut session = Session::new(&engine);
    /// let sandy = session.add(User::new("sandy", 1));
    /// let counted = update(User).set(User::visits, User::visits + 1).filter(User::name.eq("sandy"));
    /// assert_eq!(session.execute(counted).await?, 1);
    /// assert_eq!(session[sandy].visits, 2);
    ///
    /// session.execute(delete(User).filter(User::visits.gt(1))).await?;
    /// assert!(session.is_deleted(sandy));
    /// session.rollback().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn execute<S: Executable>(&mut self, statement: S) -> Result<u64> {
        self.before_query().await?;
        let (options, synchronize) = (statement.run_options(), statement.synchronize());
        self.execute_statement(statement.into_statement(), options, synchronize).await
    }

    async fn execute_statement(
        &mut self,
        statement: Statement,
        options: ExecutionOptions,
        synchronize: Synchronize,
    ) -> Result<u64> {
        let mut statement = self.graph.asked(statement, Purpose::Statement)?;
        let following = self.following(&mut statement, synchronize, false).await?;
        self.failed = following.is_some().then(|| CUT_OFF.to_owned());
        let (graph, connection) = self.parts()?;
        graph.note_write();
        connection.set_next(options);
        let result = match following {
            Some(following) => following.run(graph, connection, &statement).await,
            None => connection.run(&statement).await,
        };
        self.failed = None;
        result
    }

    /// The rows of a query, or of a SELECT the first. Flushes first.
    pub(super) async fn rows<Q: Query<I>, I>(
        &mut self,
        query: Q,
        only_first: bool,
    ) -> Result<Vec<Q::Row<Tracked>>> {
        self.before_query().await?;
        let options = query.run_options();
        let synchronize = query.synchronize();
        let (mut statement, load) = query.into_statement();
        let mut following = None;
        match &mut statement {
            Statement::Select(select) if only_first => select.take_at_most(1),
            Statement::Compound(compound) if only_first => compound.take_at_most(1),
            Statement::Select(_) | Statement::Compound(_) => {}
            _ => {
                let entities = Q::entities();
                for at in &entities {
                    self.graph.kind(at.entity);
                }
                statement = self.graph.asked(statement, Purpose::Statement)?;
                following = self.following(&mut statement, synchronize, !entities.is_empty()).await?;
            }
        }
        let follows = following.is_some();
        self.failed = follows.then(|| CUT_OFF.to_owned());
        let (graph, connection) = self.parts()?;
        if statement.changes_rows() {
            graph.note_write();
        }
        connection.set_next(options);
        // Behind a pointer, so that the futures of callers stay small.
        let result = Box::pin(load::all::<Q, I>(graph, connection, statement, load, following)).await;
        // A row that cannot be read was changed all the same.
        self.failed = match &result {
            Err(error @ Error::Decode { .. }) if follows => Some(error.to_string()),
            _ => None,
        };
        let mut copies = Copies { graph: &self.graph };
        Ok(result?.into_iter().map(|row| Q::finish::<Tracked>(row, &mut copies)).collect())
    }

    /// Which objects follow a statement; where the database must say it before the statement, it is asked.
    async fn following(
        &mut self,
        statement: &mut Statement,
        synchronize: Synchronize,
        reads_entities: bool,
    ) -> Result<Option<Following>> {
        let (graph, connection) = self.parts()?;
        let features = connection.dialect().features().clone();
        let following = Following::decide(graph, &features, statement, synchronize, reads_entities)?;
        match following {
            Some(following) => Ok(Some(following.ask(graph, connection).await?)),
            None => Ok(None),
        }
    }
}
