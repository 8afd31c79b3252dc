//! What a query loads with its rows, as data.

use crate::mapping::{EntityDef, RelationshipDef};
use crate::schema::Name;
use crate::tree::{self, SourceRef};

/// How a relationship is loaded with its parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// As the mapping says.
    Default,
    /// Not with its parents, but when `session.load(…)` asks for it.
    Select,
    /// By one further SELECT for all parents at once.
    Selectin,
    /// By a JOIN in the parents' own SELECT.
    Joined {
        /// Whether parents without a child are left out: an inner join.
        inner: bool,
    },
    /// By one further SELECT that has the parents' own query as a subquery.
    Subquery,
    /// By one further SELECT for all parents at once, as `session.load_many` does it: what the session holds already is
    /// not asked for.
    Immediate,
    /// From the columns of a join that the query makes itself.
    ContainsEager,
    /// Not at all, and `session.load(…)` refuses to.
    Raise {
        /// Whether it is given all the same where that takes no SQL.
        sql_only: bool,
    },
    /// Not at all: it is empty.
    NoLoad,
}

/// A relationship to load, and what to load behind it.
#[derive(Debug, Clone)]
pub struct LoadPath {
    /// How the parents' columns are qualified in the query.
    pub source: SourceRef,
    /// The relationship.
    pub relationship: &'static RelationshipDef,
    /// How.
    pub strategy: Strategy,
    /// How the target's columns are qualified in `filter` and `order_by`, and in the query of `ContainsEager`.
    pub target: SourceRef,
    /// Which of the targets; all of them where there is no condition.
    pub filter: Option<tree::Expr>,
    /// Their order, in place of that of the relationship.
    pub order_by: Vec<tree::OrderBy>,
    /// How many for each parent.
    pub limit: Option<PerParent>,
    /// How many levels of a relationship that leads to its own struct; one where it is `None`.
    pub depth: Option<u32>,
    /// What to load of the objects that it leads to.
    pub then: Vec<LoadPath>,
    /// Which of their columns.
    pub columns: Vec<ColumnOption>,
}

/// A part of each parent's targets, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerParent {
    /// How many at most.
    pub count: u64,
    /// How many are left out before them.
    pub offset: u64,
}

impl LoadPath {
    /// All targets of a relationship, in its own order.
    pub fn new(
        source: SourceRef,
        relationship: &'static RelationshipDef,
        target: SourceRef,
        strategy: Strategy,
    ) -> Self {
        LoadPath {
            source,
            relationship,
            strategy,
            target,
            filter: None,
            order_by: Vec::new(),
            limit: None,
            depth: None,
            then: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// Whether it may leave out some of the targets.
    pub fn is_partial(&self) -> bool {
        self.filter.is_some() || self.limit.is_some() || self.strategy == Strategy::NoLoad
    }
}

/// Which columns of an entity to read.
#[derive(Debug, Clone)]
pub struct ColumnOption {
    /// The entity.
    pub entity: &'static EntityDef,
    /// How its columns are qualified in the query.
    pub source: SourceRef,
    /// Which.
    pub choice: ColumnChoice,
}

/// What a [`ColumnOption`] says.
#[derive(Debug, Clone)]
pub enum ColumnChoice {
    /// Not this one.
    Defer {
        /// Its name.
        column: &'static str,
        /// Whether it is not to be loaded later either.
        raise: bool,
    },
    /// This one too.
    Undefer(&'static str),
    /// Those of the group too.
    UndeferGroup(Name),
    /// Of those that can be left out, these alone.
    LoadOnly {
        /// Their names.
        columns: Vec<&'static str>,
        /// Whether the others are not to be loaded later either.
        raise: bool,
    },
    /// What a query expression is this time.
    Expression(&'static str, Box<tree::Expr>),
}

/// Relationships that are not to be loaded but by an option of the query.
#[derive(Debug, Clone, Copy)]
pub struct RaiseAll {
    /// Those of one struct, or of all.
    pub entity: Option<&'static EntityDef>,
    /// Whether they are given all the same where that takes no SQL.
    pub sql_only: bool,
}

/// What a query loads with its rows: its options.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    /// The relationships.
    pub paths: Vec<LoadPath>,
    /// The columns.
    pub columns: Vec<ColumnOption>,
    /// Conditions on every appearance of an entity, in what is loaded along too.
    pub criteria: Vec<tree::Criteria>,
    /// What must not be loaded on demand.
    pub raise: Vec<RaiseAll>,
    /// Whether a session overwrites the objects that it holds with the rows.
    pub populate_existing: bool,
}

impl LoadOptions {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        let LoadOptions { paths, columns, criteria, raise, populate_existing } = self;
        paths.is_empty()
            && columns.is_empty()
            && criteria.is_empty()
            && raise.is_empty()
            && !populate_existing
    }
}
