use std::collections::HashSet;
use std::hash::Hash;

use orm_query::tree::{Expr, Query, SelectItem, Statement};
use orm_query::typed::FirstColumn;

use crate::{Error, Result};

/// All rows of a result, in hand, with the names of their columns; made by [`Connection::rows`](super::Connection::rows).
///
/// ```
/// # use orm::prelude::*;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// let mut connection = engine.connect().await?;
/// let cities = text("SELECT 'Oslo' AS name, 1 AS n UNION ALL SELECT 'Bergen', 2 ORDER BY 2");
/// let rows = connection.rows(cities.columns::<(String, i64)>()).await?;
/// assert_eq!(rows.columns(), ["name", "n"]);
/// assert_eq!(rows.scalars(), ["Oslo", "Bergen"]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    columns: Vec<String>,
    rows: Vec<T>,
}

impl<T> Rows<T> {
    pub(super) fn new(columns: Vec<String>, rows: Vec<T>) -> Self {
        Rows { columns, rows }
    }

    /// The names of the columns. Of a `text(…)` the database tells them with the first row, so there are none where
    /// there is no row.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, to look at.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// The rows, in a vector.
    pub fn all(self) -> Vec<T> {
        self.rows
    }

    /// The first row, if there is one.
    pub fn first(self) -> Option<T> {
        self.rows.into_iter().next()
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    /// [`Error::MultipleResultsFound`]
    pub fn one_or_none(self) -> Result<Option<T>> {
        super::single(self.rows)
    }

    /// The only row.
    ///
    /// # Errors
    /// [`Error::NoResultFound`] and [`Error::MultipleResultsFound`]
    pub fn one(self) -> Result<T> {
        self.one_or_none()?.ok_or(Error::NoResultFound { object: None, statement: None })
    }

    /// The first column of each row.
    pub fn scalars(self) -> Vec<T::First>
    where
        T: FirstColumn,
    {
        self.rows.into_iter().map(T::into_first).collect()
    }

    /// The rows in lists of `size`, the last one shorter where they do not come out even; a size of 0 counts as 1.
    pub fn partitions(self, size: usize) -> impl Iterator<Item = Vec<T>> {
        let mut rows = self.rows.into_iter();
        std::iter::from_fn(move || {
            let part: Vec<T> = rows.by_ref().take(size.max(1)).collect();
            (!part.is_empty()).then_some(part)
        })
    }

    /// Each row once, where it stands first.
    #[must_use]
    pub fn unique(self) -> Self
    where
        T: Hash + Eq + Clone,
    {
        self.unique_by(T::clone)
    }

    /// The first row of each key.
    #[must_use]
    pub fn unique_by<K: Hash + Eq>(mut self, key: impl Fn(&T) -> K) -> Self {
        let mut seen = HashSet::with_capacity(self.rows.len());
        self.rows.retain(|row| seen.insert(key(row)));
        self
    }
}

impl<T> IntoIterator for Rows<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<'r, T> IntoIterator for &'r Rows<T> {
    type Item = &'r T;
    type IntoIter = std::slice::Iter<'r, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// The names of a statement's columns, as far as it says them itself.
pub(super) fn column_names(statement: &Statement) -> Option<Vec<String>> {
    let items = match statement {
        Statement::Select(select) => &select.columns,
        Statement::Insert(insert) => &insert.returning,
        Statement::Update(update) => &update.returning,
        Statement::Delete(delete) => &delete.returning,
        Statement::Merge(merge) => &merge.returning,
        Statement::Compound(compound) => return query_names(compound.queries.first()?),
        Statement::UpdateRows(_) | Statement::Text(_) | Statement::Ddl(_) => return None,
    };
    items.iter().filter(|item| !item.left_out).map(name).collect()
}

fn query_names(query: &Query) -> Option<Vec<String>> {
    match query {
        Query::Select(select) => select.columns.iter().map(name).collect(),
        Query::Compound(compound) => query_names(compound.queries.first()?),
        Query::Values(_) | Query::Text(_) => None,
    }
}

fn name(item: &SelectItem) -> Option<String> {
    match (&item.label, &item.expr) {
        (Some(label), _) => Some(label.to_string()),
        (None, Expr::Column(column)) => Some(column.name.to_string()),
        _ => None,
    }
}
