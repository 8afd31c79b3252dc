use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::cte::Cte;
use super::on_conflict::is_only_key;
use super::operand::{AssignTo, Operand};
use super::presence::Stored;
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::row_in::{Owned, RowIn};
use super::scope::{Both, Inner, Needs, Nil, Standalone, Total};
use super::select::Select;
use super::source::Source;
use super::subquery::Scalar;
use super::table::Table;
use crate::schema::{ColumnDef, Name, TableDef};
use crate::tree::{self, ConflictTarget, InsertOr, InsertSource, OnConflict, Phrase, Query, Rows, TableRef};
use crate::{Bind, Mapped, SqlType, Value};

/// `INSERT INTO E`, apart from any session.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Insert<E> {
    pub(super) tree: tree::Insert,
    types: PhantomData<fn() -> E>,
}

/// An INSERT into the table of `E`.
///
/// Give it whole structs with [`values`](Insert::values), single columns with [`set`](Insert::set), columns of several
/// rows with [`rows`](Insert::rows), or the rows of a query with [`from_select`](Insert::from_select). A column that is
/// not given gets its default in Rust (`default = …`), where it has one; else it is left to the database.
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
    let source = InsertSource::Values(vec![Vec::new()]);
    let tree = tree::Insert::new(TableRef::new(E::TABLE), Vec::new(), source);
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
        // One that is absent has no value: where other rows give it, NULL is what the database would take, too.
        let null = |c: &ColumnDef| {
            (c.deferral.is_some() && c.nullable && c.server_default.is_none()).then_some(Value::Null)
        };
        let rows = values.into_iter().map(|row| {
            let given = row.into_iter().zip(columns.iter()).zip(&given).filter(|(_, given)| **given);
            given.filter_map(|((value, column), _)| value.or_else(|| null(column))).collect()
        });
        let types = given_columns().map(|c| c.data_type.clone()).collect();
        self.tree.source = InsertSource::Rows(Rows::new(types, rows.collect()));
        self
    }

    /// Columns of several rows, each a tuple of Rust values or of expressions that read no row; the same column types in
    /// each. They are one statement, with as many binds as the database takes at once; plain values without end go by
    /// [`values`](Insert::values).
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # use orm::functions::lower;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Keyword {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     word: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Keyword].create_all(&engine).await?;
    /// let words = insert(Keyword).rows((Keyword::id, Keyword::word), [(1, lower(literal("RED".to_owned()))), (2, lower(literal("Big".to_owned())))]);
    /// assert_eq!(engine.execute(words).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows<C, V>(mut self, columns: C, rows: impl IntoIterator<Item = V>) -> Self
    where
        C: RowColumns<E, V>,
    {
        let mut names = Vec::new();
        columns.names(&mut names);
        let rows = rows.into_iter().map(|row| {
            let mut values = Vec::with_capacity(names.len());
            C::values(row, &mut values);
            names.iter().zip(values).map(|(name, value)| typed_bind::<E>(name, value)).collect()
        });
        self.tree.source = InsertSource::Values(rows.collect());
        self.tree.columns = names;
        self
    }

    /// A row that gives no value: `DEFAULT VALUES`, or its defaults in Rust where there are some.
    pub fn default_values(mut self) -> Self {
        self.tree.columns.clear();
        self.tree.source = InsertSource::Values(vec![Vec::new()]);
        self
    }

    /// `INSERT OR IGNORE` of SQLite: rows that break a constraint (UNIQUE, NOT NULL, CHECK) are left out in silence.
    ///
    /// [`on_any_conflict`](Insert::on_any_conflict) leaves out those alone that are there already, on any database.
    pub fn or_ignore(mut self) -> Self {
        self.tree.or = Some(InsertOr::Ignore);
        self
    }

    /// `INSERT IGNORE` of MySQL and MariaDB: errors of a row are warnings; it is left out, or its values are made to fit.
    ///
    /// [`on_any_conflict`](Insert::on_any_conflict) leaves out those alone that are there already, on any database.
    pub fn ignore(mut self) -> Self {
        self.tree.or = Some(InsertOr::IgnoreErrors);
        self
    }

    /// `INSERT OR REPLACE` of SQLite, `REPLACE` of MySQL and MariaDB: a row that is there already under any unique key is
    /// deleted first, with what depends on it; columns that are not given do not survive.
    pub fn or_replace(mut self) -> Self {
        self.tree.or = Some(InsertOr::Replace);
        self
    }

    /// `WITH`: a common table expression that this statement reads, in its query or in subqueries.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Bill {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     user_id: i64,
    /// # }
    /// #[derive(Record)]
    /// struct Indebted {
    ///     user_id: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Bill].create_all(&engine).await?;
    /// # engine.execute(insert(User).values([User { id: 1, name: "ann".into() }, User { id: 2, name: "bob".into() }])).await?;
    /// # engine.execute(insert(Bill).values(Bill { id: 1, user_id: 2 })).await?;
    /// let indebted = select(Bill::user_id).cte(Indebted);
    /// let copies = select((Indebted::user_id + 10, literal("in debt".to_owned())));
    /// let copied = insert(User).with(indebted).from_select((User::id, User::name), copies);
    /// assert_eq!(engine.execute(copied).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<S>(mut self, cte: Cte<S>) -> Self {
        super::cte::add(&mut self.tree.with, cte);
        self
    }

    /// SQL behind the word INSERT, for the dialect of that name alone: `.prefix_for("mysql", "HIGH_PRIORITY")`.
    pub fn prefix_for(mut self, dialect: impl Into<Name>, sql: impl Into<Name>) -> Self {
        self.tree.prefixes.push(Phrase { dialect: Some(dialect.into()), sql: sql.into() });
        self
    }

    /// One column, of a single row or of all that were given before.
    pub fn set<T: SqlType, D: Stored, R>(mut self, column: Column<E, T, D>, value: R) -> Self
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

    /// `INSERT … SELECT`: the rows of a query, for as many columns as it selects. Columns that are not among them and have
    /// a default in Rust get it, the same one in each row.
    pub fn from_select<L, P, F, I>(mut self, columns: L, query: Select<P, F>) -> Self
    where
        F: Needs<Sources: Standalone>,
        L: InsertColumns<E, P, F, I>,
    {
        self.tree.columns = columns.names();
        self.tree.source = InsertSource::Query(query.into_tree().into());
        self
    }

    /// `RETURNING`: columns, expressions or whole entities of the inserted rows.
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, (Inner<E>, Nil)> {
        Returning::new(self.into_statement(), list)
    }
}

/// Adds the columns that have a default in Rust and are not given. SQL text gives what it gives.
pub(crate) fn add_defaults(table: &TableDef, insert: &mut tree::Insert) {
    for column in table.columns.iter() {
        let Some(make) = column.default.filter(|_| !insert.columns.contains(&column.name)) else { continue };
        let value = || tree::Expr::Bind(Bind::new((make.0)(), column.data_type.clone()));
        let is_given = match &mut insert.source {
            InsertSource::Values(rows) => {
                rows.iter_mut().for_each(|row| row.push(value()));
                true
            }
            InsertSource::Rows(rows) => {
                rows.types.push(column.data_type.clone());
                rows.rows.iter_mut().for_each(|row| row.push((make.0)()));
                true
            }
            InsertSource::Query(query) => add_column(query, &value()),
        };
        if is_given {
            insert.columns.push(column.name.clone());
        }
    }
}

/// The default in Rust of a column.
pub(super) fn default_of(column: &ColumnDef) -> Option<tree::Expr> {
    let make = column.default?;
    Some(tree::Expr::Bind(Bind::new((make.0)(), column.data_type.clone())))
}

/// Adds a column to each of a query's parts; whether it could be added to all.
fn add_column(query: &mut Query, value: &tree::Expr) -> bool {
    if has_text(query) {
        return false;
    }
    match query {
        Query::Select(select) => select.columns.push(value.clone().into()),
        Query::Values(values) => values.rows.iter_mut().for_each(|row| row.push(value.clone())),
        Query::Compound(compound) => {
            for query in &mut compound.queries {
                add_column(query, value);
            }
        }
        Query::Text(_) => {}
    }
    true
}

fn has_text(query: &Query) -> bool {
    match query {
        Query::Select(_) | Query::Values(_) => false,
        Query::Compound(compound) => compound.queries.iter().any(has_text),
        Query::Text(_) => true,
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
impl<S: OfNoRow> OfNoRow for Total<S> {}
impl<A: OfNoRow, B: OfNoRow> OfNoRow for Both<A, B> {}

/// A value bound with the type of the column that it goes to.
pub fn typed_bind<E: Mapped>(column: &str, value: tree::Expr) -> tree::Expr {
    match (value, E::TABLE.columns.iter().find(|c| c.name == column)) {
        (tree::Expr::Bind(bind), Some(column)) => {
            tree::Expr::Bind(Bind::new(bind.value, column.data_type.clone()))
        }
        (value, _) => value,
    }
}

/// The columns of [`rows`](Insert::rows): of `E`, and of the types of the values `V`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be inserted from rows of `{V}`",
    label = "expected a column of `{E}` and a value for each row, or a tuple of columns and a tuple of as many values"
)]
pub trait RowColumns<E, V> {
    /// Adds their names.
    fn names(&self, list: &mut Vec<Name>);
    /// Adds the values of a row.
    fn values(row: V, list: &mut Vec<tree::Expr>);
}

impl<E: Mapped, T: SqlType, D: Stored, V> RowColumns<E, V> for Column<E, T, D>
where
    V: Operand<T::Base, Sources: OfNoRow, Sql: AssignTo<T>>,
{
    fn names(&self, list: &mut Vec<Name>) {
        list.push(self.name().into());
    }

    fn values(row: V, list: &mut Vec<tree::Expr>) {
        list.push(row.into_operand());
    }
}

macro_rules! row_columns {
    ($(($($name:ident $row:ident $value:ident),*))*) => { $(
        impl<Entity, $($name, $row),*> RowColumns<Entity, ($($row,)*)> for ($($name,)*)
        where
            $($name: RowColumns<Entity, $row>,)*
        {
            fn names(&self, list: &mut Vec<Name>) {
                let ($($value,)*) = self;
                $($value.names(list);)*
            }

            fn values(row: ($($row,)*), list: &mut Vec<tree::Expr>) {
                let ($($value,)*) = row;
                $($name::values($value, list);)*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(row_columns);

/// The columns that `INSERT … SELECT` fills: as many, and of the same types, as the query selects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be filled by a query for `{P}`",
    label = "expected columns of `{E}`, as many as the query selects, and of the same types"
)]
pub trait InsertColumns<E, P, F, I> {
    /// Their names.
    fn names(self) -> Vec<Name>;
}

impl<E: Source, T, D: Stored, P, F, I> InsertColumns<E, P, F, I> for Column<E, T, D>
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

impl<E> super::param::Bindings for Insert<E> {
    fn give(mut self, name: crate::schema::Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<E> Clone for Insert<E> {
    fn clone(&self) -> Self {
        Insert { tree: self.tree.clone(), types: PhantomData }
    }
}

/// As people read it; each database is sent its own SQL.
impl<E> fmt::Display for Insert<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<E> fmt::Debug for Insert<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E: Mapped> Executable for Insert<E> {
    fn into_statement(mut self) -> tree::Statement {
        add_defaults(E::TABLE, &mut self.tree);
        let given = &self.tree.columns;
        if let Some(OnConflict { target: ConflictTarget::Columns { columns, is_only, filter }, .. }) =
            &mut self.tree.on_conflict
        {
            *is_only = filter.is_none() && is_only_key(E::TABLE, columns, given);
        }
        tree::Statement::Insert(self.tree)
    }
}
