use orm_query::tree::CreateIndex;

use super::table::columns;
use super::{Result, Syntax, Writer, qualified};

/// `CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table (columns)`
///
/// # Errors
/// Where a name cannot be an identifier, or there is no column.
pub fn create_index<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateIndex) -> Result {
    head(w, c);
    s.identifier(w, &c.index.name_on(&c.table.name))?;
    w.push(" ON ");
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    w.push(" ");
    columns(s, w, &c.index.columns)
}

/// The same with the schema before the index, where an index is named in its table's schema.
///
/// # Errors
/// As [`create_index`].
pub fn create_index_in_schema<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateIndex) -> Result {
    head(w, c);
    qualified(s, w, c.table.schema.as_deref(), &c.index.name_on(&c.table.name))?;
    w.push(" ON ");
    s.identifier(w, &c.table.name)?;
    w.push(" ");
    columns(s, w, &c.index.columns)
}

fn head(w: &mut Writer, c: &CreateIndex) {
    w.push(if c.index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
}
