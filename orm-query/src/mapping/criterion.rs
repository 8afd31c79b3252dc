//! Conditions on what relationships lead to, as trees: what `any`, `has`, `is`, `contains` and `with_parent` say in SQL.

use super::{EntityDef, JoinOn, Mapped, RelationshipDef, equate};
use crate::schema::{ForeignKeyDef, Name};
use crate::tree::{self, BinaryOperator, Expr, SourceRef, TableRef, UnaryOperator};
use crate::{Bind, DataType, Value};

/// What is known of an object that a condition names: all its columns, or its primary key alone.
#[derive(Debug, Clone)]
pub struct KnownObject {
    /// `None` for a column that is unset or NULL, which nothing is equal to.
    columns: Vec<(Name, Option<Value>)>,
    /// Whether there is such a row: of a key alone nobody knows.
    exists: bool,
}

impl KnownObject {
    /// The columns of a mapped value.
    pub fn object<E: Mapped>(object: &E) -> Self {
        let value = |position| object.value(position).filter(|value| *value != Value::Null);
        let columns = E::TABLE.columns.iter().enumerate();
        let columns = columns.map(|(position, column)| (column.name.clone(), value(position))).collect();
        KnownObject { columns, exists: true }
    }

    /// The primary key of `entity`.
    pub fn key(entity: &EntityDef, values: Vec<Value>) -> Self {
        let names = entity.table.primary_key().map(|(_, column)| column.name.clone());
        KnownObject { columns: names.zip(values.into_iter().map(Some)).collect(), exists: false }
    }

    /// Whether these columns are among those that are known.
    fn knows(&self, names: &[Name]) -> bool {
        names.iter().all(|name| self.columns.iter().any(|(column, _)| column == name))
    }

    /// The values of these columns; `None` where one has none.
    fn values(&self, names: &[Name]) -> Option<Vec<Value>> {
        let value = |name: &Name| self.columns.iter().find(|(column, _)| column == name)?.1.clone();
        names.iter().map(value).collect()
    }
}

/// A relationship as a condition reads it: from where in the statement, and to which of its targets.
#[derive(Debug)]
pub struct Criterion {
    /// The relationship.
    pub relationship: &'static RelationshipDef,
    /// How the columns that it leads from are qualified.
    pub source: SourceRef,
    /// How its target stands in a FROM of its own.
    pub from: tree::From,
    /// How the columns of the target are qualified.
    pub target: SourceRef,
    /// Which of the targets, read through `target`.
    pub filter: Option<Expr>,
}

impl Criterion {
    /// `EXISTS (SELECT 1 FROM target WHERE … AND condition)`; `condition` is read through `target`.
    ///
    /// Where source and target go by one name, as those of a relationship that leads to its own struct, the target gets
    /// an alias, and all conditions are about the target.
    pub fn exists(mut self, condition: Option<Expr>) -> Expr {
        let mut condition = match (self.filter.take(), condition) {
            (Some(filter), Some(condition)) => Some(filter.and(condition)),
            (filter, condition) => filter.or(condition),
        };
        let entity = (self.relationship.target)();
        if self.source == self.target {
            let alias = free_name(&entity.table.name, &self.source, condition.as_mut());
            self.from = tree::From::Table(TableRef::new(entity.table).alias(alias.clone()));
            let alias = SourceRef::named(alias);
            if let Some(condition) = &mut condition {
                condition.read_from(&self.target, &alias);
            }
            self.target = alias;
        }
        let mut from = vec![self.from];
        let mut on = match self.relationship.join {
            JoinOn::TargetKey(_) | JoinOn::SourceKey(_) => {
                self.relationship.on(&self.source, &self.target).unwrap_or(Expr::Bool(true))
            }
            JoinOn::Secondary { link, source_key, target_key } => {
                let link = Link::new(link(), &[&self.source, &self.target]);
                let near = link.joins(source_key, (self.relationship.source)(), &self.source);
                let far = link.joins(target_key, entity, &self.target);
                from.push(tree::From::Table(link.table));
                near.and(far)
            }
        };
        if let Some(condition) = condition {
            on = on.and(condition);
        }
        exists(from, on)
    }

    /// The relationship leads to this object, or leads to it among others. Foreign keys are compared where they say it.
    /// An object without a key is nobody's.
    pub fn refers(self, to: &KnownObject) -> Expr {
        let (source, entity) = ((self.relationship.source)(), (self.relationship.target)());
        if self.filter.is_none() {
            match self.relationship.join {
                JoinOn::SourceKey(_) | JoinOn::TargetKey(_) => {
                    // A key of the source's own refers to a row that is there.
                    let is_certain = to.exists || matches!(self.relationship.join, JoinOn::SourceKey(_));
                    if let Some((own, theirs)) = self.columns()
                        && is_certain
                        && to.knows(theirs)
                    {
                        return equal(source, &self.source, own, to.values(theirs));
                    }
                }
                JoinOn::Secondary { link, source_key, target_key } => {
                    let link = Link::new(link(), &[&self.source]);
                    let theirs = &link.key(target_key).target_columns;
                    if to.knows(theirs) {
                        let near = link.joins(source_key, source, &self.source);
                        return link.exists(near, target_key, to.values(theirs));
                    }
                }
            }
        }
        let key: Vec<Name> = entity.table.primary_key().map(|(_, column)| column.name.clone()).collect();
        match equal(entity, &self.target, &key, to.values(&key)) {
            Expr::Bool(false) => Expr::Bool(false),
            found => self.exists(Some(found)),
        }
    }

    /// The relationship leads elsewhere than to this object, or nowhere.
    pub fn refers_not(self, to: &KnownObject) -> Expr {
        if let (None, Some((own, theirs))) = (&self.filter, self.columns())
            && to.knows(theirs)
        {
            let Some(values) = to.values(theirs) else { return Expr::Bool(true) };
            let source = (self.relationship.source)();
            let differs = own.iter().zip(values).flat_map(|(name, value)| {
                let column = source.column_ref(&self.source, name);
                let bind = Expr::Bind(Bind::new(value, column.data_type.clone()));
                let column = Expr::Column(column);
                [column.clone().binary(BinaryOperator::Ne, bind), column.unary(UnaryOperator::IsNull)]
            });
            return Expr::Or(differs.collect());
        }
        self.refers(to).negated()
    }

    /// The relationship leads somewhere, or nowhere: by the foreign key alone where the source has it.
    pub fn leads(self, somewhere: bool) -> Expr {
        let (JoinOn::SourceKey(_), None, Some((own, _))) =
            (self.relationship.join, &self.filter, self.columns())
        else {
            let exists = self.exists(None);
            return if somewhere { exists } else { exists.negated() };
        };
        let source = (self.relationship.source)();
        let column = |name: &Name| Expr::Column(source.column_ref(&self.source, name));
        // A key of which a part is NULL refers to nothing.
        if somewhere {
            let mut parts: Vec<Expr> =
                own.iter().map(|name| column(name).unary(UnaryOperator::IsNotNull)).collect();
            if parts.len() == 1 { parts.swap_remove(0) } else { Expr::And(parts) }
        } else {
            let mut parts: Vec<Expr> =
                own.iter().map(|name| column(name).unary(UnaryOperator::IsNull)).collect();
            if parts.len() == 1 { parts.swap_remove(0) } else { Expr::Or(parts) }
        }
    }

    /// The relationship of this parent leads to the target: a condition on the target, without the source.
    pub fn of_parent(self, parent: &KnownObject) -> Expr {
        let entity = (self.relationship.target)();
        let condition = match self.relationship.join {
            JoinOn::SourceKey(_) | JoinOn::TargetKey(_) => match self.columns() {
                Some((own, theirs)) => equal(entity, &self.target, theirs, parent.values(own)),
                None => Expr::Bool(false),
            },
            JoinOn::Secondary { link, source_key, target_key } => {
                let link = Link::new(link(), &[&self.target]);
                let far = link.joins(target_key, entity, &self.target);
                let own = parent.values(&link.key(source_key).target_columns);
                link.exists(far, source_key, own)
            }
        };
        match self.filter {
            Some(filter) => condition.and(filter),
            None => condition,
        }
    }

    /// The columns of the source and those of the target that are equal, for a relationship by one foreign key.
    fn columns(&self) -> Option<(&'static [Name], &'static [Name])> {
        let key = self.relationship.foreign_key()?;
        Some(match self.relationship.join {
            JoinOn::TargetKey(_) => (&key.target_columns, &key.columns),
            JoinOn::SourceKey(_) | JoinOn::Secondary { .. } => (&key.columns, &key.target_columns),
        })
    }
}

/// The link table of a many-to-many relationship inside of a subquery.
struct Link {
    entity: &'static EntityDef,
    table: TableRef,
    source: SourceRef,
}

impl Link {
    /// Under its own name, unless that is one of `taken`.
    fn new(entity: &'static EntityDef, taken: &[&SourceRef]) -> Self {
        let mut table = TableRef::new(entity.table);
        let mut number = 0;
        while taken.contains(&&table.source()) {
            number += 1;
            table = TableRef::new(entity.table).alias(format!("{}_{number}", entity.table.name));
        }
        Link { entity, source: table.source(), table }
    }

    fn key(&self, key: usize) -> &'static ForeignKeyDef {
        &self.entity.table.foreign_keys[key]
    }

    /// The condition that joins it to one of its sides.
    fn joins(&self, key: usize, side: &EntityDef, source: &SourceRef) -> Expr {
        equate(self.entity, &self.source, self.key(key), side, source)
    }

    /// There is a link that `on` holds for and whose foreign key has these values.
    fn exists(self, on: Expr, key: usize, values: Option<Vec<Value>>) -> Expr {
        match equal(self.entity, &self.source, &self.key(key).columns, values) {
            Expr::Bool(false) => Expr::Bool(false),
            other => exists(vec![tree::From::Table(self.table)], on.and(other)),
        }
    }
}

/// `EXISTS (SELECT 1 FROM from WHERE filter)`
fn exists(from: Vec<tree::From>, filter: Expr) -> Expr {
    let one = Expr::Literal(Box::new(Bind::new(Value::I32(1), DataType::Integer)));
    let select = tree::Select { columns: vec![one.into()], from, filter: Some(filter), ..Default::default() };
    Expr::Exists(Box::new(tree::Exists { query: select.into() }))
}

/// `column = value AND …`; false where there are no values.
fn equal(entity: &EntityDef, source: &SourceRef, names: &[Name], values: Option<Vec<Value>>) -> Expr {
    let Some(values) = values else { return Expr::Bool(false) };
    let equal = names.iter().zip(values).map(|(name, value)| {
        let column = entity.column_ref(source, name);
        let bind = Expr::Bind(Bind::new(value, column.data_type.clone()));
        Expr::Column(column).binary(BinaryOperator::Eq, bind)
    });
    equal.reduce(Expr::and).unwrap_or(Expr::Bool(false))
}

/// A name for a second appearance of `table` that neither the source nor the condition has.
fn free_name(table: &Name, source: &SourceRef, mut condition: Option<&mut Expr>) -> Name {
    let mut number = 1;
    loop {
        let name = Name::from(format!("{table}_{number}"));
        let own = SourceRef::named(name.clone());
        let is_taken = condition.as_mut().is_some_and(|condition| condition.has_source(&own));
        if *source != own && !is_taken {
            return name;
        }
        number += 1;
    }
}
