//! The rows of a query in windows, each a SELECT of its own that goes on where the one before ended.

use orm_query::tree::{Expr, Limit, Select, Statement};
use orm_query::typed::EntityAt;
use orm_query::{Features, Row, Value};

use super::PagingError;
use super::keyset::Keyset;
use crate::Result;

/// How many rows are read at once, if partitions are not larger.
const WINDOW: usize = 1_000;

/// Where in a query's rows a reader is.
#[derive(Debug)]
pub(crate) struct Windows {
    select: Select,
    keyset: Keyset,
    /// How many rows a window has.
    size: usize,
    /// How many rows of the query's own limit are left.
    left: Option<u64>,
    /// The key of the last row that was given.
    last: Option<Vec<Value>>,
    /// The keys of the rows of the window.
    keys: Vec<Vec<Value>>,
    /// There is no further window.
    is_done: bool,
}

impl Windows {
    /// The windows of a query whose rows are given in lists of `partition`.
    pub(crate) fn plan(
        statement: Statement,
        entities: &[EntityAt],
        features: &Features,
        partition: usize,
    ) -> Result<Windows, PagingError> {
        let refuse = |reason: &str| PagingError::NoKeyset { reason: reason.to_owned() };
        let mut select = match statement {
            Statement::Select(select) => select,
            Statement::Compound(_) => {
                return Err(refuse("it is a UNION or its like, whose rows have no key"));
            }
            Statement::Text(_) => return Err(refuse("it is SQL text, whose order is not known")),
            _ => return Err(refuse("it changes rows, which it does once")),
        };
        let left = match select.limit.as_ref() {
            None => None,
            Some(limit) => match constant(limit) {
                Some(left) => left,
                None => return Err(refuse("its LIMIT is no plain number of rows")),
            },
        };
        if select.with.ctes.iter().any(|cte| cte.statement.changes_rows()) {
            return Err(refuse("its WITH changes rows, which it does once"));
        }
        let keyset = Keyset::plan(&mut select, entities, features)?;
        let size = partition.saturating_mul(WINDOW.div_ceil(partition));
        Ok(Windows { select, keyset, size, left, last: None, keys: Vec::new(), is_done: false })
    }

    /// The next window; `None` behind the last one. It asks for one row more, which tells whether it is the last.
    pub(crate) fn next(&mut self) -> Option<Statement> {
        if self.is_done || self.left == Some(0) {
            return None;
        }
        self.keys.clear();
        let mut select = self.select.clone();
        if let Some(last) = &self.last {
            select.and_filter(self.keyset.behind(last, false));
            if let Some(limit) = &mut select.limit {
                limit.offset = None;
            }
        }
        let rows = self.size as u64 + 1;
        select.set_limit(self.left.map_or(rows, |left| left.min(rows)));
        Some(Statement::Select(select))
    }

    /// Takes the key of each row as it is read.
    pub(crate) fn read(&mut self, row: &dyn Row) -> Result<()> {
        self.keys.push(self.keyset.read(row)?);
        Ok(())
    }

    /// How many of the rows that were read are the window's.
    pub(crate) fn rows(&mut self) -> usize {
        let read = self.keys.len();
        self.is_done = read <= self.size;
        read.min(self.size)
    }

    /// Remembers that rows of the window were given, up to the one behind `row`.
    pub(crate) fn gave(&mut self, rows: usize, row: usize) {
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(rows as u64);
        }
        if let Some(key) = row.checked_sub(1).and_then(|last| self.keys.get(last)) {
            self.last = Some(key.clone());
        }
    }

    /// Gives up the rest of the window: the next one begins behind the last row that was given.
    pub(crate) fn give_up(&mut self) {
        self.is_done = false;
    }
}

/// The number of rows of a limit that is one; `None` where it must be computed.
fn constant(limit: &Limit) -> Option<Option<u64>> {
    let Limit { count, offset: _, fetch: _, percent, with_ties } = limit;
    match count {
        _ if *percent || *with_ties => None,
        None => Some(None),
        Some(Expr::Bind(bind)) => match bind.value {
            Value::I64(rows) => Some(u64::try_from(rows).ok()),
            _ => None,
        },
        Some(_) => None,
    }
}
