use orm_query::DataType;
use orm_query::schema::{
    CheckDef, Deferrable, ExcludeDef, ForeignKeyDef, List, Name, OnCommit, TableDef, UniqueDef,
};
use orm_query::tree::{CreateTable, DropTable, TableRef};

use super::{OptionPlace, Result, Syntax, Writer, invalid, options, qualified, resolved, unsupported};

/// `CREATE TABLE [IF NOT EXISTS] table (columns, constraints)`
///
/// # Errors
/// Where a part of it cannot be said, or the table has no column.
pub fn create_table<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateTable) -> Result {
    let table = &*c.table;
    let columns: Vec<_> = table.columns.iter().filter(|column| !column.is_system).collect();
    if columns.is_empty() && !s.has_empty_tables() {
        return Err(unsupported(s, "table without columns", None));
    }
    options(s, OptionPlace::Table, &table.options)?;
    s.create_table_words(w, table)?;
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    qualified(s, w, table.schema.as_deref(), &table.name)?;
    w.push(" (");
    w.list(columns, ", ", |w, column| s.column_def(w, table, &*resolved(s, table, column)?))?;
    constraints(s, w, table)?;
    w.push(")");
    s.table_options(w, table)
}

fn constraints<S: Syntax + ?Sized>(s: &S, w: &mut Writer, table: &TableDef) -> Result {
    if table.primary_key().next().is_some() && !s.is_key_in_column(table) {
        w.push(", ");
        s.primary_key(w, table)?;
    }
    for unique in &*table.uniques {
        w.push(", ");
        s.unique(w, unique)?;
    }
    for check in &*table.checks {
        w.push(", ");
        s.check(w, check)?;
    }
    for column in &*table.columns {
        if let DataType::Enum(e) = &column.data_type
            && let Some(name) = e.check_name.as_deref().filter(|_| e.check)
        {
            let of_enum = &mut Writer::default();
            s.enum_check(of_enum, column, e)?;
            // An enum of the database's own has none.
            if !of_enum.sql().is_empty() {
                w.push(", ");
                constraint_name(s, w, Some(name))?;
                w.push(of_enum.sql().trim_start());
            }
        }
    }
    for key in &*table.foreign_keys {
        w.push(", ");
        s.foreign_key(w, table, key)?;
    }
    for exclude in &*table.excludes {
        w.push(", ");
        s.exclude(w, exclude)?;
    }
    Ok(())
}

/// `CREATE [TEMPORARY] TABLE `
///
/// # Errors
/// None here.
pub fn create_table_words(w: &mut Writer, table: &TableDef) -> Result {
    w.push(if table.temporary { "CREATE TEMPORARY TABLE " } else { "CREATE TABLE " });
    Ok(())
}

/// What stands behind the last parenthesis: nothing.
///
/// # Errors
/// Where the table says what a COMMIT does to it.
pub fn table_options<S: Syntax + ?Sized>(s: &S, _: &mut Writer, table: &TableDef) -> Result {
    match table.on_commit {
        Some(_) => Err(unsupported(s, "ON COMMIT of a temporary table", None)),
        None => Ok(()),
    }
}

/// ` ON COMMIT …`, where it is said.
///
/// # Errors
/// Where the table is not temporary.
pub fn on_commit(w: &mut Writer, table: &TableDef) -> Result {
    let Some(on_commit) = table.on_commit else { return Ok(()) };
    if !table.temporary {
        return Err(invalid(format!("`{}` says ON COMMIT and is not temporary", table.full_name())));
    }
    w.push(" ");
    w.push(OnCommit::sql(on_commit));
    Ok(())
}

/// `EXCLUDE`, which is not in the standard.
///
/// # Errors
/// Always.
pub fn exclude<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &ExcludeDef) -> Result {
    Err(unsupported(s, "EXCLUDE constraint", None))
}

/// `[CONSTRAINT name] PRIMARY KEY (columns)`
///
/// # Errors
/// Where a name cannot be an identifier.
pub fn primary_key<S: Syntax + ?Sized>(s: &S, w: &mut Writer, table: &TableDef) -> Result {
    let key: Vec<Name> = table.primary_key().map(|(_, column)| column.name.clone()).collect();
    constraint_name(s, w, table.primary_key_name.as_deref())?;
    w.push("PRIMARY KEY ");
    columns(s, w, &key.into())
}

/// `[CONSTRAINT name] UNIQUE [NULLS NOT DISTINCT] (columns) [DEFERRABLE …]`
///
/// # Errors
/// Where the database has no such constraint, or there is no column.
pub fn unique<S: Syntax + ?Sized>(s: &S, w: &mut Writer, unique: &UniqueDef) -> Result {
    constraint_name(s, w, unique.name.as_deref())?;
    w.push("UNIQUE ");
    if unique.nulls_not_distinct {
        nulls_not_distinct(s, w)?;
        w.push(" ");
    }
    columns(s, w, &unique.columns)?;
    deferrable(s, w, unique.deferrable)?;
    s.constraint_options(w, OptionPlace::Unique, &unique.options)
}

/// `NULLS NOT DISTINCT`, where the database has it.
pub(super) fn nulls_not_distinct<S: Syntax + ?Sized>(s: &S, w: &mut Writer) -> Result {
    if !s.features().nulls_not_distinct {
        return Err(unsupported(s, "NULLS NOT DISTINCT", None));
    }
    w.push("NULLS NOT DISTINCT");
    Ok(())
}

/// ` DEFERRABLE …`, where it is said.
///
/// # Errors
/// Where the database checks constraints at once.
pub fn deferrable<S: Syntax + ?Sized>(s: &S, w: &mut Writer, deferrable: Option<Deferrable>) -> Result {
    let Some(deferrable) = deferrable else { return Ok(()) };
    if !s.features().deferrable_constraints {
        return Err(unsupported(s, "DEFERRABLE constraint", None));
    }
    w.push(" ");
    w.push(deferrable.sql());
    Ok(())
}

/// `[CONSTRAINT name] CHECK (condition)`
///
/// # Errors
/// Where the name cannot be an identifier.
pub fn check<S: Syntax + ?Sized>(s: &S, w: &mut Writer, check: &CheckDef) -> Result {
    constraint_name(s, w, check.name.as_deref())?;
    w.push("CHECK (");
    s.raw(w, &check.sql)?;
    w.push(")");
    s.constraint_options(w, OptionPlace::Check, &check.options)
}

/// `CONSTRAINT name `, where there is a name.
///
/// # Errors
/// Where it cannot be an identifier.
pub fn constraint_name<S: Syntax + ?Sized>(s: &S, w: &mut Writer, name: Option<&str>) -> Result {
    if let Some(name) = name {
        w.push("CONSTRAINT ");
        s.identifier(w, name)?;
        w.push(" ");
    }
    Ok(())
}

/// `(a, b, …)`
///
/// # Errors
/// Where there is none, or a name cannot be an identifier.
pub fn columns<S: Syntax + ?Sized>(s: &S, w: &mut Writer, names: &List<Name>) -> Result {
    if names.is_empty() {
        return Err(invalid("a constraint or an index names at least one column"));
    }
    w.parenthesized(|w| w.list(&**names, ", ", |w, name| s.identifier(w, name)))
}

/// `[CONSTRAINT name] FOREIGN KEY(columns) REFERENCES target (columns) [MATCH FULL] [ON DELETE …] [ON UPDATE …]`
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
    constraint_name(s, w, key.name.as_deref())?;
    w.push("FOREIGN KEY");
    columns(s, w, &key.columns)?;
    w.push(" REFERENCES ");
    qualified(s, w, key.target_schema.as_deref(), &key.target)?;
    w.push(" ");
    columns(s, w, &key.target_columns)?;
    if key.match_full {
        if !s.features().match_full {
            return Err(unsupported(s, "MATCH FULL", None));
        }
        w.push(" MATCH FULL");
    }
    if let Some(action) = key.on_delete {
        w.push(" ON DELETE ");
        w.push(action.sql());
        if !key.on_delete_columns.is_empty() {
            if !s.has_on_delete_columns() {
                return Err(unsupported(s, "ON DELETE SET NULL of some columns", None));
            }
            w.push(" ");
            columns(s, w, &key.on_delete_columns)?;
        }
    }
    if let Some(action) = key.on_update {
        w.push(" ON UPDATE ");
        w.push(action.sql());
    }
    deferrable(s, w, key.deferrable)?;
    s.constraint_options(w, OptionPlace::ForeignKey, &key.options)
}

/// `DROP TABLE [IF EXISTS] table [CASCADE]`
///
/// # Errors
/// Where the name cannot be an identifier.
pub fn drop_table<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropTable) -> Result {
    w.push("DROP TABLE ");
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    let TableRef { schema, name, alias: _ } = &d.table;
    qualified(s, w, schema.as_deref(), name)?;
    if d.cascade {
        w.push(" CASCADE");
    }
    Ok(())
}
