use std::marker::PhantomData;

use super::load::LoadOptions;
use super::options::StatementOptions;
use super::projection::EntityAt;
use super::query::Query;
use super::record::Record;
use super::row_in::{Convert, Mode};
use crate::{Row, tree};

/// A query whose rows are the struct `R`; made by [`into_record`](super::QueryExpression::into_record).
#[derive(Debug, Clone)]
#[must_use = "a query does nothing until a session or a connection runs it"]
pub struct IntoRecord<R> {
    query: tree::Query,
    row: PhantomData<fn() -> R>,
}

impl<R> IntoRecord<R> {
    pub(super) fn new(query: tree::Query) -> Self {
        IntoRecord { query, row: PhantomData }
    }
}

impl<R> StatementOptions for IntoRecord<R> {}

impl<R: Record> Query<()> for IntoRecord<R> {
    type Row<M: Mode> = R;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        (statement(self.query), LoadOptions::default())
    }

    fn entities() -> Vec<EntityAt> {
        Vec::new()
    }

    fn decode<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row) -> Result<R, M::Error> {
        Ok(R::decode(row, 0)?)
    }

    fn convert<M: Mode, N: Mode>(row: R, _: &mut impl Convert<M, N>) -> R {
        row
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
