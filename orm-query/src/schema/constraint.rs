use super::column::put;
use super::{DialectOption, IndexColumn, List, Name};

/// What happens to a row when the row that it references is deleted or gets another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferentialAction {
    /// `NO ACTION`
    NoAction,
    /// `RESTRICT`
    Restrict,
    /// `CASCADE`
    Cascade,
    /// `SET NULL`
    SetNull,
    /// `SET DEFAULT`
    SetDefault,
}

impl ReferentialAction {
    /// The words in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "NO ACTION",
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        }
    }
}

/// A constraint that a transaction may have checked at COMMIT only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deferrable {
    /// `DEFERRABLE INITIALLY IMMEDIATE`: after each statement, unless the transaction says otherwise.
    InitiallyImmediate,
    /// `DEFERRABLE INITIALLY DEFERRED`: at COMMIT, unless the transaction says otherwise.
    InitiallyDeferred,
}

impl Deferrable {
    /// The words in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            Deferrable::InitiallyImmediate => "DEFERRABLE INITIALLY IMMEDIATE",
            Deferrable::InitiallyDeferred => "DEFERRABLE INITIALLY DEFERRED",
        }
    }
}

/// A foreign key, of one column or of several.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ForeignKeyDef {
    /// The constraint's name; the database makes one up where there is none.
    pub name: Option<Name>,
    /// The columns here.
    pub columns: List<Name>,
    /// The schema of the table that is referenced.
    pub target_schema: Option<Name>,
    /// The table that is referenced.
    pub target: Name,
    /// Its columns, in the order of `columns`.
    pub target_columns: List<Name>,
    /// `ON DELETE`
    pub on_delete: Option<ReferentialAction>,
    /// `ON UPDATE`
    pub on_update: Option<ReferentialAction>,
    /// Whether, and how, it may be checked at COMMIT only.
    pub deferrable: Option<Deferrable>,
    /// `MATCH FULL`: of several columns either all are NULL or none.
    pub match_full: bool,
    /// The columns that `ON DELETE SET NULL` or `SET DEFAULT` sets; all where it is empty.
    pub on_delete_columns: List<Name>,
    /// Whether it is added to its table by ALTER TABLE, when all tables are there.
    pub use_alter: bool,
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
}

impl ForeignKeyDef {
    /// `columns` reference `target_columns` of `target`.
    pub const fn new(columns: List<Name>, target: Name, target_columns: List<Name>) -> Self {
        ForeignKeyDef {
            name: None,
            columns,
            target_schema: None,
            target,
            target_columns,
            on_delete: None,
            on_update: None,
            deferrable: None,
            match_full: false,
            on_delete_columns: List::Borrowed(&[]),
            use_alter: false,
            options: List::Borrowed(&[]),
        }
    }

    /// Names the constraint.
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        put(&mut self.name, Some(Name::Borrowed(name)));
        self
    }

    /// Says which schema the referenced table lives in.
    #[must_use]
    pub const fn target_schema(mut self, schema: &'static str) -> Self {
        put(&mut self.target_schema, Some(Name::Borrowed(schema)));
        self
    }

    /// Says what happens when the referenced row is deleted.
    #[must_use]
    pub const fn on_delete(mut self, action: ReferentialAction) -> Self {
        self.on_delete = Some(action);
        self
    }

    /// Lets it be checked at COMMIT.
    #[must_use]
    pub const fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = Some(deferrable);
        self
    }

    /// `MATCH FULL`
    #[must_use]
    pub const fn match_full(mut self) -> Self {
        self.match_full = true;
        self
    }

    /// Says which columns `ON DELETE SET NULL` sets.
    #[must_use]
    pub const fn on_delete_columns(mut self, columns: &'static [Name]) -> Self {
        put(&mut self.on_delete_columns, List::Borrowed(columns));
        self
    }

    /// Adds it by ALTER TABLE when all tables are there, which breaks a circle of tables here.
    #[must_use]
    pub const fn use_alter(mut self) -> Self {
        self.use_alter = true;
        self
    }

    /// Says what one database has beyond this.
    #[must_use]
    pub fn option(mut self, option: DialectOption) -> Self {
        self.options.to_mut().push(option);
        self
    }

    /// Says what happens when the referenced row gets another key.
    #[must_use]
    pub const fn on_update(mut self, action: ReferentialAction) -> Self {
        self.on_update = Some(action);
        self
    }
}

/// A UNIQUE constraint.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct UniqueDef {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The columns whose values together must differ between rows.
    pub columns: List<Name>,
    /// Whether, and how, it may be checked at COMMIT only.
    pub deferrable: Option<Deferrable>,
    /// `NULLS NOT DISTINCT`: a NULL equals another one.
    pub nulls_not_distinct: bool,
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
}

impl UniqueDef {
    /// The `columns` together are unique.
    pub const fn new(name: Option<Name>, columns: List<Name>) -> Self {
        UniqueDef { name, columns, deferrable: None, nulls_not_distinct: false, options: List::Borrowed(&[]) }
    }

    /// Lets it be checked at COMMIT.
    #[must_use]
    pub const fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = Some(deferrable);
        self
    }

    /// `NULLS NOT DISTINCT`
    #[must_use]
    pub const fn nulls_not_distinct(mut self) -> Self {
        self.nulls_not_distinct = true;
        self
    }

    /// Says what one database has beyond this.
    #[must_use]
    pub fn option(mut self, option: DialectOption) -> Self {
        self.options.to_mut().push(option);
        self
    }
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CheckDef {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The condition, in SQL.
    pub sql: Name,
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
}

impl CheckDef {
    /// Each row fulfils `sql`.
    pub const fn new(name: Option<Name>, sql: Name) -> Self {
        CheckDef { name, sql, options: List::Borrowed(&[]) }
    }

    /// Says what one database has beyond this.
    #[must_use]
    pub fn option(mut self, option: DialectOption) -> Self {
        self.options.to_mut().push(option);
        self
    }
}

/// The primary key of a table that is there already.
#[derive(Debug, Clone, PartialEq)]
pub struct PrimaryKeyDef {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The columns.
    pub columns: List<Name>,
}

/// An exclusion constraint: no two rows for which all operators hold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ExcludeDef {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The kind of index behind it.
    pub method: Name,
    /// What is compared, and how.
    pub elements: List<ExcludeElement>,
    /// The condition in SQL of the rows that it is for; all where `None`.
    pub filter: Option<Name>,
    /// Whether, and how, it may be checked at COMMIT only.
    pub deferrable: Option<Deferrable>,
}

/// A column or an expression of an exclusion constraint, with the operator that must not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct ExcludeElement {
    /// What is compared.
    pub column: IndexColumn,
    /// The operator between the values of two rows: `=`, `&&`.
    pub operator: Name,
}

impl ExcludeDef {
    /// No two rows for which all `elements` hold, by a GiST index.
    pub fn new(elements: impl IntoIterator<Item = (IndexColumn, Name)>) -> Self {
        let elements = elements.into_iter().map(|(column, operator)| ExcludeElement { column, operator });
        ExcludeDef {
            name: None,
            method: Name::Borrowed("gist"),
            elements: elements.collect(),
            filter: None,
            deferrable: None,
        }
    }

    /// Names the constraint.
    #[must_use]
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Has another kind of index behind it.
    #[must_use]
    pub fn method(mut self, method: impl Into<Name>) -> Self {
        self.method = method.into();
        self
    }

    /// Compares only the rows of a condition in SQL.
    #[must_use]
    pub fn filter(mut self, sql: impl Into<Name>) -> Self {
        self.filter = Some(sql.into());
        self
    }

    /// Lets it be checked at COMMIT.
    #[must_use]
    pub const fn deferrable(mut self, deferrable: Deferrable) -> Self {
        self.deferrable = Some(deferrable);
        self
    }
}

/// A constraint of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint {
    /// `PRIMARY KEY`
    PrimaryKey(PrimaryKeyDef),
    /// `FOREIGN KEY`
    ForeignKey(ForeignKeyDef),
    /// `UNIQUE`
    Unique(UniqueDef),
    /// `CHECK`
    Check(CheckDef),
    /// `EXCLUDE`
    Exclude(ExcludeDef),
}

/// The kinds of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`
    PrimaryKey,
    /// `FOREIGN KEY`
    ForeignKey,
    /// `UNIQUE`
    Unique,
    /// `CHECK`
    Check,
    /// `EXCLUDE`
    Exclude,
}
