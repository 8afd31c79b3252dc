use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::on_conflict::is_only_key;
use super::operand::{AssignTo, Operand};
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::row_in::{Owned, RowIn};
use super::scope::{Inner, Needs, Nil, Standalone};
use super::select::Select;
use super::source::Source;
use super::subquery::Scalar;
use super::table::Table;
use crate::schema::Name;
use crate::tree::{self, ConflictTarget, InsertSource, OnConflict, Rows, TableRef};
use crate::{Bind, Mapped, SqlType, Value};

/// `INSERT INTO E`, apart from any session.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Insert<E> {
    pub(super) tree: tree::Insert,
    types: PhantomData<fn() -> E>,
}

/// An INSERT into the table of `E`.
///
/// Give it whole structs with [`values`](Insert::values), single columns with [`set`](Insert::set), or the rows of a
/// query with [`from_select`](Insert::from_select).
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[relationship(back_populates = user)]
/// #     posts: Many<Post>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     #[column(foreign_key = User::id)]
/// #     user_id: Option<i64>,
/// #     #[relationship(back_populates = posts)]
/// #     user: One<Option<User>>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post].create_all(&engine).await?;
/// let ids = engine.all(insert(User).values([User::new("a"), User::new("b")]).returning(User::id)).await?;
/// assert_eq!(ids.len(), 2);
/// engine.execute(insert(Post).set(Post::title, "first").set(Post::user_id, ids[0])).await?;
/// let copied = insert(Post).from_select((Post::title, Post::user_id), select((User::name, User::id)));
/// assert_eq!(engine.execute(copied).await?, 2);
/// # Ok(())
/// # }
/// ```
pub fn insert<E: Mapped>(_: Table<E>) -> Insert<E> {
    let tree = tree::Insert {
        table: TableRef::new(E::TABLE),
        columns: Vec::new(),
        source: InsertSource::Values(vec![Vec::new()]),
        on_conflict: None,
        returning: Vec::new(),
    };
    Insert { tree, types: PhantomData }
}

/// What [`Insert::values`] takes: a struct, a list of them, or a reference to a list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be inserted into the table of `{E}`",
    label = "expected a `{E}`, or a list of them"
)]
pub trait AsRows<E> {
    /// The structs.
    fn as_rows(&self) -> &[E];
}

impl<E: Mapped> AsRows<E> for E {
    fn as_rows(&self) -> &[E] {
        std::slice::from_ref(self)
    }
}

impl<E: Mapped> AsRows<E> for Vec<E> {
    fn as_rows(&self) -> &[E] {
        self
    }
}

impl<E: Mapped, const N: usize> AsRows<E> for [E; N] {
    fn as_rows(&self) -> &[E] {
        self
    }
}

impl<E: Mapped> AsRows<E> for &[E] {
    fn as_rows(&self) -> &[E] {
        self
    }
}

impl<E: Mapped> AsRows<E> for &Vec<E> {
    fn as_rows(&self) -> &[E] {
        self
    }
}

impl<E: Mapped, const N: usize> AsRows<E> for &[E; N] {
    fn as_rows(&self) -> &[E] {
        *self
    }
}

impl<E: Mapped> Insert<E> {
    /// The rows to insert, as structs; their relationships are not looked at. An empty list inserts nothing.
    ///
    /// A column that no struct sets is left to the database; where some set it and others do not, compiling the
    /// statement fails. More rows than the database takes at once go in several statements, which without a transaction
    /// of one's own are one transaction.
    pub fn values(mut self, rows: impl AsRows<E>) -> Self {
        let rows = rows.as_rows();
        let columns = &E::TABLE.columns;
        let mut values: Vec<Vec<Option<Value>>> = Vec::with_capacity(rows.len());
        for row in rows {
            values.push(
                columns
                    .iter()
                    .enumerate()
                    .map(|(position, column)| {
                        let value = row.value(position);
                        let value = value.filter(|v| !(column.autoincrement && v.is_zero()));
                        value.or_else(|| column.default.map(|default| (default.0)()))
                    })
                    .collect(),
            );
        }
        let given: Vec<bool> =
            (0..columns.len()).map(|c| values.iter().any(|row| row[c].is_some())).collect();
        let given_columns = || columns.iter().zip(&given).filter(|(_, given)| **given).map(|(c, _)| c);
        self.tree.columns = given_columns().map(|c| c.name.clone()).collect();
        let rows = values
            .into_iter()
            .map(|row| row.into_iter().zip(&given).filter(|(_, g)| **g).filter_map(|(v, _)| v).collect());
        let types = given_columns().map(|c| c.data_type.clone()).collect();
        self.tree.source = InsertSource::Rows(Rows::new(types, rows.collect()));
        self
    }

    /// One column, of a single row or of all that were given before.
    pub fn set<T: SqlType, R>(mut self, column: Column<E, T>, value: R) -> Self
    where
        R: Operand<T::Base, Sources: OfNoRow, Sql: AssignTo<T>>,
    {
        self.tree.columns.push(column.name().into());
        let value = typed_bind::<E>(column.name(), value.into_operand());
        if let InsertSource::Rows(rows) = &mut self.tree.source {
            self.tree.source = InsertSource::Values(expressions(std::mem::take(rows)));
        }
        if let InsertSource::Values(rows) = &mut self.tree.source {
            rows.iter_mut().for_each(|row| row.push(value.clone()));
        }
        self
    }

    /// `INSERT … SELECT`: the rows of a query, for as many columns as it selects.
    pub fn from_select<L, P, F, I>(mut self, columns: L, query: Select<P, F>) -> Self
    where
        F: Needs<Sources: Standalone>,
        L: InsertColumns<E, P, F, I>,
    {
        self.tree.columns = columns.names();
        self.tree.source = InsertSource::Select(Box::new(query.into_tree()));
        self
    }

    /// `RETURNING`: columns, expressions or whole entities of the inserted rows.
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, (Inner<E>, Nil)> {
        Returning::new(self.into_statement(), list)
    }
}

/// Rows of values as rows of expressions.
fn expressions(rows: Rows) -> Vec<Vec<tree::Expr>> {
    let Rows { types, rows } = rows;
    let row = |row: Vec<Value>| {
        let binds = row.into_iter().zip(&types).map(|(value, data_type)| Bind::new(value, data_type.clone()));
        binds.map(tree::Expr::Bind).collect()
    };
    rows.into_iter().map(row).collect()
}

/// No source: a new row can read no other one.
#[diagnostic::on_unimplemented(
    message = "an INSERT of values has no row of `{Self}` to read from",
    label = "this reads `{Self}`",
    note = "`insert(…).from_select(columns, select(…))` inserts what a query reads"
)]
pub trait OfNoRow {}

impl OfNoRow for Nil {}

/// A value bound with the type of the column that it goes to.
pub fn typed_bind<E: Mapped>(column: &str, value: tree::Expr) -> tree::Expr {
    match (value, E::TABLE.columns.iter().find(|c| c.name == column)) {
        (tree::Expr::Bind(bind), Some(column)) => {
            tree::Expr::Bind(Bind::new(bind.value, column.data_type.clone()))
        }
        (value, _) => value,
    }
}

/// The columns that `INSERT … SELECT` fills: as many, and of the same types, as the query selects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be filled by a query for `{P}`",
    label = "expected columns of `{E}`, as many as the query selects, and of the same types"
)]
pub trait InsertColumns<E, P, F, I> {
    /// Their names.
    fn names(self) -> Vec<Name>;
}

impl<E: Source, T, P, F, I> InsertColumns<E, P, F, I> for Column<E, T>
where
    P: Scalar + RowIn<F, I>,
    // The value as the query gives it, and not as the column is declared: an outer join may make it NULL.
    P::Row<Owned>: AssignTo<T>,
{
    fn names(self) -> Vec<Name> {
        vec![self.name().into()]
    }
}

macro_rules! columns {
    ($(($($name:ident $query:ident $value:ident),*))*) => { $(
        // The third name of each is that of a variable; here it stands for the place.
        #[allow(non_camel_case_types)]
        impl<Entity, Scope, $($name, $query, $value),*>
            InsertColumns<Entity, ($($query,)*), Scope, ($($value,)*)> for ($($name,)*)
        where
            $($name: InsertColumns<Entity, $query, Scope, $value>,)*
        {
            fn names(self) -> Vec<Name> {
                let ($($value,)*) = self;
                let mut names = Vec::new();
                $(names.extend($value.names());)*
                names
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(columns);

impl<E> Clone for Insert<E> {
    fn clone(&self) -> Self {
        Insert { tree: self.tree.clone(), types: PhantomData }
    }
}

impl<E> fmt::Debug for Insert<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E: Mapped> Executable for Insert<E> {
    fn into_statement(mut self) -> tree::Statement {
        let given = &self.tree.columns;
        if let Some(OnConflict { target: ConflictTarget::Columns { columns, is_only }, .. }) =
            &mut self.tree.on_conflict
        {
            *is_only = is_only_key(E::TABLE, columns, given);
        }
        tree::Statement::Insert(self.tree)
    }
}
