use std::fmt;
use std::marker::PhantomData;

use super::load::LoadOptions;
use super::projection::{self, EntityAt, Projection};
use super::row_in::{Convert, Mode, Owned, RowIn, Unchanged};
use super::scope::{Needs, Standalone};
use super::select::Select;
use super::synchronize::Synchronize;
use crate::{DecodeError, ExecutionOptions, Row, tree};

/// A statement that gives rows; `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a statement that gives rows",
    label = "not a `select(…)`, and without `.returning(…)` or `.columns::<…>()`",
    note = "`insert`, `update` and `delete` give rows by `.returning(…)`, `text` by `.columns::<…>()`; for its effect alone, a statement is run by `.execute(…)`"
)]
pub trait Query<I>: Sized + Send {
    /// What a row becomes.
    type Row<M: Mode>: Send + 'static;
    /// What is read of a row, before the relationships of its entities are loaded.
    type Read<M: Mode>: Send + 'static;

    /// The statement as data, and what to load with it.
    fn into_statement(self) -> (tree::Statement, LoadOptions);
    /// How it is to be run.
    fn run_options(&self) -> ExecutionOptions {
        ExecutionOptions::new()
    }
    /// How the objects of a session follow, where it changes rows.
    fn synchronize(&self) -> Synchronize {
        Synchronize::Auto
    }
    /// The entities among the columns, in order.
    fn entities() -> Vec<EntityAt>;
    /// Reads a row.
    ///
    /// # Errors
    /// When a value does not fit.
    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error>;
    /// What was read, in another mode.
    fn convert<M: Mode, N: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N>;
    /// What the row becomes, once all is loaded; `owned` gives copies of entities, with what was loaded of them.
    fn finish<M: Mode>(row: Self::Read<M>, owned: &mut impl Convert<M, Owned>) -> Self::Row<M>;

    /// Reads a row of which nothing is loaded.
    ///
    /// # Errors
    /// When a value does not fit.
    fn decode_owned(row: &dyn Row) -> Result<Self::Row<Owned>, DecodeError> {
        Ok(Self::finish::<Owned>(Self::decode::<Owned>(&mut (), row)?, &mut Unchanged))
    }
}

impl<P, F, I> Query<I> for Select<P, F>
where
    P: RowIn<F, I>,
    F: Needs<Sources: Standalone>,
{
    type Row<M: Mode> = P::Row<M>;
    type Read<M: Mode> = P::Row<M>;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        let (select, load) = self.into_parts();
        (tree::Statement::Select(select), load)
    }

    fn entities() -> Vec<EntityAt> {
        projection::entities::<P>()
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error> {
        P::decode::<M>(context, row, &mut 0)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        P::convert::<M, N>(row, change)
    }

    fn finish<M: Mode>(row: Self::Read<M>, _: &mut impl Convert<M, Owned>) -> Self::Row<M> {
        row
    }
}

/// RETURNING gives columns of rows that are being written, where not every database computes a subquery: the properties
/// are absent.
fn leave_properties_out<P: Projection>(items: &mut [tree::SelectItem]) {
    for EntityAt { entity, at, .. } in projection::entities::<P>() {
        let properties = at + entity.table.columns.len()..at + entity.width();
        if let Some(items) = items.get_mut(properties) {
            items.iter_mut().for_each(|item| item.left_out = true);
        }
    }
}

/// An INSERT, UPDATE, DELETE or MERGE with RETURNING: `P` is what it returns, `F` the tables that it reads.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Returning<P, F> {
    statement: tree::Statement,
    load: LoadOptions,
    synchronize: Synchronize,
    types: PhantomData<fn() -> (P, F)>,
}

impl<P: Projection, F> Returning<P, F> {
    pub(crate) fn new(mut statement: tree::Statement, list: P) -> Self {
        let mut items = Vec::new();
        let mut load = LoadOptions::default();
        list.paths(&mut load.paths);
        list.items(&mut items);
        leave_properties_out::<P>(&mut items);
        match &mut statement {
            tree::Statement::Insert(s) => s.returning = items,
            tree::Statement::Update(s) => s.returning = items,
            tree::Statement::Delete(s) => s.returning = items,
            tree::Statement::Merge(s) => s.returning = items,
            tree::Statement::Select(_)
            | tree::Statement::Compound(_)
            | tree::Statement::UpdateRows(_)
            | tree::Statement::Text(_)
            | tree::Statement::Ddl(_) => {}
        }
        Returning { statement, load, synchronize: Synchronize::Auto, types: PhantomData }
    }

    pub(crate) fn synchronized(mut self, synchronize: Synchronize) -> Self {
        self.synchronize = synchronize;
        self
    }
}

impl<P, F> Clone for Returning<P, F> {
    fn clone(&self) -> Self {
        let (statement, load) = (self.statement.clone(), self.load.clone());
        Returning { statement, load, synchronize: self.synchronize, types: PhantomData }
    }
}

impl<P, F> super::param::Bindings for Returning<P, F> {
    fn give(mut self, name: crate::schema::Name, given: &tree::Given) -> Self {
        self.statement.bind_param(&name, given);
        self
    }
}

/// As people read it; each database is sent its own SQL.
impl<P, F> fmt::Display for Returning<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.statement, f)
    }
}

impl<P, F> fmt::Debug for Returning<P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.statement.fmt(f)
    }
}

impl<P, F, I> Query<I> for Returning<P, F>
where
    P: RowIn<F, I>,
{
    type Row<M: Mode> = P::Row<M>;
    type Read<M: Mode> = P::Row<M>;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        (self.statement, self.load)
    }

    fn synchronize(&self) -> Synchronize {
        self.synchronize
    }

    fn entities() -> Vec<EntityAt> {
        projection::entities::<P>()
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<Self::Read<M>, M::Error> {
        P::decode::<M>(context, row, &mut 0)
    }

    fn convert<M: Mode, N: Mode>(row: Self::Read<M>, change: &mut impl Convert<M, N>) -> Self::Read<N> {
        P::convert::<M, N>(row, change)
    }

    fn finish<M: Mode>(row: Self::Read<M>, _: &mut impl Convert<M, Owned>) -> Self::Row<M> {
        row
    }
}

/// A statement that is run for its effect.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be executed",
    label = "not a statement that is run for its effect alone",
    note = "rows are read by `.all(…)`, `.one(…)`, `.first(…)` and their like"
)]
pub trait Executable: Sized + Send {
    /// The statement as data.
    fn into_statement(self) -> tree::Statement;
    /// How it is to be run.
    fn run_options(&self) -> ExecutionOptions {
        ExecutionOptions::new()
    }
    /// How the objects of a session follow, where it changes rows.
    fn synchronize(&self) -> Synchronize {
        Synchronize::Auto
    }
}

impl Executable for tree::Statement {
    fn into_statement(self) -> tree::Statement {
        self
    }
}

macro_rules! ddl {
    ($($statement:ident),*) => {$(
        impl Executable for tree::$statement {
            fn into_statement(self) -> tree::Statement {
                tree::Statement::Ddl(self.into())
            }
        }
    )*};
}

ddl!(
    CreateTable,
    DropTable,
    AlterTable,
    CreateIndex,
    DropIndex,
    CreateEnum,
    DropEnum,
    CreateSequence,
    DropSequence,
    CreateSchema,
    DropSchema,
    CreateView,
    DropView,
    CreateTableAs,
    SetComment
);

impl Executable for tree::Ddl {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Ddl(self)
    }
}
