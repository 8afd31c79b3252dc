use orm_query::tree::{CreateEnum, DropEnum};

use super::{Result, Syntax, Writer, invalid, qualified, unsupported};

/// `CREATE TYPE name AS ENUM (values)`
///
/// # Errors
/// Where the database has no enum types, or there is no value.
pub fn create_enum<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateEnum) -> Result {
    if !s.features().enum_types {
        return Err(unsupported(s, "CREATE TYPE", None));
    }
    if c.enum_type.values.is_empty() {
        return Err(invalid(format!("the enum `{}` has no values", c.enum_type.name)));
    }
    w.push("CREATE TYPE ");
    qualified(s, w, c.schema.as_deref(), &c.enum_type.name)?;
    w.push(" AS ENUM ");
    w.parenthesized(|w| w.list(&*c.enum_type.values, ", ", |w, value| s.literal(w, value)))
}

/// `DROP TYPE [IF EXISTS] name`
///
/// # Errors
/// Where the database has no enum types.
pub fn drop_enum<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropEnum) -> Result {
    if !s.features().enum_types {
        return Err(unsupported(s, "DROP TYPE", None));
    }
    w.push("DROP TYPE ");
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    qualified(s, w, d.schema.as_deref(), &d.name)
}
