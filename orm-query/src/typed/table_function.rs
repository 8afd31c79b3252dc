use std::fmt;
use std::marker::PhantomData;

use super::expression::Expr;
use super::function::FunctionCall;
use super::joinable::Joinable;
use super::query_expression::column_names;
use super::record::{Nameable, RowKind};
use super::scope::{Inner, Nil, SourceSet};
use super::source::Source;
use super::table::Table;
use crate::schema::Name;
use crate::tree;
use crate::{DataType, SqlType};

/// A function in FROM, whose rows have the columns of `S`; `N` is what its arguments read of what stands before it.
#[must_use = "a function in FROM does nothing until a query reads it"]
pub struct TableFunction<S, N> {
    tree: tree::TableFunction,
    types: PhantomData<fn() -> (S, N)>,
}

impl<N: SourceSet> FunctionCall<N> {
    /// `(function(…)).name`: one field of the composite value that the function gives, in a select list once for each
    /// of its rows.
    pub fn field<T: SqlType>(self, name: impl Into<Name>) -> Expr<T, N> {
        let function = self.into_function(T::DATA_TYPE);
        Expr::from_tree(tree::Expr::Field(Box::new(tree::Field {
            operand: tree::Expr::Function(Box::new(function)),
            name: name.into(),
            data_type: T::DATA_TYPE,
        })))
    }

    /// The function in FROM, its rows as those of a record: `func("generate_series", (1, 3)).table(Numbers)`. Its
    /// columns are named as those of the record; where a database has no such naming, they are by
    /// [`own_columns`](TableFunction::own_columns).
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// #[derive(Record)]
    /// struct Element {
    ///     value: String,
    /// }
    ///
    /// let elements = func("json_each", (r#"["one", "two"]"#,)).table(Element).own_columns();
    /// let query = select(Element::value).select_from(elements);
    /// assert_eq!(engine.all(query).await?, ["one", "two"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn table<S: Nameable<Kind: RowKind<S::Record>>>(self, _: Table<S>) -> TableFunction<S, N> {
        let tree = tree::TableFunction {
            function: self.into_function(DataType::Text),
            alias: S::source_ref().name,
            columns: column_names::<S>(),
            ordinality: false,
            lateral: false,
        };
        TableFunction { tree, types: PhantomData }
    }
}

impl<S, N> TableFunction<S, N> {
    /// Reads the columns by the names that the function gives them, of which the record may have some only.
    pub fn own_columns(mut self) -> Self {
        self.tree.columns.clear();
        self
    }

    /// `WITH ORDINALITY`: the record's last column counts the rows from 1 on.
    pub fn with_ordinality(mut self) -> Self {
        self.tree.ordinality = true;
        self
    }

    /// `LATERAL`, which says that the arguments read what stands before it in FROM; they may without it, too.
    pub fn lateral(mut self) -> Self {
        self.tree.lateral = true;
        self
    }

    /// The only column of a function that gives one, read by the function's alias: `SELECT x FROM unnest(…) AS x`.
    pub fn column<T: SqlType>(&self) -> Expr<T, S>
    where
        S: Source<Kind: RowKind<S::Record, Columns = (T,)>>,
    {
        Expr::from_tree(tree::Expr::Label(self.tree.alias.clone()))
    }
}

impl<S: Source, N: SourceSet> Joinable for TableFunction<S, N> {
    type Scope = (Inner<S>, Nil);
    type Needs = N;

    fn into_from(self) -> tree::From {
        tree::From::Function(Box::new(self.tree))
    }
}

impl<S, N> Clone for TableFunction<S, N> {
    fn clone(&self) -> Self {
        TableFunction { tree: self.tree.clone(), types: PhantomData }
    }
}

impl<S, N> fmt::Debug for TableFunction<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
