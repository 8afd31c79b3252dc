use super::column::put;
use super::{List, Name};

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
}

impl UniqueDef {
    /// The `columns` together are unique.
    pub const fn new(name: Option<Name>, columns: List<Name>) -> Self {
        UniqueDef { name, columns, deferrable: None, nulls_not_distinct: false }
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
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CheckDef {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The condition, in SQL.
    pub sql: Name,
}

impl CheckDef {
    /// Each row fulfils `sql`.
    pub const fn new(name: Option<Name>, sql: Name) -> Self {
        CheckDef { name, sql }
    }
}
