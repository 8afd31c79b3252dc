//! Rows by lists of keys.

use orm_query::schema::{Name, TableDef};
use orm_query::tree::{self, Rows, SourceRef};
use orm_query::{DataType, Features, Value};

/// At most so many keys in one list, as SQLAlchemy has it.
const LIST: usize = 500;
/// At most so many keys in one array.
const ARRAY: usize = 10_000;

/// How many keys of so many columns one statement takes.
pub(crate) fn keys_per_statement(features: &Features, width: usize) -> usize {
    features.rows_of(width).min(if features.array_binds { ARRAY } else { LIST })
}

/// Whether columns of `table` are one of many keys.
pub(crate) fn in_keys(
    table: &TableDef,
    source: &SourceRef,
    columns: &[Name],
    keys: &[Vec<Value>],
) -> tree::Expr {
    let column = |name: &Name| {
        let data_type =
            table.position(name).map_or(DataType::Text, |position| table.columns[position].data_type.clone());
        tree::ColumnRef { source: source.clone(), name: name.clone(), data_type }
    };
    in_rows(columns.iter().map(column).collect(), keys)
}

/// Whether columns are one of many keys.
pub(super) fn in_rows(columns: Vec<tree::ColumnRef>, keys: &[Vec<Value>]) -> tree::Expr {
    let types = columns.iter().map(|column| column.data_type.clone()).collect();
    tree::Expr::InRows(Box::new(tree::InRows {
        operands: columns.into_iter().map(tree::Expr::Column).collect(),
        rows: Rows::new(types, keys.to_vec()),
    }))
}
