//! Random loader trees.

use std::collections::HashMap;
use std::fmt;

use orm::Bind;
use orm::Value;
use orm::mapping::{EntityDef, JoinOn, RelationshipDef};
use orm::tree::{BinaryOperator, Criteria, Expr, OrderBy, SourceRef, TableRef, UnaryOperator};
use orm::typed::{LoadPath, PerParent, Strategy};

use crate::dice::Dice;

/// A relationship that a tree follows, and what lies behind it.
#[derive(Clone)]
pub(super) struct Branch {
    pub(super) relationship: &'static RelationshipDef,
    pub(super) strategy: Strategy,
    pub(super) part: Part,
    /// How many levels down; one but for a relationship to its own struct.
    pub(super) levels: u32,
    pub(super) then: Vec<Branch>,
}

/// What of a relationship is asked for.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) filter: Option<Filter>,
    /// A column to order by, and whether the greatest comes first; the key decides among equals.
    pub(super) order: Option<(&'static str, bool)>,
    pub(super) limit: Option<PerParent>,
    /// Whether the list may come in any order.
    pub(super) any_order: bool,
}

/// A condition on the target.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    AtMost(&'static str, i64),
    Is(&'static str, String),
    IsNot(&'static str, String),
    IsNull(&'static str),
}

/// A condition on every appearance of a struct.
#[derive(Debug, Clone)]
pub(super) struct Criterion {
    pub(super) entity: &'static EntityDef,
    pub(super) keeps: Filter,
}

impl Criterion {
    pub(super) fn criteria(&self) -> Criteria {
        let source = TableRef::new(self.entity.table).source();
        Criteria::new(self.entity, self.keeps.on(self.entity, &source))
    }
}

/// Makes trees in which no relationship is asked for in two ways: an object has one list of it.
pub(super) struct Trees<'d> {
    dice: &'d mut Dice,
    parts: HashMap<(&'static str, &'static str), Part>,
}

impl<'d> Trees<'d> {
    pub(super) fn new(dice: &'d mut Dice) -> Self {
        Trees { dice, parts: HashMap::new() }
    }

    pub(super) fn of(&mut self, entity: &'static EntityDef) -> Vec<Branch> {
        self.branches(entity, &mut Vec::new())
    }

    /// Owned trees leave out the way back, and a relationship that was followed above, unless it leads to its own
    /// struct: so do these.
    fn branches(
        &mut self,
        entity: &'static EntityDef,
        above: &mut Vec<&'static RelationshipDef>,
    ) -> Vec<Branch> {
        let mut branches = Vec::new();
        for relationship in entity.relationships {
            let led_here = above.last().and_then(|above| above.back_populates);
            let is_way_back = led_here == Some(relationship.name);
            let is_above = above.iter().any(|above| is_same(above, relationship));
            if above.len() == 3
                || is_way_back
                || is_above && !leads_to_own(relationship)
                || self.dice.in_ten(4)
            {
                continue;
            }
            let levels = match leads_to_own(relationship) && !is_above && self.dice.in_ten(5) {
                true => 2 + self.dice.roll(2) as u32,
                false => 1,
            };
            let part = self.part(relationship);
            above.push(relationship);
            let mut then = self.branches((relationship.target)(), above);
            above.pop();
            if levels > 1 {
                then.retain(|then| !is_same(then.relationship, relationship));
            }
            branches.push(Branch { relationship, strategy: Strategy::Selectin, part, levels, then });
        }
        branches
    }

    /// A condition on the root of a tree, or on something in it; mostly none.
    pub(super) fn criterion(&mut self, root: &'static EntityDef, tree: &[Branch]) -> Option<Criterion> {
        if !self.dice.in_ten(4) {
            return None;
        }
        let mut entities = vec![root];
        add_targets(&mut entities, tree);
        let entity = entities[self.dice.roll(entities.len())];
        Some(Criterion { entity, keeps: self.filter(entity) })
    }

    fn part(&mut self, relationship: &'static RelationshipDef) -> Part {
        let key = ((relationship.source)().name, relationship.name);
        if let Some(part) = self.parts.get(&key) {
            return part.clone();
        }
        let mut part = Part::default();
        if self.dice.in_ten(3) {
            part.filter = Some(self.filter((relationship.target)()));
        }
        if relationship.to_many {
            if self.dice.in_ten(3) {
                let columns = (relationship.target)().table.columns.iter().filter(|column| !column.nullable);
                let names: Vec<&str> = columns.map(|column| &*column.name).collect();
                part.order = Some((names[self.dice.roll(names.len())], self.dice.in_ten(5)));
            }
            if self.dice.in_ten(3) {
                let (count, offset) = (1 + self.dice.roll(2) as u64, self.dice.roll(2) as u64);
                part.limit = Some(PerParent { count, offset });
            }
        }
        self.parts.insert(key, part.clone());
        part
    }

    fn filter(&mut self, entity: &'static EntityDef) -> Filter {
        let columns = &entity.table.columns;
        let column = &columns[self.dice.roll(columns.len())];
        let name: &'static str = &column.name;
        let is_number = matches!(column.data_type, orm::DataType::BigInt);
        match (column.nullable && self.dice.in_ten(4), is_number) {
            (true, _) => Filter::IsNull(name),
            (false, true) => Filter::AtMost(name, 1 + self.dice.roll(7) as i64),
            (false, false) if self.dice.in_ten(5) => Filter::Is(name, super::rows::word(self.dice)),
            (false, false) => Filter::IsNot(name, super::rows::word(self.dice)),
        }
    }
}

fn is_same(a: &RelationshipDef, b: &RelationshipDef) -> bool {
    (a.source)() == (b.source)() && a.name == b.name
}

fn leads_to_own(relationship: &RelationshipDef) -> bool {
    (relationship.source)() == (relationship.target)()
}

fn add_targets(entities: &mut Vec<&'static EntityDef>, tree: &[Branch]) {
    for branch in tree {
        entities.push(branch.target());
        add_targets(entities, &branch.then);
    }
}

/// The same tree with strategies.
pub(super) fn by(
    tree: &[Branch],
    criterion: Option<&Criterion>,
    choose: &mut dyn FnMut() -> Strategy,
) -> Vec<Branch> {
    tree.iter()
        .map(|branch| {
            let strategy = match choose() {
                // No parent is left out where each has one.
                Strategy::Joined { .. } => Strategy::Joined { inner: always_there(branch, criterion) },
                strategy => strategy,
            };
            Branch { strategy, then: by(&branch.then, criterion, choose), ..branch.clone() }
        })
        .collect()
}

fn always_there(branch: &Branch, criterion: Option<&Criterion>) -> bool {
    let RelationshipDef { join, optional, .. } = branch.relationship;
    matches!(join, JoinOn::SourceKey(_))
        && !optional
        && branch.part.filter.is_none()
        && criterion.is_none_or(|criterion| criterion.entity != branch.target())
}

/// A session keeps a list that it has loaded in full, in the order that it has.
pub(super) fn with_kept_orders(tree: &mut [Branch]) {
    for branch in tree {
        branch.part.any_order = branch.part.filter.is_none() && branch.part.limit.is_none();
        with_kept_orders(&mut branch.then);
    }
}

pub(super) fn paths(tree: &[Branch]) -> Vec<LoadPath> {
    tree.iter().map(Branch::path).collect()
}

impl Branch {
    pub(super) fn target(&self) -> &'static EntityDef {
        (self.relationship.target)()
    }

    /// Whether the list has an order.
    pub(super) fn is_ordered(&self) -> bool {
        let Part { order, limit, any_order, .. } = &self.part;
        let has_order = order.is_some() || limit.is_some() || !self.relationship.order_by.is_empty();
        has_order && !any_order
    }

    fn path(&self) -> LoadPath {
        let own = |entity: &'static EntityDef| TableRef::new(entity.table).source();
        let (source, target) = (own((self.relationship.source)()), own(self.target()));
        let column = |name: &str| Expr::Column(self.target().column_ref(&target, name));
        let mut path = LoadPath::new(source, self.relationship, target.clone(), self.strategy);
        path.filter = self.part.filter.as_ref().map(|filter| filter.on(self.target(), &target));
        if let Some((name, descending)) = self.part.order {
            path.order_by.push(OrderBy { descending, ..OrderBy::from(column(name)) });
            path.order_by.extend(key(self.target()).map(column).map(OrderBy::from));
        }
        path.limit = self.part.limit;
        path.depth = (self.levels > 1).then_some(self.levels);
        path.then = paths(&self.then);
        path
    }
}

impl Filter {
    fn on(&self, entity: &'static EntityDef, source: &SourceRef) -> Expr {
        let is = |operator, name: &str, value: Value| {
            let column = entity.column_ref(source, name);
            let data_type = column.data_type.clone();
            Expr::Column(column).binary(operator, Expr::Bind(Bind::new(value, data_type)))
        };
        match self {
            Filter::AtMost(name, number) => is(BinaryOperator::Le, name, Value::I64(*number)),
            Filter::Is(name, word) => is(BinaryOperator::Eq, name, Value::Text(word.clone())),
            Filter::IsNot(name, word) => is(BinaryOperator::Ne, name, Value::Text(word.clone())),
            Filter::IsNull(name) => {
                Expr::Column(entity.column_ref(source, name)).unary(UnaryOperator::IsNull)
            }
        }
    }
}

/// The columns of the primary key.
pub(super) fn key(entity: &'static EntityDef) -> impl Iterator<Item = &'static str> {
    entity.table.columns.iter().filter(|column| column.primary_key).map(|column| &*column.name)
}

impl fmt::Debug for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Branch { relationship, strategy, part, levels, then } = self;
        write!(f, "{strategy:?}({}::{}", (relationship.source)().name, relationship.name)?;
        if let Some(filter) = &part.filter {
            write!(f, " where {filter:?}")?;
        }
        if let Some((column, descending)) = part.order {
            write!(f, " by {column}{}", if descending { " desc" } else { "" })?;
        }
        if let Some(PerParent { count, offset }) = part.limit {
            write!(f, " limit {count} offset {offset}")?;
        }
        if *levels > 1 {
            write!(f, ", {levels} levels")?;
        }
        f.write_str(")")?;
        if !then.is_empty() {
            write!(f, ".then({then:?})")?;
        }
        Ok(())
    }
}
