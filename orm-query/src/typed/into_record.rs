use std::fmt;
use std::marker::PhantomData;

use super::load::LoadOptions;
use super::options::StatementOptions;
use super::param::Bindings;
use super::projection::EntityAt;
use super::query::Query;
use super::query_expression::QueryExpression;
use super::record_row::{RecordField, RecordRow};
use super::row_in::{Convert, Mode, Owned};
use crate::schema::Name;
use crate::{Row, tree};

/// The query `Q` with its rows as the struct `R`; made by [`into_record`](QueryExpression::into_record).
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct IntoRecord<Q, R> {
    query: Q,
    row: PhantomData<fn() -> R>,
}

impl<Q, R> IntoRecord<Q, R> {
    pub(super) fn new(query: Q) -> Self {
        IntoRecord { query, row: PhantomData }
    }
}

impl<Q, R> StatementOptions for IntoRecord<Q, R> {}

impl<Q: Bindings, R> Bindings for IntoRecord<Q, R> {
    fn give(self, name: Name, given: &tree::Given) -> Self {
        IntoRecord::new(self.query.give(name, given))
    }
}

impl<Q: QueryExpression<I> + Send, R: RecordRow, I> Query<I> for IntoRecord<Q, R> {
    type Row<M: Mode> = R;
    type Read<M: Mode> = <R::Fields as RecordField>::Read<M>;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        let (query, load) = self.query.into_loading();
        (statement(query), load)
    }

    fn entities() -> Vec<EntityAt> {
        Q::entities_read()
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error> {
        R::Fields::read::<M>(context, row, &mut 0)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        R::Fields::convert::<M, N>(row, change)
    }

    fn finish<M: Mode>(row: Self::Read<M>, owned: &mut impl Convert<M, Owned>) -> R {
        R::from_fields(R::Fields::value(R::Fields::convert::<M, Owned>(row, owned)))
    }
}

impl<Q: Clone, R> Clone for IntoRecord<Q, R> {
    fn clone(&self) -> Self {
        IntoRecord::new(self.query.clone())
    }
}

/// As people read it; each database is sent its own SQL.
impl<Q: fmt::Display, R> fmt::Display for IntoRecord<Q, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}

impl<Q: fmt::Debug, R> fmt::Debug for IntoRecord<Q, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}

/// A query as a statement of its own.
pub(super) fn statement(query: tree::Query) -> tree::Statement {
    match query {
        tree::Query::Select(select) => tree::Statement::Select(*select),
        tree::Query::Compound(compound) => tree::Statement::Compound(*compound),
        tree::Query::Text(text) => tree::Statement::Text(*text),
        // `VALUES` alone is no statement of the tree: it is the one branch of a set operation.
        values @ tree::Query::Values(_) => tree::Statement::Compound(tree::Compound {
            with: tree::With::default(),
            operator: tree::SetOperator { kind: tree::SetOperation::Union, all: true },
            queries: vec![values],
            order_by: Vec::new(),
            limit: None,
        }),
    }
}
