use orm_query::schema::{ForeignKeyDef, List, Name, TableDef};
use orm_query::tree::{CreateTable, DropTable, TableRef};

use super::{Result, Syntax, Writer, invalid, qualified};

/// `CREATE TABLE [IF NOT EXISTS] table (columns, constraints)`
///
/// # Errors
/// Where a part of it cannot be said, or the table has no column.
pub fn create_table<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateTable) -> Result {
    let table = &*c.table;
    if table.columns.is_empty() {
        return Err(invalid(format!("the table `{}` has no column", table.full_name())));
    }
    w.push("CREATE TABLE ");
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    qualified(s, w, table.schema.as_deref(), &table.name)?;
    w.push(" (");
    w.list(&*table.columns, ", ", |w, column| s.column_def(w, table, column))?;
    constraints(s, w, table)?;
    w.push(")");
    Ok(())
}

fn constraints<S: Syntax + ?Sized>(s: &S, w: &mut Writer, table: &TableDef) -> Result {
    let key: Vec<Name> = table.primary_key().map(|(_, column)| column.name.clone()).collect();
    if !key.is_empty() {
        w.push(", PRIMARY KEY ");
        columns(s, w, &key.into())?;
    }
    for unique in &*table.uniques {
        constraint(s, w, unique.name.as_deref())?;
        w.push("UNIQUE ");
        columns(s, w, &unique.columns)?;
    }
    for check in &*table.checks {
        constraint(s, w, check.name.as_deref())?;
        w.push("CHECK (");
        s.raw(w, &check.sql)?;
        w.push(")");
    }
    for key in &*table.foreign_keys {
        constraint(s, w, key.name.as_deref())?;
        s.foreign_key(w, table, key)?;
    }
    Ok(())
}

fn constraint<S: Syntax + ?Sized>(s: &S, w: &mut Writer, name: Option<&str>) -> Result {
    w.push(", ");
    if let Some(name) = name {
        w.push("CONSTRAINT ");
        s.identifier(w, name)?;
        w.push(" ");
    }
    Ok(())
}

/// `(a, b, …)`
pub(super) fn columns<S: Syntax + ?Sized>(s: &S, w: &mut Writer, names: &List<Name>) -> Result {
    if names.is_empty() {
        return Err(invalid("a constraint or an index names at least one column"));
    }
    w.parenthesized(|w| w.list(&**names, ", ", |w, name| s.identifier(w, name)))
}

/// `FOREIGN KEY(columns) REFERENCES target (columns) [ON DELETE …] [ON UPDATE …]`
///
/// # Errors
/// Where it has unlike numbers of columns, or a name cannot be an identifier.
pub fn foreign_key<S: Syntax + ?Sized>(
    s: &S,
    w: &mut Writer,
    table: &TableDef,
    key: &ForeignKeyDef,
) -> Result {
    if key.columns.len() != key.target_columns.len() {
        return Err(invalid(format!(
            "a foreign key of `{}` has {} column(s) and references {}",
            table.full_name(),
            key.columns.len(),
            key.target_columns.len()
        )));
    }
    w.push("FOREIGN KEY");
    columns(s, w, &key.columns)?;
    w.push(" REFERENCES ");
    qualified(s, w, key.target_schema.as_deref(), &key.target)?;
    w.push(" ");
    columns(s, w, &key.target_columns)?;
    if let Some(action) = key.on_delete {
        w.push(" ON DELETE ");
        w.push(action.sql());
    }
    if let Some(action) = key.on_update {
        w.push(" ON UPDATE ");
        w.push(action.sql());
    }
    Ok(())
}

/// `DROP TABLE [IF EXISTS] table`
///
/// # Errors
/// Where the name cannot be an identifier.
pub fn drop_table<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropTable) -> Result {
    w.push("DROP TABLE ");
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    let TableRef { schema, name, alias: _ } = &d.table;
    qualified(s, w, schema.as_deref(), name)
}
