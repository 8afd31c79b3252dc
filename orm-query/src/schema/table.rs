use super::{CheckDef, ColumnDef, ForeignKeyDef, IndexDef, List, Name, UniqueDef};

/// A table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TableDef {
    /// The schema it lives in; the connection's default where `None`.
    pub schema: Option<Name>,
    /// Its name.
    pub name: Name,
    /// Its columns, in their order.
    pub columns: List<ColumnDef>,
    /// Its foreign keys.
    pub foreign_keys: List<ForeignKeyDef>,
    /// Its UNIQUE constraints.
    pub uniques: List<UniqueDef>,
    /// Its CHECK constraints.
    pub checks: List<CheckDef>,
    /// Its indexes.
    pub indexes: List<IndexDef>,
    /// A comment, where the database keeps them.
    pub comment: Option<Name>,
}

impl TableDef {
    /// A table of `columns` without constraints.
    pub const fn new(name: Name, columns: List<ColumnDef>) -> Self {
        TableDef {
            schema: None,
            name,
            columns,
            foreign_keys: List::Borrowed(&[]),
            uniques: List::Borrowed(&[]),
            checks: List::Borrowed(&[]),
            indexes: List::Borrowed(&[]),
            comment: None,
        }
    }

    /// The position of the column of that name.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    /// The columns of the primary key with their positions.
    pub fn primary_key(&self) -> impl Iterator<Item = (usize, &ColumnDef)> {
        self.columns.iter().enumerate().filter(|(_, c)| c.primary_key)
    }

    /// The name with its schema, as it is said in messages.
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.to_string(),
        }
    }
}
