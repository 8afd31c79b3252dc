use super::load::LoadOptions;
use super::projection::EntityAt;
use super::query::{Executable, Query, Returning};
use super::row_in::{Convert, Mode, Owned};
use super::select::Select;
use super::synchronize::Synchronize;
use super::text::{Text, TextRows};
use super::{Delete, Insert, Merge, Update};
use crate::{ExecutionOptions, Row, tree};

/// A statement that is run with options of its own; made by [`StatementOptions::execution_options`].
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct WithOptions<S> {
    statement: S,
    options: ExecutionOptions,
}

/// How a statement is run, for statements of any kind.
pub trait StatementOptions: Sized {
    /// This statement, run with `options`.
    ///
    /// ```
    /// # use std::time::Duration;
    /// use orm_query::ExecutionOptions;
    /// use orm_query::typed::{StatementOptions, text};
    ///
    /// let patient = ExecutionOptions::new().timeout(Duration::from_secs(60));
    /// let report = text("SELECT count(*) FROM everything").columns::<i64>().execution_options(patient);
    /// ```
    fn execution_options(self, options: ExecutionOptions) -> WithOptions<Self> {
        WithOptions { statement: self, options }
    }
}

impl<P, F> StatementOptions for Select<P, F> {}
impl<P, F> StatementOptions for Returning<P, F> {}
impl<T> StatementOptions for TextRows<T> {}
impl StatementOptions for Text {}
impl<E> StatementOptions for Insert<E> {}
impl<E, W, F> StatementOptions for Update<E, W, F> {}
impl<E, W, F> StatementOptions for Delete<E, W, F> {}
impl<E, S> StatementOptions for Merge<E, S> {}
impl StatementOptions for tree::Ddl {}

impl<S: super::param::Bindings> super::param::Bindings for WithOptions<S> {
    fn give(self, name: crate::schema::Name, given: &tree::Given) -> Self {
        WithOptions { statement: self.statement.give(name, given), options: self.options }
    }
}

impl<S: Executable> Executable for WithOptions<S> {
    fn into_statement(self) -> tree::Statement {
        self.statement.into_statement()
    }

    fn run_options(&self) -> ExecutionOptions {
        self.options
    }

    fn synchronize(&self) -> Synchronize {
        self.statement.synchronize()
    }
}

impl<Q: Query<I>, I> Query<I> for WithOptions<Q> {
    type Row<M: Mode> = Q::Row<M>;
    type Read<M: Mode> = Q::Read<M>;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        self.statement.into_statement()
    }

    fn run_options(&self) -> ExecutionOptions {
        self.options
    }

    fn synchronize(&self) -> Synchronize {
        self.statement.synchronize()
    }

    fn entities() -> Vec<EntityAt> {
        Q::entities()
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error> {
        Q::decode::<M>(context, row)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        Q::convert::<M, N>(row, change)
    }

    fn finish<M: Mode>(row: Self::Read<M>, owned: &mut impl Convert<M, Owned>) -> Self::Row<M> {
        Q::finish::<M>(row, owned)
    }
}
