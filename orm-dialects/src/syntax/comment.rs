use orm_query::tree::SetComment;

use super::{Result, Syntax, Writer, qualified, unsupported};

/// `COMMENT ON { TABLE table | COLUMN table.column } IS { 'text' | NULL }`
///
/// # Errors
/// Where the database keeps no comments.
pub fn set_comment<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &SetComment) -> Result {
    if !s.features().comments {
        return Err(unsupported(s, "COMMENT ON", None));
    }
    w.push(if c.column.is_some() { "COMMENT ON COLUMN " } else { "COMMENT ON TABLE " });
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    if let Some(column) = &c.column {
        w.push(".");
        s.identifier(w, column)?;
    }
    w.push(" IS ");
    match &c.comment {
        Some(comment) => s.literal(w, comment),
        None => {
            w.push("NULL");
            Ok(())
        }
    }
}
