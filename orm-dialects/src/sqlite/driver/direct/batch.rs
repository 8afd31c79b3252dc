use std::sync::Arc;
use std::time::{Duration, Instant};

use super::handle::Column;
use crate::sqlite::driver::row::{Value, Values};

/// Rows that were read ahead, in two buffers that are used again and again.
#[derive(Debug, Default)]
pub(super) struct Batch {
    cells: Vec<Cell>,
    bytes: Vec<u8>,
    columns: Arc<[Heading]>,
    /// The rows in the buffers.
    rows: usize,
    /// One more than the row that stands to be read.
    next: usize,
}

/// A column of the result.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) name: String,
    pub(super) declared: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text { length: u32, start: usize },
    Blob { length: u32, start: usize },
}

/// More rows at a time cost memory, and fewer cost wake-ups.
const ROWS: usize = 1_024;
const BYTES: usize = 256 * 1024;
/// Whoever waits for the first of many slow rows gets it before the others are there.
const PATIENCE: Duration = Duration::from_millis(2);
/// What is kept of a buffer that a great value has made great.
const KEPT: usize = 4 * BYTES;

impl Batch {
    /// Forgets the rows.
    pub(super) fn clear(&mut self) {
        (self.rows, self.next) = (0, 0);
        self.cells.clear();
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
    }

    /// The columns of the rows that come.
    pub(super) fn set_columns(&mut self, columns: &Arc<[Heading]>) {
        self.columns = Arc::clone(columns);
    }

    /// The next value of a row.
    pub(super) fn push(&mut self, column: Column<'_>) {
        let start = self.bytes.len();
        let mut keep = |bytes: &[u8]| {
            self.bytes.extend_from_slice(bytes);
            // SQLite's own values are shorter than 2³¹ bytes.
            bytes.len() as u32
        };
        let cell = match column {
            Column::Null => Cell::Null,
            Column::Integer(v) => Cell::Integer(v),
            Column::Real(v) => Cell::Real(v),
            Column::Text(v) => Cell::Text { length: keep(v), start },
            Column::Blob(v) => Cell::Blob { length: keep(v), start },
        };
        self.cells.push(cell);
    }

    /// The row is whole; whether that is enough for now, of rows that are read since `began`.
    pub(super) fn end_row(&mut self, began: Instant) -> bool {
        self.rows += 1;
        // A look at the clock is dearer than a short row.
        let looks = self.rows.is_power_of_two() || self.rows.is_multiple_of(32);
        self.rows >= ROWS || self.bytes.len() >= BYTES || looks && began.elapsed() >= PATIENCE
    }

    /// Goes on to the next row, if there is one.
    pub(super) fn advance(&mut self) -> bool {
        if self.next < self.rows {
            self.next += 1;
            return true;
        }
        false
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether there is a row to be read.
    pub(super) fn is_on_row(&self) -> bool {
        self.next > 0
    }

    fn bytes(&self, start: usize, length: u32) -> &[u8] {
        self.bytes.get(start..start + length as usize).unwrap_or_default()
    }
}

impl Values for Batch {
    fn len(&self) -> usize {
        self.columns.len()
    }

    fn name(&self, position: usize) -> Option<&str> {
        self.columns.get(position).map(|column| column.name.as_str())
    }

    fn declared(&self, position: usize) -> Option<&str> {
        self.columns.get(position)?.declared.as_deref()
    }

    fn value(&self, position: usize) -> Result<Option<Value<'_>>, String> {
        let width = self.columns.len();
        let row = self.next.checked_sub(1).map(|row| row * width);
        let cell = row.filter(|_| position < width).and_then(|row| self.cells.get(row + position));
        Ok(Some(match *cell.ok_or("there is no row")? {
            Cell::Null => return Ok(None),
            Cell::Integer(v) => Value::Integer(v),
            Cell::Real(v) => Value::Real(v),
            Cell::Text { length, start } => {
                let text = std::str::from_utf8(self.bytes(start, length));
                Value::Text(text.map_err(|error| error.to_string())?)
            }
            Cell::Blob { length, start } => Value::Blob(self.bytes(start, length)),
        }))
    }
}
