use super::column::put;
use super::{DialectOption, List, Name};
use crate::tree::NullsOrder;

/// A column of an index, or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct IndexColumn {
    /// The column's name, or the expression in SQL.
    pub name: Name,
    /// Whether `name` is an expression in SQL.
    pub is_expression: bool,
    /// Whether it is kept from the greatest value to the least.
    pub descending: bool,
    /// Where NULLs stand, if not where the database puts them.
    pub nulls: Option<NullsOrder>,
    /// The operator class, where the database has them.
    pub operator_class: Option<Name>,
    /// The collation.
    pub collation: Option<Name>,
    /// How many characters or bytes of the value the index keeps, where the database can keep a part.
    pub length: Option<u32>,
}

impl IndexColumn {
    /// A column.
    pub const fn new(name: Name) -> Self {
        IndexColumn {
            name,
            is_expression: false,
            descending: false,
            nulls: None,
            operator_class: None,
            collation: None,
            length: None,
        }
    }

    /// An expression in SQL.
    pub const fn expression(sql: Name) -> Self {
        let mut column = Self::new(sql);
        column.is_expression = true;
        column
    }

    /// Keeps it from the greatest value to the least.
    #[must_use]
    pub const fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// Says where NULLs stand.
    #[must_use]
    pub const fn nulls(mut self, nulls: NullsOrder) -> Self {
        self.nulls = Some(nulls);
        self
    }

    /// Compares by an operator class.
    #[must_use]
    pub const fn operator_class(mut self, class: &'static str) -> Self {
        put(&mut self.operator_class, Some(Name::Borrowed(class)));
        self
    }

    /// Orders by a collation.
    #[must_use]
    pub const fn collation(mut self, collation: &'static str) -> Self {
        put(&mut self.collation, Some(Name::Borrowed(collation)));
        self
    }

    /// Keeps the first characters or bytes only.
    #[must_use]
    pub const fn length(mut self, length: u32) -> Self {
        self.length = Some(length);
        self
    }
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct IndexDef {
    /// The index's name; `ix_<table>_<columns>` where there is none.
    pub name: Option<Name>,
    /// The columns, in their order.
    pub columns: List<IndexColumn>,
    /// Whether it keeps values unique.
    pub unique: bool,
    /// The kind of index (`gin`, `hash`, …), if not the database's default.
    pub method: Option<Name>,
    /// Columns that are kept in the index and not searched by.
    pub include: List<Name>,
    /// The condition in SQL of the rows that are in it; all where `None`.
    pub filter: Option<Name>,
    /// Whether a database that cannot keep some rows alone keeps all.
    pub is_filter_optional: bool,
    /// `NULLS NOT DISTINCT`: a NULL equals another one.
    pub nulls_not_distinct: bool,
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
}

impl IndexDef {
    /// An index over `columns`.
    pub const fn new(name: Option<Name>, columns: List<IndexColumn>, unique: bool) -> Self {
        IndexDef {
            name,
            columns,
            unique,
            method: None,
            include: List::Borrowed(&[]),
            filter: None,
            is_filter_optional: false,
            nulls_not_distinct: false,
            options: List::Borrowed(&[]),
        }
    }

    /// An index over plain columns, made at run time.
    pub fn over<N: Into<Name>>(columns: impl IntoIterator<Item = N>) -> Self {
        let columns: Vec<IndexColumn> =
            columns.into_iter().map(|name| IndexColumn::new(name.into())).collect();
        Self::new(None, columns.into(), false)
    }

    /// Makes it of another kind.
    #[must_use]
    pub const fn method(mut self, method: &'static str) -> Self {
        put(&mut self.method, Some(Name::Borrowed(method)));
        self
    }

    /// Keeps more columns in it.
    #[must_use]
    pub const fn include(mut self, columns: &'static [Name]) -> Self {
        put(&mut self.include, List::Borrowed(columns));
        self
    }

    /// Keeps only the rows of a condition in it.
    #[must_use]
    pub const fn filter(mut self, sql: &'static str) -> Self {
        put(&mut self.filter, Some(Name::Borrowed(sql)));
        self
    }

    /// `NULLS NOT DISTINCT`
    #[must_use]
    pub const fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    /// Keeps only the rows of a condition in it where the database can, and all rows elsewhere.
    #[must_use]
    pub const fn filter_if_possible(mut self, sql: &'static str) -> Self {
        self.is_filter_optional = true;
        self.filter(sql)
    }

    /// Says what one database has beyond this.
    #[must_use]
    pub fn option(mut self, option: DialectOption) -> Self {
        self.options.to_mut().push(option);
        self
    }

    /// The name that the index gets on `table`.
    pub fn name_on(&self, table: &str) -> Name {
        self.name.clone().unwrap_or_else(|| {
            let columns: Vec<&str> =
                self.columns.iter().map(|c| if c.is_expression { "expr" } else { c.name.as_ref() }).collect();
            format!("ix_{table}_{}", columns.join("_")).into()
        })
    }
}
