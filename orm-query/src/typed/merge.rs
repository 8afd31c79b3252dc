use std::fmt;
use std::marker::PhantomData;

use super::assign::{add_on_update, set_value};
use super::column::Column;
use super::cte::Cte;
use super::expression::Predicate;
use super::insert::{default_of, typed_bind};
use super::joinable::Joinable;
use super::mark::RowWise;
use super::operand::{AssignTo, Operand};
use super::presence::Stored;
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::scope::{InScope, Inner, Nil};
use super::source::Source;
use super::table::Table;
use crate::schema::Name;
use crate::tree::{self, MergeAction, MergeBranch, MergeRows, SetTarget, TableRef};
use crate::{Mapped, SqlType};

/// A `MERGE INTO E` that does not say yet what is merged into it.
#[must_use = "say `.using(source, condition)`"]
#[derive(Debug, Clone)]
pub struct MergeInto<E> {
    types: PhantomData<fn() -> E>,
}

/// `MERGE INTO E USING S`
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Merge<E, S> {
    tree: tree::Merge,
    types: PhantomData<fn() -> (E, S)>,
}

/// What a branch for rows that match may read: the source's row, and the table's.
pub type MatchedScope<E, S> = (Inner<S>, (Inner<E>, Nil));

/// A MERGE into the table of `E`, where the database has it (PostgreSQL 15, Oracle, SQL Server): rows of a source that
/// match one of the table update or delete it, those that match none are inserted.
///
/// Of the branches that could be taken, the first is. Elsewhere, [`on_conflict`](super::Insert::on_conflict) of an INSERT
/// does what most merges are for. A session does not see what a MERGE does to its objects.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # struct Item {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     stock: i64,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # struct Delivery {
/// #     #[column(primary_key)]
/// #     item_id: i64,
/// #     pieces: i64,
/// # }
/// let received = merge(Item)
///     .using(Delivery, Item::id.eq(Delivery::item_id))
///     .when_matched()
///     .and(Delivery::pieces.eq(0))
///     .do_nothing()
///     .when_matched()
///     .update(|item| item.set(Item::stock, Item::stock + Delivery::pieces))
///     .when_not_matched()
///     .insert(|item| item.set(Item::id, Delivery::item_id).set(Item::stock, Delivery::pieces));
/// ```
pub fn merge<E: Mapped>(_: Table<E>) -> MergeInto<E> {
    MergeInto { types: PhantomData }
}

impl<E: Mapped> MergeInto<E> {
    /// `USING source ON condition`: what is merged, and which of its rows match which rows of the table.
    pub fn using<J, S: Source, C: Predicate, I>(self, source: J, condition: C) -> Merge<E, S>
    where
        J: Joinable<Scope = (Inner<S>, Nil), Needs = Nil>,
        C::Sources: RowWise + InScope<MatchedScope<E, S>, I>,
    {
        let tree = tree::Merge::new(TableRef::new(E::TABLE), source.into_from(), condition.into_tree());
        Merge { tree, types: PhantomData }
    }
}

impl<E: Mapped, S: Source> Merge<E, S> {
    /// `WITH`: a common table expression that this statement reads.
    pub fn with<R>(mut self, cte: Cte<R>) -> Self {
        super::cte::add(&mut self.tree.with, cte);
        self
    }

    /// `WHEN MATCHED`: rows of the table that a row of the source matches.
    pub fn when_matched(self) -> When<E, S, Matched> {
        When { merge: self, condition: None, types: PhantomData }
    }

    /// `WHEN NOT MATCHED`: rows of the source that match no row of the table.
    pub fn when_not_matched(self) -> When<E, S, NotMatched> {
        When { merge: self, condition: None, types: PhantomData }
    }

    /// `WHEN NOT MATCHED BY SOURCE`: rows of the table that no row of the source matches, where the database has that
    /// (PostgreSQL 17, SQL Server).
    pub fn when_not_matched_by_source(self) -> When<E, S, NotMatchedBySource> {
        When { merge: self, condition: None, types: PhantomData }
    }

    /// `RETURNING`: columns, expressions or whole entities of the rows that were inserted, updated or deleted, where the
    /// database has that (PostgreSQL 17, SQL Server).
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, (Inner<E>, Nil)> {
        Returning::new(self.into_statement(), list)
    }
}

/// Which rows a branch is for, and what it may read.
pub trait Branch<E, S> {
    /// The scope of its condition and of its values.
    type Scope;
    /// As data.
    const ROWS: MergeRows;
}

/// A branch whose rows are there.
#[diagnostic::on_unimplemented(
    message = "rows that are not matched are not in the table, and can only be inserted",
    label = "not a branch for rows of the table",
    note = "`.update(…)` and `.delete()` follow `.when_matched()` or `.when_not_matched_by_source()`"
)]
pub trait OfTable {}

/// The branch `WHEN MATCHED`.
#[derive(Debug)]
pub enum Matched {}
/// The branch `WHEN NOT MATCHED`.
#[derive(Debug)]
pub enum NotMatched {}
/// The branch `WHEN NOT MATCHED BY SOURCE`.
#[derive(Debug)]
pub enum NotMatchedBySource {}

impl OfTable for Matched {}
impl OfTable for NotMatchedBySource {}

impl<E, S> Branch<E, S> for Matched {
    type Scope = MatchedScope<E, S>;
    const ROWS: MergeRows = MergeRows::Matched;
}

impl<E, S> Branch<E, S> for NotMatched {
    type Scope = (Inner<S>, Nil);
    const ROWS: MergeRows = MergeRows::NotMatched;
}

impl<E, S> Branch<E, S> for NotMatchedBySource {
    type Scope = (Inner<E>, Nil);
    const ROWS: MergeRows = MergeRows::NotMatchedBySource;
}

/// A branch of a MERGE that does not say yet what it does.
#[must_use = "say `.update(…)`, `.delete()`, `.insert(…)` or `.do_nothing()`"]
pub struct When<E, S, K> {
    merge: Merge<E, S>,
    condition: Option<tree::Expr>,
    types: PhantomData<fn() -> K>,
}

impl<E: Mapped, S: Source, K: Branch<E, S>> When<E, S, K> {
    /// Only those of the rows for which it holds; several are joined by AND.
    pub fn and<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: RowWise + InScope<K::Scope, I>,
    {
        self.condition = Some(match self.condition.take() {
            Some(before) => before.and(condition.into_tree()),
            None => condition.into_tree(),
        });
        self
    }

    /// `DO NOTHING`
    pub fn do_nothing(self) -> Merge<E, S> {
        self.act(MergeAction::Nothing)
    }

    /// `UPDATE SET …`: `.update(|row| row.set(User::name, Import::name))`. Columns with `on_update` are set too.
    pub fn update(
        self,
        update: impl FnOnce(MergeUpdate<E, K::Scope>) -> MergeUpdate<E, K::Scope>,
    ) -> Merge<E, S>
    where
        K: OfTable,
    {
        let MergeUpdate { mut set, .. } = update(MergeUpdate { set: Vec::new(), types: PhantomData });
        add_on_update(E::TABLE, &mut set);
        self.act(MergeAction::Update(set))
    }

    /// `DELETE`
    pub fn delete(self) -> Merge<E, S>
    where
        K: OfTable,
    {
        self.act(MergeAction::Delete)
    }

    fn act(mut self, action: MergeAction) -> Merge<E, S> {
        let branch = MergeBranch { rows: K::ROWS, condition: self.condition, action };
        self.merge.tree.branches.push(branch);
        self.merge
    }
}

impl<E: Mapped, S: Source> When<E, S, NotMatched> {
    /// `INSERT (columns) VALUES (values)`: `.insert(|row| row.set(User::name, Import::name))`. Columns that are not set
    /// get their default in Rust, where they have one.
    pub fn insert(self, insert: impl FnOnce(MergeInsert<E, S>) -> MergeInsert<E, S>) -> Merge<E, S> {
        let MergeInsert { mut columns, mut values, .. } =
            insert(MergeInsert { columns: Vec::new(), values: Vec::new(), types: PhantomData });
        for column in E::TABLE.columns.iter() {
            if let Some(value) = default_of(column).filter(|_| !columns.contains(&column.name)) {
                columns.push(column.name.clone());
                values.push(value);
            }
        }
        self.act(MergeAction::Insert { columns, values })
    }
}

/// What a branch of a MERGE sets; `F` is what it may read.
#[derive(Debug)]
pub struct MergeUpdate<E, F> {
    set: Vec<(SetTarget, tree::Expr)>,
    types: PhantomData<fn() -> (E, F)>,
}

impl<E: Mapped, F> MergeUpdate<E, F> {
    /// `SET column = value`
    #[must_use]
    pub fn set<T: SqlType, D: Stored, R, I>(mut self, column: Column<E, T, D>, value: R) -> Self
    where
        R: Operand<T::Base, Sources: RowWise + InScope<F, I>, Sql: AssignTo<T>>,
    {
        self.set.push(set_value::<E>(column.name(), value.into_operand()));
        self
    }
}

/// The row that a branch of a MERGE inserts.
#[derive(Debug)]
pub struct MergeInsert<E, S> {
    columns: Vec<Name>,
    values: Vec<tree::Expr>,
    types: PhantomData<fn() -> (E, S)>,
}

impl<E: Mapped, S: Source> MergeInsert<E, S> {
    /// One column.
    #[must_use]
    pub fn set<T: SqlType, D: Stored, R, I>(mut self, column: Column<E, T, D>, value: R) -> Self
    where
        R: Operand<T::Base, Sources: RowWise + InScope<(Inner<S>, Nil), I>, Sql: AssignTo<T>>,
    {
        self.columns.push(column.name().into());
        self.values.push(typed_bind::<E>(column.name(), value.into_operand()));
        self
    }
}

impl<E, S> Clone for Merge<E, S> {
    fn clone(&self) -> Self {
        Merge { tree: self.tree.clone(), types: PhantomData }
    }
}

impl<E, S> fmt::Debug for Merge<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

/// As people read it; each database is sent its own SQL.
impl<E, S> fmt::Display for Merge<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<E, S, K> Clone for When<E, S, K> {
    fn clone(&self) -> Self {
        let (merge, condition) = (self.merge.clone(), self.condition.clone());
        When { merge, condition, types: PhantomData }
    }
}

impl<E, S, K> fmt::Debug for When<E, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.merge.fmt(f)
    }
}

impl<E, S> super::param::Bindings for Merge<E, S> {
    fn give(mut self, name: Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<E, S> Executable for Merge<E, S> {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Merge(self.tree)
    }
}
