use orm_query::tree::{ColumnRef, Expr, From, SourceRef};
use orm_query::{Bind, Compiled};

use super::{Result, invalid};

/// How deep expressions and subqueries may nest: far beyond what is written by hand, and far from the stack's end.
const MAX_DEPTH: usize = 400;

/// Where the walk writes: the text, the binds, and what the walk must know about its surroundings.
#[derive(Debug, Default)]
pub struct Writer {
    sql: String,
    binds: Vec<Bind>,
    depth: usize,
    unqualified: bool,
    scopes: Vec<Vec<Source>>,
}

/// A source that columns can be of.
#[derive(Debug)]
struct Source {
    name: SourceRef,
    is_table: bool,
}

impl Writer {
    /// Writes SQL.
    pub fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// The SQL so far.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The binds so far, in the order of their placeholders.
    pub fn binds(&self) -> &[Bind] {
        &self.binds
    }

    /// Writes `items` with `separator` between them.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut write: impl FnMut(&mut Self, T) -> Result,
    ) -> Result {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.push(separator);
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// Writes what `write` writes between parentheses.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn parenthesized(&mut self, write: impl FnOnce(&mut Self) -> Result) -> Result {
        self.push("(");
        write(self)?;
        self.push(")");
        Ok(())
    }

    /// One level deeper, so that a tree without end is an error and no stack overflow.
    ///
    /// # Errors
    /// Beyond the deepest level, and what `write` gives.
    pub fn nested(&mut self, write: impl FnOnce(&mut Self) -> Result) -> Result {
        if self.depth == MAX_DEPTH {
            return Err(invalid(format!("expressions are nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let result = write(self);
        self.depth -= 1;
        result
    }

    /// With columns named without their table, or with it; subqueries start with it.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn qualified(&mut self, qualified: bool, write: impl FnOnce(&mut Self) -> Result) -> Result {
        let before = std::mem::replace(&mut self.unqualified, !qualified);
        let result = write(self);
        self.unqualified = before;
        result
    }

    /// Whether columns are named with their table here.
    pub fn is_qualified(&self) -> bool {
        !self.unqualified
    }

    /// With `sources` in scope.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn scope<'a>(
        &mut self,
        sources: impl IntoIterator<Item = &'a From>,
        write: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        self.scopes.push(sources.into_iter().map(Source::new).collect());
        let result = write(self);
        self.scopes.pop();
        result
    }

    /// Whether the expression is a column of a table: its declared type and collation are in force there, and not in
    /// a column of a subquery.
    pub fn is_table_column(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Column(ColumnRef { source, .. }) => {
                let mut scopes = self.scopes.iter().rev().flatten();
                scopes.find(|s| s.name == *source).is_none_or(|s| s.is_table)
            }
            _ => false,
        }
    }

    /// Adds the bind of the next placeholder, whose value is known to fit.
    pub(crate) fn push_bind(&mut self, bind: Bind) {
        self.binds.push(bind);
    }

    pub(super) fn finish(self) -> Compiled {
        Compiled { sql: self.sql.into(), binds: self.binds }
    }
}

impl Source {
    fn new(from: &From) -> Self {
        match from {
            From::Table(table) => Source { name: table.source(), is_table: true },
            From::Query { alias, .. } => Source { name: SourceRef::named(alias.clone()), is_table: false },
        }
    }
}
