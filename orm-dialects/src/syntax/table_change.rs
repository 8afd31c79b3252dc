use orm_query::schema::{Constraint, List, TableDef};
use orm_query::tree::{AlterTable, TableChange};

use super::{Result, Syntax, Writer, columns, constraint_name, qualified, resolved, unsupported};

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
        TableChange::AddConstraint(constraint) => {
            w.push(" ADD ");
            added(s, w, &table, constraint)
        }
        TableChange::DropConstraint(drop) => {
            w.push(" DROP CONSTRAINT ");
            if drop.if_exists {
                w.push("IF EXISTS ");
            }
            s.identifier(w, &drop.name)?;
            if drop.cascade {
                w.push(" CASCADE");
            }
            Ok(())
        }
        TableChange::AddColumn(column) => {
            w.push(" ADD COLUMN ");
            s.column_def(w, &table, &*resolved(s, &table, column)?)
        }
        TableChange::DropColumn(name) => {
            w.push(" DROP COLUMN ");
            s.identifier(w, name)
        }
    }
}

/// A constraint, as it stands behind ADD.
fn added<S: Syntax + ?Sized>(s: &S, w: &mut Writer, table: &TableDef, constraint: &Constraint) -> Result {
    match constraint {
        Constraint::PrimaryKey(key) => {
            constraint_name(s, w, key.name.as_deref())?;
            w.push("PRIMARY KEY ");
            columns(s, w, &key.columns)
        }
        Constraint::ForeignKey(key) => s.foreign_key(w, table, key),
        Constraint::Unique(unique) => s.unique(w, unique),
        Constraint::Check(check) => s.check(w, check),
        Constraint::Exclude(exclude) => s.exclude(w, exclude),
    }
}
