use super::{Cascade, EntityDef};
use crate::schema::{ForeignKeyDef, Name};
use crate::tree;

/// A relationship as data: what `#[relationship]` says.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RelationshipDef {
    /// The field's name.
    pub name: &'static str,
    /// The struct that has the field.
    pub source: fn() -> &'static EntityDef,
    /// The struct that it leads to.
    pub target: fn() -> &'static EntityDef,
    /// Whether it leads to many.
    pub to_many: bool,
    /// Whether a to-one relationship may lead nowhere.
    pub optional: bool,
    /// How the rows are joined.
    pub join: JoinOn,
    /// The relationship of the target that is the other side of this one.
    pub back_populates: Option<&'static str>,
    /// Which operations reach the target.
    pub cascade: Cascade,
    /// The order of a loaded collection.
    pub order_by: &'static [OrderDef],
    /// When it is loaded.
    pub lazy: Lazy,
    /// Whether the database looks after children when a parent is deleted.
    pub passive_deletes: PassiveDeletes,
    /// Whether the database looks after children when the key of a parent changes: `None` where its foreign key says
    /// so, by `ON UPDATE CASCADE` or without.
    pub passive_updates: Option<bool>,
    /// Whether the flush never writes it.
    pub view_only: bool,
    /// Whether a child has one parent at most, so that `delete-orphan` makes sense on the many side.
    pub single_parent: bool,
    /// Whether its key is written by an UPDATE of its own, so that rows may reference each other in a circle.
    pub post_update: bool,
    /// Whether `lazy = "joined"` is an inner join.
    pub inner_join: bool,
}

/// How the rows of a relationship are joined.
#[derive(Debug, Clone, Copy)]
pub enum JoinOn {
    /// By the foreign key of that position on the target's table: one-to-many and one-to-one.
    TargetKey(usize),
    /// By the foreign key of that position on the source's own table: many-to-one.
    SourceKey(usize),
    /// Through a link table: many-to-many.
    Secondary {
        /// The mapped link table.
        link: fn() -> &'static EntityDef,
        /// The position of the link's foreign key to the source.
        source_key: usize,
        /// The position of the link's foreign key to the target.
        target_key: usize,
    },
}

/// One column of a relationship's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderDef {
    /// The target's column.
    pub column: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// When a relationship is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lazy {
    /// When `session.load(…)` or a loader option asks for it.
    Select,
    /// With its parent, by a JOIN.
    Joined,
    /// With its parents, by one further SELECT.
    Selectin,
    /// With its parents, by one further SELECT that has their query as a subquery.
    Subquery,
    /// Right behind its parents, as `session.load_many` does it.
    Immediate,
    /// Never, unless a loader option asks for it: `load` refuses.
    Raise,
    /// As `Raise`, but where it takes no SQL: a to-one relationship to an object that the session holds.
    RaiseOnSql,
    /// Never: it is empty unless a loader option asks for it.
    NoLoad,
    /// Never: the collection is written, and read by queries of its own.
    WriteOnly,
}

/// Whether the database looks after children when a parent is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PassiveDeletes {
    /// The session loads the children and deletes or nulls them.
    No,
    /// Children that are not loaded are left to ON DELETE.
    Yes,
    /// All children are left to ON DELETE.
    All,
}

impl RelationshipDef {
    /// A relationship with SQLAlchemy's defaults.
    pub const fn new(
        name: &'static str,
        source: fn() -> &'static EntityDef,
        target: fn() -> &'static EntityDef,
        to_many: bool,
        optional: bool,
        join: JoinOn,
    ) -> Self {
        RelationshipDef {
            name,
            source,
            target,
            to_many,
            optional,
            join,
            back_populates: None,
            cascade: Cascade::DEFAULT,
            order_by: &[],
            lazy: Lazy::Select,
            passive_deletes: PassiveDeletes::No,
            passive_updates: None,
            view_only: false,
            single_parent: false,
            post_update: false,
            inner_join: false,
        }
    }

    /// Names the other side.
    #[must_use]
    pub const fn back_populates(mut self, name: &'static str) -> Self {
        self.back_populates = Some(name);
        self
    }

    /// Sets the cascades.
    #[must_use]
    pub const fn cascade(mut self, cascade: Cascade) -> Self {
        self.cascade = cascade;
        self
    }

    /// Sets the order of a loaded collection.
    #[must_use]
    pub const fn order_by(mut self, order_by: &'static [OrderDef]) -> Self {
        self.order_by = order_by;
        self
    }

    /// Sets when it is loaded.
    #[must_use]
    pub const fn lazy(mut self, lazy: Lazy) -> Self {
        self.lazy = lazy;
        self
    }

    /// Leaves children to the database.
    #[must_use]
    pub const fn passive_deletes(mut self, passive_deletes: PassiveDeletes) -> Self {
        self.passive_deletes = passive_deletes;
        self
    }

    /// Leaves the change of a key to the database, or to the flush.
    #[must_use]
    pub const fn passive_updates(mut self, passive_updates: bool) -> Self {
        self.passive_updates = Some(passive_updates);
        self
    }

    /// Keeps the flush from writing it.
    #[must_use]
    pub const fn view_only(mut self) -> Self {
        self.view_only = true;
        self
    }

    /// Promises that a child has one parent at most.
    #[must_use]
    pub const fn single_parent(mut self) -> Self {
        self.single_parent = true;
        self
    }

    /// Writes its key by an UPDATE of its own.
    #[must_use]
    pub const fn post_update(mut self) -> Self {
        self.post_update = true;
        self
    }

    /// Joins by an inner join where it is loaded by a join.
    #[must_use]
    pub const fn inner_join(mut self) -> Self {
        self.inner_join = true;
        self
    }

    /// The foreign key on the target's or on the source's table; `None` for many-to-many.
    pub fn foreign_key(&self) -> Option<&'static ForeignKeyDef> {
        match self.join {
            JoinOn::TargetKey(key) => (self.target)().table.foreign_keys.get(key),
            JoinOn::SourceKey(key) => (self.source)().table.foreign_keys.get(key),
            JoinOn::Secondary { .. } => None,
        }
    }

    /// The columns of the source that tell what it leads to.
    pub fn near_columns(&self) -> &'static [Name] {
        match (self.join, self.foreign_key()) {
            (JoinOn::Secondary { link, source_key, .. }, _) => {
                &link().table.foreign_keys[source_key].target_columns
            }
            (JoinOn::TargetKey(_), Some(key)) => &key.target_columns,
            (JoinOn::SourceKey(_), Some(key)) => &key.columns,
            (JoinOn::TargetKey(_) | JoinOn::SourceKey(_), None) => &[],
        }
    }

    /// The columns of the target that tell what leads to it.
    pub fn far_columns(&self) -> &'static [Name] {
        match (self.join, self.foreign_key()) {
            (JoinOn::Secondary { link, target_key, .. }, _) => {
                &link().table.foreign_keys[target_key].target_columns
            }
            (JoinOn::TargetKey(_), Some(key)) => &key.columns,
            (JoinOn::SourceKey(_), Some(key)) => &key.target_columns,
            (JoinOn::TargetKey(_) | JoinOn::SourceKey(_), None) => &[],
        }
    }

    /// The condition that joins `source` to `target`, for a relationship by one foreign key.
    pub fn on(&self, source: &tree::SourceRef, target: &tree::SourceRef) -> Option<tree::Expr> {
        let key = self.foreign_key()?;
        Some(match self.join {
            JoinOn::TargetKey(_) => equate((self.target)(), target, key, (self.source)(), source),
            JoinOn::SourceKey(_) | JoinOn::Secondary { .. } => {
                equate((self.source)(), source, key, (self.target)(), target)
            }
        })
    }
}

/// `child.key = parent.key AND …` for the foreign key `key` of `child`.
pub fn equate(
    child: &EntityDef,
    child_ref: &tree::SourceRef,
    key: &ForeignKeyDef,
    parent: &EntityDef,
    parent_ref: &tree::SourceRef,
) -> tree::Expr {
    let mut pairs = key.columns.iter().zip(key.target_columns.iter()).map(|(from, to)| {
        let left = parent.column_ref(parent_ref, to);
        let right = child.column_ref(child_ref, from);
        tree::Expr::Column(left).binary(tree::BinaryOperator::Eq, tree::Expr::Column(right))
    });
    let first = pairs.next().unwrap_or(tree::Expr::And(Vec::new()));
    pairs.fold(first, tree::Expr::and)
}

/// To one, to one or none, or to many.
pub trait Multiplicity: 'static {
    /// Whether there may be many.
    const TO_MANY: bool;
    /// Whether there may be none.
    const OPTIONAL: bool;
    /// That of some of what it leads to.
    type Filtered: Multiplicity;
}

/// That of a relationship as it is declared, all of what it leads to.
pub trait Whole: Multiplicity {}

/// A relationship to many objects.
#[derive(Debug)]
pub enum ToMany {}
/// A relationship to exactly one object.
#[derive(Debug)]
pub enum ToOne {}
/// A relationship to one object or none.
#[derive(Debug)]
pub enum ToOptional {}
/// A relationship to exactly one object, which a filter may leave out.
#[derive(Debug)]
pub enum ToOneFiltered {}

impl Multiplicity for ToMany {
    const TO_MANY: bool = true;
    const OPTIONAL: bool = true;
    type Filtered = ToMany;
}

impl Whole for ToMany {}

impl Multiplicity for ToOne {
    const TO_MANY: bool = false;
    const OPTIONAL: bool = false;
    type Filtered = ToOneFiltered;
}

impl Whole for ToOne {}

impl Multiplicity for ToOptional {
    const TO_MANY: bool = false;
    const OPTIONAL: bool = true;
    type Filtered = ToOptional;
}

impl Whole for ToOptional {}

impl Multiplicity for ToOneFiltered {
    const TO_MANY: bool = false;
    const OPTIONAL: bool = true;
    type Filtered = ToOneFiltered;
}
