use std::fmt;
use std::marker::PhantomData;

use super::fits::RowsOf;
use super::joinable::Derived;
use super::query::{Query, Returning};
use super::query_expression::{column_names, name_columns, name_items};
use super::record::{ColumnsOf, Nameable, RowKind};
use super::row_in::RowIn;
use super::select::Select;
use super::source::Source;
use super::table::Table;
use crate::tree::{self, Statement};

/// A common table expression named by `S`, for `.with(…)`.
#[must_use = "a CTE does nothing until a statement gets it by `.with(…)`"]
pub struct Cte<S> {
    tree: tree::Cte,
    source: PhantomData<fn() -> S>,
}

impl<S> Cte<S> {
    /// Has the database compute its rows once and keep them, where it would rather not.
    pub fn materialized(mut self) -> Self {
        self.tree.materialized = Some(true);
        self
    }

    /// Has the database compute it where it is read, as if it were a subquery there.
    pub fn not_materialized(mut self) -> Self {
        self.tree.materialized = Some(false);
        self
    }

    /// It as it stands in FROM.
    pub fn source(&self) -> Derived<S> {
        Derived::new(tree::From::Cte { name: self.tree.name.clone(), alias: None })
    }

    /// It as data.
    pub fn into_tree(self) -> tree::Cte {
        self.tree
    }
}

impl<S: Source<Kind: RowKind<S::Record>>> Cte<S> {
    pub(super) fn of_query(mut query: tree::Query, recursive: bool) -> Self {
        let names = column_names::<S>();
        let named = name_columns(&mut query, &names);
        // What is recursive is read before its first query has told its names.
        let columns = if named && !recursive { Vec::new() } else { names };
        Cte::of(super::into_record::statement(query), columns, recursive)
    }

    fn of(mut statement: Statement, columns: Vec<crate::schema::Name>, recursive: bool) -> Self {
        statement.keep_all_items();
        let (name, statement) = (S::source_ref().name, Box::new(statement));
        Cte {
            tree: tree::Cte { name, columns, statement, recursive, materialized: None },
            source: PhantomData,
        }
    }
}

impl<P, F> Returning<P, F> {
    /// The changed rows as a common table expression: the statement runs once, with the one that gets it by `.with(…)`.
    pub fn cte<S, I>(self, _: Table<S>) -> Cte<S>
    where
        P: RowIn<F, I, Columns: RowsOf<S::Record, ColumnsOf<S>>>,
        S: Nameable<Kind: RowKind<S::Record>>,
    {
        let (mut statement, _) = Query::<I>::into_statement(self);
        let names = column_names::<S>();
        match &mut statement {
            Statement::Insert(insert) => drop(name_items(&mut insert.returning, &names)),
            Statement::Update(update) => drop(name_items(&mut update.returning, &names)),
            Statement::Delete(delete) => drop(name_items(&mut delete.returning, &names)),
            Statement::Merge(merge) => drop(name_items(&mut merge.returning, &names)),
            Statement::Select(_)
            | Statement::Compound(_)
            | Statement::UpdateRows(_)
            | Statement::Text(_)
            | Statement::Ddl(_) => {}
        }
        Cte::of(statement, Vec::new(), false)
    }
}

/// Adds a CTE; one that is there already is not said twice.
pub(super) fn add<S>(with: &mut tree::With, cte: Cte<S>) {
    if !with.ctes.contains(&cte.tree) {
        with.ctes.push(cte.tree);
    }
}

impl<P, F> Select<P, F> {
    /// `WITH`: a common table expression that this query reads, or the queries inside of it; one may read those before
    /// it.
    pub fn with<S>(mut self, cte: Cte<S>) -> Self {
        add(&mut self.tree_mut().with, cte);
        self
    }
}

impl<S> Clone for Cte<S> {
    fn clone(&self) -> Self {
        Cte { tree: self.tree.clone(), source: PhantomData }
    }
}

impl<S> fmt::Debug for Cte<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
