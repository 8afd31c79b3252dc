//! Values on their way in: owned trees in a graph of their own, to be looked at without their types.

use std::ops::Range;

use orm_query::mapping::{EntityDef, JoinOn, Relation, RelationshipDef};
use orm_query::{Mapped, Value};

use super::graph::{Graph, Id, reverse};
use super::key::Key;

/// Owned trees, spread out: each value stands behind the one that it belongs to.
pub(crate) struct Given {
    /// The values, their relationships taken off.
    values_of: Graph,
    pub(crate) values: Vec<GivenValue>,
    /// How many there are that belong to no other.
    pub(crate) roots: usize,
}

/// One value of them.
pub(crate) struct GivenValue {
    /// Its place in the graph of the given values.
    id: Id,
    /// The value that it belongs to, and by which relationship.
    pub(crate) above: Option<(usize, &'static RelationshipDef)>,
    /// The relationships that it came with.
    pub(crate) fields: Vec<GivenField>,
}

/// A relationship that was given, by its position, and the values that it leads to.
pub(crate) struct GivenField {
    pub(crate) index: usize,
    pub(crate) children: Range<usize>,
    /// Whether the row may lead to others too.
    pub(crate) partial: bool,
}

impl Given {
    /// The trees, as far as `follows` says of a relationship, and of the one that led to its object, that it is
    /// followed. What is not is dropped, and so are links into a session: they mean nothing outside of it.
    pub(crate) fn new<T: Mapped>(
        roots: impl IntoIterator<Item = T>,
        follows: fn(&RelationshipDef, Option<&RelationshipDef>) -> bool,
    ) -> Self {
        let mut graph = Graph::new();
        let kind = graph.kind(T::ENTITY);
        let slots: Vec<u32> = roots.into_iter().map(|root| graph.slots_mut::<T>().push_new(root)).collect();
        let root = |slot| GivenValue { id: Id { kind, slot }, above: None, fields: Vec::new() };
        let values: Vec<GivenValue> = slots.into_iter().map(root).collect();
        let mut given = Given { values_of: graph, roots: values.len(), values };
        given.spread(follows);
        given
    }

    fn spread(&mut self, follows: fn(&RelationshipDef, Option<&RelationshipDef>) -> bool) {
        let mut next = 0;
        while let Some(&GivenValue { id, above, .. }) = self.values.get(next) {
            let led_by = above.map(|(_, relationship)| relationship);
            for (index, relationship) in self.values_of.entity(id).relationships.iter().enumerate() {
                let field = std::mem::take(self.values_of.store_mut(id).relation_mut(id.slot, index));
                let partial = field.is_partial();
                let (Relation::Owned(children) | Relation::Part(children)) = field else { continue };
                if !follows(relationship, led_by) {
                    continue;
                }
                let kind = self.values_of.kind((relationship.target)());
                let first = self.values.len();
                let slots = children.move_into(&mut *self.values_of.entry_mut(kind).store);
                let above = Some((next, relationship));
                let child = |slot| GivenValue { id: Id { kind, slot }, above, fields: Vec::new() };
                self.values.extend(slots.into_iter().map(child));
                let children = first..self.values.len();
                self.values[next].fields.push(GivenField { index, children, partial });
            }
            next += 1;
        }
    }

    pub(crate) fn entity(&self, value: usize) -> &'static EntityDef {
        self.values_of.entity(self.values[value].id)
    }

    /// A column of a value; `None` where it is unset: an `Auto` without a value, a counted key that is 0.
    pub(crate) fn column(&self, value: usize, position: usize) -> Option<Value> {
        let id = self.values[value].id;
        let is_counted = self.values_of.entity(id).table.columns[position].autoincrement;
        let column = self.values_of.store(id).value(id.slot, position);
        column.filter(|value| !(is_counted && value.is_zero()))
    }

    /// The values of a key; the name of the first column without one, where the value stands for no row.
    pub(crate) fn key(&self, value: usize) -> Result<Vec<Value>, &'static str> {
        let primary = self.entity(value).table.primary_key();
        primary
            .map(|(position, column)| {
                let given = self.column(value, position).filter(|value| !value.is_null());
                given.ok_or(column.name.as_ref())
            })
            .collect()
    }

    /// The key that a value has in the session that it belongs to by the keys of others: that of the parent whose
    /// collection it is in, or of the parent that it was given with. A key that is not known yet is unset.
    pub(crate) fn carry_keys(&mut self, value: usize) {
        if let Some((above, relationship)) = self.values[value].above
            && matches!(relationship.join, JoinOn::TargetKey(_))
        {
            self.carry(above, relationship, value);
        }
        for field in 0..self.values[value].fields.len() {
            let GivenField { index, children, .. } = &self.values[value].fields[field];
            let relationship = &self.entity(value).relationships[*index];
            if let (JoinOn::SourceKey(_), Some(parent)) = (relationship.join, children.clone().next()) {
                self.carry(parent, relationship, value);
            }
        }
    }

    /// Gives the columns of the child's primary key that a relationship goes by the values of the parent's.
    fn carry(&mut self, parent: usize, relationship: &RelationshipDef, child: usize) {
        let Some(key) = relationship.foreign_key() else { return };
        let (parent_table, child_table) = (self.entity(parent).table, self.entity(child).table);
        for (from, to) in key.columns.iter().zip(key.target_columns.iter()) {
            let (Some(from), Some(to)) = (child_table.position(from), parent_table.position(to)) else {
                continue;
            };
            if child_table.columns[from].primary_key
                && let Some(value) = self.column(parent, to)
            {
                let id = self.values[child].id;
                // One that does not fit is refused when the flush carries it.
                let _ = self.values_of.store_mut(id).put(id.slot, from, value);
            }
        }
    }

    /// Moves a value into the session's graph, as the object of a new slot that is not enlisted.
    pub(crate) fn move_to(&mut self, value: usize, graph: &mut Graph) -> Id {
        let id = self.values[value].id;
        let kind = graph.kind(self.values_of.entity(id));
        let store = &mut *graph.entry_mut(kind).store;
        Id { kind, slot: self.values_of.store_mut(id).move_to(id.slot, store) }
    }
}

/// What is known of the object of a key, by its struct and the key.
pub(crate) type ByKey<V> = hashbrown::HashMap<(std::any::TypeId, Key), V>;

/// Whether `relationship` is the other side of the one that led to its object.
pub(crate) fn is_way_back(relationship: &RelationshipDef, led_by: Option<&RelationshipDef>) -> bool {
    led_by.is_some_and(|led_by| {
        let back = reverse(led_by).map(|back| &(led_by.target)().relationships[back]);
        back.is_some_and(|back| is_same(back, relationship))
    })
}

/// Whether two definitions are of one relationship: a constant may stand at several places.
pub(crate) fn is_same(one: &RelationshipDef, other: &RelationshipDef) -> bool {
    one.name == other.name && (one.source)() == (other.source)()
}
