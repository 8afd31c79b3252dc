use std::marker::PhantomData;

use super::assign::{add_on_update, set_value};
use super::column::Column;
use super::columns::Columns;
use super::expression::{Expr, Predicate};
use super::insert::Insert;
use super::mark::{PerRow, RowWise};
use super::nullness::NotNull;
use super::operand::{AssignTo, Operand};
use super::presence::Stored;
use super::scope::{Both, Here, InScope, Inner, Nil, Plus, SourceSet, Total};
use super::source::Source;
use crate::schema::{ColumnDef, Name, TableDef};
use crate::tree::{self, ConflictAction, ConflictTarget, OnConflict, SetTarget};
use crate::{Mapped, SqlType};

/// The row of `E` that was to be inserted and met one that is there: what [`excluded`] reads.
#[derive(Debug)]
pub struct Excluded<E>(PhantomData<E>);

/// What an upsert may read: the row that is there, and the one that was to be inserted.
pub type ConflictScope<E> = (Inner<E>, (Excluded<E>, Nil));

/// A column of the row that was to be inserted, inside of `do_update` of an upsert.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Page {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     #[column(length = 80, unique)]
/// #     path: String,
/// #     hits: i64,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Page].create_all(&engine).await?;
/// for hits in [1, 2] {
///     let page = Page { path: "/".into(), hits, ..default() };
///     let count = insert(Page).values(page).on_conflict(Page::path);
///     engine.execute(count.do_update(|page| page.set(Page::hits, Page::hits + excluded(Page::hits)))).await?;
/// }
/// assert_eq!(engine.one(select(Page::hits)).await?, 3);
/// # Ok(())
/// # }
/// ```
pub fn excluded<E: Mapped, T: SqlType, D: Stored>(column: Column<E, T, D>) -> Expr<T, Excluded<E>> {
    let name: Name = column.name().into();
    let data_type = match E::TABLE.position(&name) {
        Some(position) => E::TABLE.columns[position].data_type.clone(),
        None => T::DATA_TYPE,
    };
    Expr::from_tree(tree::Expr::Excluded(tree::Excluded { name, data_type }))
}

/// An INSERT that says which conflict it is ready for, and not yet what to do then.
#[must_use = "say `.do_nothing()`, `.do_update(…)` or `.do_update_all()`"]
#[derive(Clone, Debug)]
pub struct Conflict<E> {
    insert: Insert<E>,
    target: ConflictTarget,
}

impl<E: Mapped> Insert<E> {
    /// `ON CONFLICT (columns)`: where a row with the same values in these columns, of a unique key, is there already.
    ///
    /// A database that cannot name the key (MySQL and MariaDB, whose `ON DUPLICATE KEY` means any) takes it where no
    /// other unique key of the table can be shared; else that is [`Unsupported`](crate::CompileError::Unsupported).
    /// There, a row that is updated counts twice, and one that stays as it is counts once.
    pub fn on_conflict(self, columns: impl Columns<E>) -> Conflict<E> {
        Conflict {
            insert: self,
            target: ConflictTarget::Columns { columns: columns.names(), is_only: false, filter: None },
        }
    }

    /// `ON CONFLICT ON CONSTRAINT name`, where the database knows constraints by their names there.
    pub fn on_conflict_constraint(self, name: impl Into<Name>) -> Conflict<E> {
        Conflict { insert: self, target: ConflictTarget::Constraint(name.into()) }
    }

    /// Where a row is there already that shares any unique key. PostgreSQL has only `do_nothing` for it.
    pub fn on_any_conflict(self) -> Conflict<E> {
        Conflict { insert: self, target: ConflictTarget::Any }
    }
}

impl<E: Mapped> Conflict<E> {
    /// The unique index that is meant is one of those rows alone for which this holds: `ON CONFLICT (columns) WHERE …`,
    /// where the database names unique keys there. Say it as the index says it.
    pub fn index_where<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: RowWise + InScope<(Inner<E>, Nil), I>,
    {
        if let ConflictTarget::Columns { filter, .. } = &mut self.target {
            *filter = Some(match filter.take() {
                Some(filter) => filter.and(condition.into_tree()),
                None => condition.into_tree(),
            });
        }
        self
    }

    /// The row that is there stays as it is. `RETURNING` gives the rows that were inserted only.
    pub fn do_nothing(self) -> Insert<E> {
        self.act(ConflictAction::Nothing)
    }

    /// The row that is there is changed: `.do_update(|update| update.set(User::name, excluded(User::name)))`.
    ///
    /// Columns with `on_update` are set too. No two of the inserted rows may share the key.
    pub fn do_update(self, update: impl FnOnce(DoUpdate<E>) -> DoUpdate<E>) -> Insert<E> {
        let DoUpdate { mut set, filter, .. } =
            update(DoUpdate { set: Vec::new(), filter: None, types: PhantomData });
        add_on_update(E::TABLE, &mut set);
        self.act(ConflictAction::Update { set, filter })
    }

    /// The row that is there gets all values that were to be inserted, but for those of the conflict's columns and of
    /// the primary key.
    ///
    /// Say it behind the values. Columns with `on_update` that are not among them are set too.
    pub fn do_update_all(self) -> Insert<E> {
        let mut set = all_excluded(E::TABLE, &self.insert.tree.columns, &self.target);
        add_on_update(E::TABLE, &mut set);
        self.act(ConflictAction::Update { set, filter: None })
    }

    fn act(mut self, action: ConflictAction) -> Insert<E> {
        self.insert.tree.on_conflict = Some(OnConflict { target: self.target, action });
        self.insert
    }
}

/// What an upsert does to the row that is there.
#[derive(Debug)]
pub struct DoUpdate<E> {
    set: Vec<(SetTarget, tree::Expr)>,
    filter: Option<tree::Expr>,
    types: PhantomData<fn() -> E>,
}

impl<E: Mapped> DoUpdate<E> {
    /// `SET column = value`: a Rust value, or an expression over the row that is there and the [`excluded`] one.
    #[must_use]
    pub fn set<T: SqlType, D: Stored, R, I>(mut self, column: Column<E, T, D>, value: R) -> Self
    where
        R: Operand<T::Base, Sources: RowWise + InScope<ConflictScope<E>, I>, Sql: AssignTo<T>>,
    {
        self.set.push(set_value::<E>(column.name(), value.into_operand()));
        self
    }

    /// `WHERE`: only rows for which it holds are changed, the others stay as they are. Several are joined by AND.
    #[must_use]
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Self
    where
        C::Sources: RowWise + InScope<ConflictScope<E>, I>,
    {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition.into_tree()),
            None => condition.into_tree(),
        });
        self
    }
}

/// The assignments of all `given` columns but those that rows are known by.
fn all_excluded(table: &TableDef, given: &[Name], target: &ConflictTarget) -> Vec<(SetTarget, tree::Expr)> {
    let is_of_target = |name: &Name| match target {
        ConflictTarget::Any => false,
        ConflictTarget::Columns { columns, .. } => columns.contains(name),
        ConflictTarget::Constraint(constraint) => table
            .uniques
            .iter()
            .any(|unique| unique.name.as_ref() == Some(constraint) && unique.columns.contains(name)),
    };
    let columns = table
        .columns
        .iter()
        .filter(|column| given.contains(&column.name) && !column.primary_key && !is_of_target(&column.name));
    columns
        .map(|column| {
            let (name, data_type) = (column.name.clone(), column.data_type.clone());
            (column.name.clone().into(), tree::Expr::Excluded(tree::Excluded { name, data_type }))
        })
        .collect()
}

/// Whether rows of the `given` columns can share no other unique key of the table than that of `target`.
pub(crate) fn is_only_key(table: &TableDef, target: &[Name], given: &[Name]) -> bool {
    let is_target = |key: &[Name]| key.len() == target.len() && key.iter().all(|name| target.contains(name));
    // A key that counts itself up is new in each row, and NULL is equal to nothing.
    let is_new = |name: &Name| {
        let is_null = |column: &ColumnDef| {
            column.nullable
                && column.server_default.is_none()
                && column.computed.is_none()
                && column.identity.is_none()
        };
        let is_new = |column: &ColumnDef| column.name == *name && (column.autoincrement || is_null(column));
        table.columns.iter().any(is_new) && !given.contains(name)
    };
    let primary: Vec<Name> = table.primary_key().map(|(_, column)| column.name.clone()).collect();
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| {
        // What is unique in a part of the rows, or of an expression, is another key than that of the columns.
        let is_plain = index.filter.is_none() && !index.columns.iter().any(|column| column.is_expression);
        is_plain.then(|| index.columns.iter().map(|column| column.name.clone()).collect::<Vec<Name>>())
    });
    let uniques = table.uniques.iter().map(|unique| Some(unique.columns.to_vec()));
    let mut found = false;
    for key in std::iter::once(Some(primary)).chain(uniques).chain(indexes) {
        match key {
            Some(key) if is_target(&key) => found = true,
            Some(key) if key.iter().any(is_new) => {}
            _ => return false,
        }
    }
    found
}

impl<E: 'static> SourceSet for Excluded<E> {
    type Kind = Excluded<()>;
    type Head = Nil;
    type Mark = PerRow;
}

impl<E: 'static> InScope<ConflictScope<E>, Here, Excluded<()>> for Excluded<E> {
    type Null = NotNull;
}

impl<S: Source, E: 'static> Plus<Excluded<E>> for S {
    type Out = Both<Excluded<E>, S>;
}

impl<X: SourceSet, Y: SourceSet, E: 'static> Plus<Excluded<E>> for Both<X, Y> {
    type Out = Both<Excluded<E>, Both<X, Y>>;
}

impl<X: SourceSet, E: 'static> Plus<Excluded<E>> for Total<X> {
    type Out = Both<Excluded<E>, Total<X>>;
}

impl<E: 'static> Plus<Nil> for Excluded<E> {
    type Out = Excluded<E>;
}

impl<E: 'static, T: Source> Plus<T> for Excluded<E> {
    type Out = Both<T, Excluded<E>>;
}

impl<E: 'static, F: 'static> Plus<Excluded<F>> for Excluded<E> {
    type Out = Both<Excluded<F>, Excluded<E>>;
}

impl<E: 'static, A: SourceSet, B: SourceSet> Plus<Both<A, B>> for Excluded<E> {
    type Out = Both<Both<A, B>, Excluded<E>>;
}

impl<E: 'static, A: SourceSet> Plus<Total<A>> for Excluded<E> {
    type Out = Both<Total<A>, Excluded<E>>;
}
