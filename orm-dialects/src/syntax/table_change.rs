use orm_query::schema::{List, TableDef};
use orm_query::tree::{AlterTable, TableChange};

use super::{Result, Syntax, Writer, qualified, unsupported};

/// `ALTER TABLE table change`
///
/// # Errors
/// Where the database cannot change a table so.
pub fn alter_table<S: Syntax + ?Sized>(s: &S, w: &mut Writer, a: &AlterTable) -> Result {
    let is_column = matches!(a.change, TableChange::AddColumn(_) | TableChange::DropColumn(_));
    if !is_column && !s.features().alter_constraints {
        return Err(unsupported(s, "ALTER TABLE of constraints", Some("create them with the table")));
    }
    w.push("ALTER TABLE ");
    qualified(s, w, a.table.schema.as_deref(), &a.table.name)?;
    // What a constraint needs to know of its table: its name.
    let mut table = TableDef::new(a.table.name.clone(), List::Borrowed(&[]));
    table.schema = a.table.schema.clone();
    match &a.change {
        TableChange::AddForeignKey(key) => {
            w.push(" ADD ");
            s.foreign_key(w, &table, key)
        }
        TableChange::AddUnique(unique) => {
            w.push(" ADD ");
            s.unique(w, unique)
        }
        TableChange::AddCheck(check) => {
            w.push(" ADD ");
            s.check(w, check)
        }
        TableChange::DropForeignKey(name) | TableChange::DropUnique(name) | TableChange::DropCheck(name) => {
            w.push(" DROP CONSTRAINT ");
            s.identifier(w, name)
        }
        TableChange::AddColumn(column) => {
            w.push(" ADD COLUMN ");
            s.column_def(w, &table, column)
        }
        TableChange::DropColumn(name) => {
            w.push(" DROP COLUMN ");
            s.identifier(w, name)
        }
    }
}
