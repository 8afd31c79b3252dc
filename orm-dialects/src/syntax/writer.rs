use orm_query::schema::Name;
use orm_query::tree::{ColumnRef, Expr, From, SourceRef};
use orm_query::{Bind, CompileError, Compiled};

use super::{Result, invalid};

/// How deep expressions and subqueries may nest: far beyond what is written by hand, and far from the stack's end.
const MAX_DEPTH: usize = 400;

/// Where the walk writes: the text, the binds, and what the walk must know about its surroundings.
#[derive(Debug, Default)]
pub struct Writer {
    sql: String,
    binds: Vec<Bind>,
    depth: usize,
    parentheses: usize,
    unqualified: bool,
    inlining: bool,
    apart: bool,
    renamed: Option<(SourceRef, &'static str)>,
    hints: Vec<(Option<SourceRef>, String)>,
    scopes: Vec<Vec<Source>>,
    ctes: Vec<Name>,
}

/// A source that columns can be of.
#[derive(Debug)]
struct Source {
    name: SourceRef,
    is_table: bool,
}

impl Writer {
    /// A writer with room for what most statements are.
    pub(super) fn of_a_statement() -> Self {
        Writer { sql: String::with_capacity(256), binds: Vec::with_capacity(4), ..Writer::default() }
    }

    /// A writer that writes values into the text, where others write placeholders.
    pub(super) fn inlining() -> Self {
        Writer { inlining: true, ..Writer::default() }
    }

    /// A writer for a part of a statement on its own, whose sources and CTEs are not known there.
    pub fn apart() -> Self {
        Writer { apart: true, ..Writer::default() }
    }

    /// Whether values are written into the text.
    pub fn is_inlining(&self) -> bool {
        self.inlining
    }

    /// With values written into the text.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn with_values(&mut self, write: impl FnOnce(&mut Self) -> Result) -> Result {
        let before = std::mem::replace(&mut self.inlining, true);
        let result = write(self);
        self.inlining = before;
        result
    }

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
        self.parentheses += 1;
        let result = write(self);
        self.parentheses -= 1;
        result?;
        self.push(")");
        Ok(())
    }

    /// Whether this stands between parentheses, as all subqueries do.
    pub fn is_parenthesized(&self) -> bool {
        self.parentheses > 0
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

    /// With the values of binds in the text, for statements that keep none.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn inlined(&mut self, write: impl FnOnce(&mut Self) -> Result) -> Result {
        let before = std::mem::replace(&mut self.inlining, true);
        let result = write(self);
        self.inlining = before;
        result
    }

    /// Whether columns are named with their table here.
    pub fn is_qualified(&self) -> bool {
        !self.unqualified
    }

    /// With the columns of `source` said to be of `name`, as those of a changed row are in OUTPUT.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn renamed(
        &mut self,
        source: SourceRef,
        name: &'static str,
        write: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        let before = self.renamed.replace((source, name));
        let result = write(self);
        self.renamed = before;
        result
    }

    /// What columns of `source` are said to be of, where it is another name.
    pub fn name_of(&self, source: &SourceRef) -> Option<&'static str> {
        self.renamed.as_ref().filter(|(renamed, _)| renamed == source).map(|(_, name)| *name)
    }

    /// With words that stand behind the tables of FROM: behind one, or behind each.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn table_hints(
        &mut self,
        hints: Vec<(Option<SourceRef>, String)>,
        write: impl FnOnce(&mut Self) -> Result,
    ) -> Result {
        let before = std::mem::replace(&mut self.hints, hints);
        let result = write(self);
        self.hints = before;
        result
    }

    /// The words that stand behind this table.
    pub fn hints_of(&self, source: &SourceRef) -> Vec<String> {
        let own = |of: &Option<SourceRef>| of.as_ref().is_none_or(|of| of == source);
        self.hints.iter().filter(|(of, _)| own(of)).map(|(_, hint)| hint.clone()).collect()
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
        let mut scope = Vec::new();
        for from in sources {
            from.each_source(&mut |name, is_table| scope.push(Source { name, is_table }));
        }
        self.scopes.push(scope);
        let result = write(self);
        self.scopes.pop();
        result
    }

    /// With the queries of a `WITH`, which are known until `write` is done.
    ///
    /// # Errors
    /// What `write` gives.
    pub fn ctes(&mut self, write: impl FnOnce(&mut Self) -> Result) -> Result {
        let before = self.ctes.len();
        let result = write(self);
        self.ctes.truncate(before);
        result
    }

    /// Makes a query of a `WITH` known.
    pub fn add_cte(&mut self, name: Name) {
        self.ctes.push(name);
    }

    /// Whether a `WITH` around has a query of this name.
    pub fn has_cte(&self, name: &str) -> bool {
        self.apart || self.ctes.iter().any(|cte| cte == name)
    }

    /// Whether it is the source that the statement around is of: the table that it changes, or the first of FROM.
    pub fn is_first_source(&self, source: &SourceRef) -> bool {
        self.scopes.last().and_then(|scope| scope.first()).is_some_and(|first| first.name == *source)
    }

    /// # Errors
    /// Where the column is of a source that no statement around has.
    pub(super) fn in_scope(&self, column: &ColumnRef) -> Result {
        let known = |scope: &Vec<Source>| scope.iter().any(|source| source.name == column.source);
        if self.apart || self.scopes.is_empty() || self.scopes.iter().rev().any(known) {
            return Ok(());
        }
        let (source_name, column) = (column.source.to_string(), column.name.to_string());
        Err(CompileError::NotInScope { source_name, column })
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

    /// Takes back what was written since there were `length` bytes and `binds` binds.
    pub(crate) fn rewind(&mut self, length: usize, binds: usize) {
        self.sql.truncate(length);
        self.binds.truncate(binds);
    }

    pub(super) fn finish(self) -> Compiled {
        Compiled { sql: self.sql.into(), binds: self.binds }
    }
}
