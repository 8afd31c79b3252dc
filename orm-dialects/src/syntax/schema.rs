use orm_query::tree::{CreateSchema, DropSchema};

use super::{Result, Syntax, Writer, unsupported};

/// `CREATE SCHEMA [IF NOT EXISTS] name`
///
/// # Errors
/// Where the database has no schemas.
pub fn create_schema<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateSchema) -> Result {
    if !s.features().schemas {
        return Err(unsupported(s, "CREATE SCHEMA", None));
    }
    w.push("CREATE SCHEMA ");
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    s.identifier(w, &c.name)
}

/// `DROP SCHEMA [IF EXISTS] name [CASCADE]`
///
/// # Errors
/// Where the database has no schemas.
pub fn drop_schema<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropSchema) -> Result {
    if !s.features().schemas {
        return Err(unsupported(s, "DROP SCHEMA", None));
    }
    w.push("DROP SCHEMA ");
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    s.identifier(w, &d.name)?;
    if d.cascade {
        w.push(" CASCADE");
    }
    Ok(())
}
