use std::fmt;
use std::marker::PhantomData;

use super::assign::{SetFromQuery, add_on_update, set_columns, set_value};
use super::column::Column;
use super::cte::Cte;
use super::expression::Predicate;
use super::insert::typed_bind;
use super::join::InnerJoined;
use super::joinable::Joinable;
use super::mark::RowWise;
use super::operand::{AssignTo, Operand, literal_operand};
use super::order::OrderList;
use super::presence::Stored;
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::scope::{InScope, Inner, Needs, Nil, Onto};
use super::select::Select;
use super::synchronize::Synchronize;
use super::table::Table;
use crate::schema::Name;
use crate::tree::{self, Phrase, SetTarget, TableRef};
use crate::{ArrayElement, Jsonb, Mapped, SqlType};

/// An UPDATE or DELETE that nobody has yet said the rows of.
#[derive(Debug)]
pub enum Unfiltered {}
/// An UPDATE or DELETE with a condition.
#[derive(Debug)]
pub enum Filtered {}
/// An UPDATE or DELETE of every row, on purpose.
#[derive(Debug)]
pub enum AllRows {}

/// An UPDATE or DELETE that may run: it has a condition, or means every row.
#[diagnostic::on_unimplemented(
    message = "this statement would change or delete every row of the table",
    label = "it has no `.filter(…)`",
    note = "add `.filter(…)`, or `.all_rows()` where every row is meant"
)]
pub trait Bounded {}

impl Bounded for Filtered {}
impl Bounded for AllRows {}

/// `UPDATE E`; what a session holds of it follows as [`Synchronize`] says.
///
/// `F` is what it may read: its own table, and what [`from`](Update::from) brings in.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Update<E, W, F = (Inner<E>, Nil)> {
    tree: tree::Update,
    pub(super) synchronize: Synchronize,
    types: PhantomData<fn() -> (E, W, F)>,
}

/// An UPDATE of the table of `E`. It does not run without a `filter` until `all_rows` says that all rows are meant.
/// Columns with `on_update` get their value too, where they are not set.
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
/// engine.execute(insert(User).values([User::new("a"), User::new("b")])).await?;
/// let renamed = update(User).set(User::name, User::name.concat("!")).filter(User::name.eq("a"));
/// assert_eq!(engine.all(renamed.returning(User::name)).await?, ["a!"]);
/// assert_eq!(engine.execute(update(User).set(User::name, "x").all_rows()).await?, 2);
/// # Ok(())
/// # }
/// ```
pub fn update<E: Mapped>(_: Table<E>) -> Update<E, Unfiltered> {
    let tree = tree::Update::new(TableRef::new(E::TABLE));
    Update { tree, synchronize: Synchronize::Auto, types: PhantomData }
}

impl<E, W, F> Update<E, W, F> {
    pub(super) fn into_tree(self) -> tree::Update {
        self.tree
    }

    fn retype<V, G>(self) -> Update<E, V, G> {
        Update { tree: self.tree, synchronize: self.synchronize, types: PhantomData }
    }

    /// Another table that SET, WHERE and RETURNING read: `UPDATE … FROM`, or `UPDATE a, b` where the database says it
    /// so. The condition ties its rows to those of the table that is changed; where several rows fit, one of them is
    /// taken, and nobody knows which.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     city: Option<String>,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Address {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     user_id: i64,
    /// #     city: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Address].create_all(&engine).await?;
    /// # engine.execute(insert(User).values(User { id: 1, name: "a".into(), city: None })).await?;
    /// # engine.execute(insert(Address).values(Address { id: 1, user_id: 1, city: "Oslo".into() })).await?;
    /// let moved = update(User)
    ///     .from(Address)
    ///     .set(User::city, Address::city)
    ///     .filter(User::id.eq(Address::user_id).and(Address::city.ne("Bergen")));
    /// assert_eq!(engine.execute(moved).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from<J: Joinable, N>(mut self, source: J) -> Update<E, W, InnerJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F>,
    {
        self.tree.from.push(source.into_from());
        self.retype()
    }

    /// `WITH`: a common table expression that this statement reads, by `.from(…)` or in subqueries.
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
    /// let named = update(User)
    ///     .with(indebted)
    ///     .set(User::name, User::name.concat("*"))
    ///     .filter(User::id.in_(select(Indebted::user_id)));
    /// assert_eq!(engine.execute(named).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<S>(mut self, cte: Cte<S>) -> Self {
        super::cte::add(&mut self.tree.with, cte);
        self
    }

    /// SQL behind the word UPDATE, for the dialect of that name alone: `.prefix_for("mysql", "LOW_PRIORITY")`.
    pub fn prefix_for(mut self, dialect: impl Into<Name>, sql: impl Into<Name>) -> Self {
        self.tree.prefixes.push(Phrase { dialect: Some(dialect.into()), sql: sql.into() });
        self
    }

    /// `LIMIT`: at most so many rows, where the database has that (MySQL and MariaDB).
    pub fn limit(mut self, rows: u64) -> Self {
        self.tree.limit = Some(rows);
        self
    }

    /// `ORDER BY`: in which order rows are changed, where the database has that (MySQL and MariaDB).
    pub fn order_by<L, I>(mut self, list: L) -> Self
    where
        L: OrderList<F, I>,
    {
        list.orders(&mut self.tree.order_by);
        self
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Update<E, Filtered, F>
    where
        C::Sources: RowWise + InScope<F, I>,
    {
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition.into_tree()),
            None => condition.into_tree(),
        });
        self.retype()
    }

    /// Says that every row is meant.
    pub fn all_rows(self) -> Update<E, AllRows, F> {
        self.retype()
    }

    /// How the objects of a session follow.
    pub fn synchronize(mut self, synchronize: Synchronize) -> Self {
        self.synchronize = synchronize;
        self
    }
}

impl<E: Mapped, W, F> Update<E, W, F> {
    /// `SET column = value`: a Rust value, or an expression over the row and over what [`from`](Update::from) brought
    /// in before. Columns are set in the order in which they are given.
    pub fn set<T: SqlType, D: Stored, R, I>(mut self, column: Column<E, T, D>, value: R) -> Self
    where
        R: Operand<T::Base, Sources: RowWise + InScope<F, I>, Sql: AssignTo<T>>,
    {
        self.tree.set.push(set_value::<E>(column.name(), value.into_operand()));
        self
    }

    /// `SET column[index] = value`: one element of an array, counted from 1, where the database has arrays.
    pub fn set_element<T, C, D: Stored, R, I>(mut self, column: Column<E, C, D>, index: i32, value: R) -> Self
    where
        T: ArrayElement,
        C: SqlType<Base = Vec<T>>,
        R: Operand<T, Sources: RowWise + InScope<F, I>>,
    {
        let path = vec![literal_operand(&index)];
        let target = SetTarget::Element { column: column.name().into(), path };
        self.tree.set.push((target, value.into_operand()));
        self
    }

    /// `SET column[low:high] = values`: the elements of an array from one place to another, counted from 1, where the
    /// database has arrays.
    pub fn set_slice<T, C, D: Stored, R, I>(
        mut self,
        column: Column<E, C, D>,
        low: i32,
        high: i32,
        values: R,
    ) -> Self
    where
        T: ArrayElement,
        C: SqlType<Base = Vec<T>>,
        R: Operand<Vec<T>, Sources: RowWise + InScope<F, I>>,
    {
        let (low, high) = (literal_operand(&low), literal_operand(&high));
        let target = SetTarget::Slice { column: column.name().into(), low, high };
        self.tree.set.push((target, typed_bind::<E>(column.name(), values.into_operand())));
        self
    }

    /// `SET column['key'] = value`: one value inside of a JSONB column, where the database has such subscripts
    /// (PostgreSQL 14).
    pub fn set_key<C, D: Stored, R, I>(
        mut self,
        column: Column<E, C, D>,
        key: impl Into<String>,
        value: R,
    ) -> Self
    where
        C: SqlType<Base = Jsonb>,
        R: Operand<Jsonb, Sources: RowWise + InScope<F, I>>,
    {
        let path = vec![literal_operand(&key.into())];
        let target = SetTarget::Element { column: column.name().into(), path };
        self.tree.set.push((target, value.into_operand()));
        self
    }

    /// `SET (a, b) = (SELECT …)`: columns from one row of a subquery, where the database has that; NULL where the
    /// subquery has no row, so they must be columns that take it.
    pub fn set_columns<L, P, G, I, J>(mut self, columns: L, query: Select<P, G>) -> Self
    where
        G: Needs<Sources: InScope<F, J>>,
        L: SetFromQuery<E, P, G, I>,
    {
        self.tree.set.push(set_columns(columns.names(), query));
        self
    }

    /// `RETURNING`: columns, expressions or whole entities of the changed rows; of other tables too, where the database
    /// can.
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, F>
    where
        W: Bounded,
    {
        let synchronize = self.synchronize;
        Returning::new(tree::Statement::Update(self.with_on_update()), list).synchronized(synchronize)
    }

    /// With the columns that get a value at each update.
    fn with_on_update(mut self) -> tree::Update {
        if self.tree.set.is_empty() {
            return self.tree;
        }
        add_on_update(E::TABLE, &mut self.tree.set);
        self.tree
    }
}

impl<E, W, F> super::param::Bindings for Update<E, W, F> {
    fn give(mut self, name: crate::schema::Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<E, W, F> Clone for Update<E, W, F> {
    fn clone(&self) -> Self {
        Update { tree: self.tree.clone(), synchronize: self.synchronize, types: PhantomData }
    }
}

/// As people read it; each database is sent its own SQL.
impl<E, W, F> fmt::Display for Update<E, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<E, W, F> fmt::Debug for Update<E, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E: Mapped, W: Bounded, F> Executable for Update<E, W, F> {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Update(self.with_on_update())
    }

    fn synchronize(&self) -> Synchronize {
        self.synchronize
    }
}
