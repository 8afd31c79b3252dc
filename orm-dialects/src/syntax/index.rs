use orm_query::schema::{IndexColumn, IndexDef};
use orm_query::tree::{CreateIndex, DropIndex, NullsOrder};

use super::column::{is_call, is_parenthesized};
use super::table::{columns, nulls_not_distinct};
use super::{OptionPlace, Result, Syntax, Writer, invalid, options, qualified, unsupported};

/// `CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table [USING method] (columns) [INCLUDE …] [WHERE …]`
///
/// # Errors
/// Where a name cannot be an identifier, there is no column, or the database has no such index.
pub fn create_index<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateIndex) -> Result {
    head(s, w, c)?;
    s.identifier(w, &c.index.name_on(&c.table.name))?;
    w.push(" ON ");
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    tail(s, w, c)
}

/// The same with the schema before the index, where an index is named in its table's schema.
///
/// # Errors
/// As [`create_index`].
pub fn create_index_in_schema<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateIndex) -> Result {
    head(s, w, c)?;
    qualified(s, w, c.table.schema.as_deref(), &c.index.name_on(&c.table.name))?;
    w.push(" ON ");
    s.identifier(w, &c.table.name)?;
    tail(s, w, c)
}

fn head<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateIndex) -> Result {
    options(s, OptionPlace::Index, &c.index.options)?;
    w.push("CREATE ");
    s.index_kind(w, &c.index)?;
    w.push("INDEX ");
    s.index_words(w, &c.index)?;
    if c.if_not_exists {
        if !s.features().index_if_not_exists {
            return Err(unsupported(s, "CREATE INDEX IF NOT EXISTS", None));
        }
        w.push("IF NOT EXISTS ");
    }
    Ok(())
}

/// `UNIQUE `, where it is
///
/// # Errors
/// None here.
pub fn index_kind(w: &mut Writer, index: &IndexDef) -> Result {
    if index.unique {
        w.push("UNIQUE ");
    }
    Ok(())
}

fn tail<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateIndex) -> Result {
    let index = &c.index;
    if index.columns.is_empty() {
        return Err(invalid("a constraint or an index names at least one column"));
    }
    if let Some(method) = &index.method {
        if !s.features().index_methods {
            return Err(unsupported(s, "index method", None));
        }
        w.push(" USING ");
        s.identifier(w, method)?;
    }
    w.push(" ");
    w.parenthesized(|w| w.list(&*index.columns, ", ", |w, column| s.index_column(w, column)))?;
    if !index.include.is_empty() {
        if !s.features().index_methods {
            return Err(unsupported(s, "INCLUDE of an index", None));
        }
        w.push(" INCLUDE ");
        columns(s, w, &index.include)?;
    }
    if index.nulls_not_distinct {
        w.push(" ");
        nulls_not_distinct(s, w)?;
    }
    s.index_options(w, index)?;
    if let Some(filter) = &index.filter {
        if !s.features().partial_indexes {
            // A unique one would keep more rows apart than it was asked to.
            if index.is_filter_optional && !index.unique {
                return Ok(());
            }
            return Err(unsupported(s, "index of some rows (WHERE)", None));
        }
        w.push(" WHERE ");
        s.raw(w, filter)?;
    }
    Ok(())
}

/// `column [(length)] [COLLATE collation] [class] [DESC] [NULLS …]`
///
/// # Errors
/// Where the database has no such part of an index.
pub fn index_column<S: Syntax + ?Sized>(s: &S, w: &mut Writer, column: &IndexColumn) -> Result {
    let features = s.features();
    if column.is_expression {
        if !features.expression_indexes {
            return Err(unsupported(s, "index of an expression", None));
        }
        s.index_expression(w, column.name.trim())?;
    } else {
        s.identifier(w, &column.name)?;
    }
    if let Some(length) = column.length {
        if !features.prefix_indexes {
            return Err(unsupported(s, "index of the first part of a value", None));
        }
        w.push(&format!("({length})"));
    }
    if let Some(collation) = &column.collation {
        w.push(" COLLATE ");
        s.identifier(w, collation)?;
    }
    if let Some(class) = &column.operator_class {
        if !features.index_methods {
            return Err(unsupported(s, "operator class of an index", None));
        }
        w.push(" ");
        s.identifier(w, class)?;
    }
    if column.descending {
        w.push(" DESC");
    }
    match column.nulls {
        None => Ok(()),
        Some(_) if !features.index_nulls => {
            Err(unsupported(s, "NULLS FIRST and NULLS LAST in an index", None))
        }
        Some(nulls) => {
            w.push(match nulls {
                NullsOrder::First => " NULLS FIRST",
                NullsOrder::Last => " NULLS LAST",
            });
            Ok(())
        }
    }
}

/// An expression of an index, in parentheses where it is more than a call.
///
/// # Errors
/// Where it has a placeholder of its own.
pub fn index_expression<S: Syntax + ?Sized>(s: &S, w: &mut Writer, sql: &str) -> Result {
    if is_call(sql) || is_parenthesized(sql) { s.raw(w, sql) } else { w.parenthesized(|w| s.raw(w, sql)) }
}

/// `DROP INDEX [IF EXISTS] name`, the name in its table's schema.
///
/// # Errors
/// Where the name cannot be an identifier.
pub fn drop_index<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropIndex) -> Result {
    options(s, OptionPlace::DropIndex, &d.options)?;
    w.push("DROP INDEX ");
    s.drop_index_words(w, d)?;
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    qualified(s, w, d.table.schema.as_deref(), &d.name)
}
