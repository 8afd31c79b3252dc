use crate::{DataType, Value};

/// Rows of plain values, to be written: each column is of one type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// The types of the columns, as the table has them.
    pub types: Vec<DataType>,
    /// The values, as many in each row as there are types.
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    /// `rows`, whose columns are of `types`.
    pub fn new(types: Vec<DataType>, rows: Vec<Vec<Value>>) -> Self {
        Rows { types, rows }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The same rows in lists of at most so many.
    pub(super) fn chunks(&self, rows: usize) -> impl Iterator<Item = Rows> {
        self.rows.chunks(rows.max(1)).map(|chunk| Rows::new(self.types.clone(), chunk.to_vec()))
    }
}
