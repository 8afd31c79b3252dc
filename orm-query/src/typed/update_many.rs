use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::presence::Stored;
use super::projection::for_tuples;
use super::query::Executable;
use super::synchronize::Synchronize;
use super::update::{Unfiltered, Update};
use crate::mapping::{EntityKey, IntoKey};
use crate::schema::{Name, TableDef};
use crate::tree::{self, Rows, UpdateRows};
use crate::{Mapped, SqlType, Value};

/// An UPDATE of many rows of `E` by their primary keys, each with values of its own; made by
/// [`set_many`](Update::set_many).
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct UpdateMany<E> {
    tree: UpdateRows,
    synchronize: Synchronize,
    types: PhantomData<fn() -> E>,
}

impl<E: Mapped> Update<E, Unfiltered> {
    /// Sets columns of many rows, of each by its primary key; what it gives says how many rows were there.
    ///
    /// They go in as few statements as the database has for it, which without a transaction of one's own are one
    /// transaction. Of a key that stands there twice, the later values count. Columns with `on_update` are set too. A
    /// value that was `set` before goes into every row; an expression cannot.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     fullname: Option<String>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// engine.execute(insert(User).values([User::new("a"), User::new("b")])).await?;
    /// let names = [(1, ("x", None)), (2, ("y", Some("Y Z".to_owned())))];
    /// assert_eq!(engine.execute(update(User).set_many((User::name, User::fullname), names)).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_many<C, K, V>(self, columns: C, rows: impl IntoIterator<Item = (K, V)>) -> UpdateMany<E>
    where
        C: SetColumns<E, V>,
        K: IntoKey<E::Key>,
    {
        let mut set = Vec::new();
        columns.names(&mut set);
        let rows = rows.into_iter().map(|(key, row)| {
            let mut values = Vec::with_capacity(set.len());
            C::values(row, &mut values);
            (key.into_key().into_values(), values)
        });
        let rows = distinct(rows);
        let synchronize = self.synchronize;
        let tree = update_rows(E::TABLE, self.into_tree(), set, rows);
        UpdateMany { tree, synchronize, types: PhantomData }
    }
}

/// The rows by their keys, each once, with its last values.
fn distinct(rows: impl Iterator<Item = (Vec<Value>, Vec<Value>)>) -> Vec<(Vec<Value>, Vec<Value>)> {
    let mut places: HashMap<Vec<Value>, usize> = HashMap::with_capacity(rows.size_hint().0);
    let mut distinct: Vec<(Vec<Value>, Vec<Value>)> = Vec::with_capacity(rows.size_hint().0);
    for (key, values) in rows {
        match places.get(&key) {
            Some(&place) => distinct[place].1 = values,
            None => {
                places.insert(key.clone(), distinct.len());
                distinct.push((key, values));
            }
        }
    }
    distinct
}

fn update_rows(
    table: &'static TableDef,
    update: tree::Update,
    mut set: Vec<Name>,
    mut rows: Vec<(Vec<Value>, Vec<Value>)>,
) -> UpdateRows {
    for (target, value) in update.set {
        set.extend_from_slice(target.columns());
        // Whatever has no value here makes the rows too short, which is an error when they are compiled.
        if let (tree::SetTarget::Column(_), tree::Expr::Bind(bind)) = (target, value) {
            rows.iter_mut().for_each(|(_, values)| values.push(bind.value.clone()));
        }
    }
    for column in table.columns.iter() {
        if let Some(make) = column.on_update
            && !set.contains(&column.name)
        {
            set.push(column.name.clone());
            rows.iter_mut().for_each(|(_, values)| values.push((make.0)()));
        }
    }
    let key: Vec<Name> = table.primary_key().map(|(_, column)| column.name.clone()).collect();
    let data_type = |name: &Name| Some(table.columns[table.position(name)?].data_type.clone());
    let types = key.iter().chain(&set).filter_map(data_type).collect();
    let rows = rows.into_iter().map(|(key, values)| [key, values].concat()).collect();
    UpdateRows { table: update.table, key, set, rows: Rows::new(types, rows) }
}

/// The columns that [`set_many`](Update::set_many) sets: of `E`, and of the types of the values `V`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be set to rows of `{V}`",
    label = "expected a column of `{E}` and a value for each row, or a tuple of columns and a tuple of as many values"
)]
pub trait SetColumns<E, V> {
    /// Adds their names.
    fn names(&self, list: &mut Vec<Name>);
    /// Adds the values of a row.
    fn values(row: V, list: &mut Vec<Value>);
}

impl<E: Mapped, T: SqlType, D: Stored, V: PlainValue<T>> SetColumns<E, V> for Column<E, T, D> {
    fn names(&self, list: &mut Vec<Name>) {
        list.push(self.name().into());
    }

    fn values(row: V, list: &mut Vec<Value>) {
        list.push(row.into_value());
    }
}

macro_rules! columns {
    ($(($($name:ident $row:ident $value:ident),*))*) => { $(
        impl<Entity, $($name, $row),*> SetColumns<Entity, ($($row,)*)> for ($($name,)*)
        where
            $($name: SetColumns<Entity, $row>,)*
        {
            fn names(&self, list: &mut Vec<Name>) {
                let ($($value,)*) = self;
                $($value.names(list);)*
            }

            fn values(row: ($($row,)*), list: &mut Vec<Value>) {
                let ($($value,)*) = row;
                $($name::values($value, list);)*
            }
        }
    )* };
}

for_tuples!(columns);

/// A Rust value of a column of the type `T`: one of that type, a reference to one, or `&str` for a `String`; for a column
/// that may be NULL, also one that is not.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be set to a value of type `{Self}`",
    label = "expected a `{T}`, and this is `{Self}`",
    note = "values of many rows are plain Rust values of the columns' types; an expression is set by `.set(…)`"
)]
pub trait PlainValue<T> {
    /// The value as it is sent.
    fn into_value(self) -> Value;
}

impl<T: SqlType> PlainValue<T> for T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl<T: SqlType> PlainValue<T> for &T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl<T: SqlType<Base = T>> PlainValue<Option<T>> for T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

impl PlainValue<String> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl PlainValue<Option<String>> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl<E> Clone for UpdateMany<E> {
    fn clone(&self) -> Self {
        UpdateMany { tree: self.tree.clone(), synchronize: self.synchronize, types: PhantomData }
    }
}

/// As people read it; each database is sent its own SQL.
impl<E> fmt::Display for UpdateMany<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.tree, f)
    }
}

impl<E> fmt::Debug for UpdateMany<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E> Executable for UpdateMany<E> {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::UpdateRows(self.tree)
    }

    fn synchronize(&self) -> Synchronize {
        self.synchronize
    }
}
