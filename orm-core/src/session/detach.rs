//! Objects on their way out: copies with what is loaded, as owned trees.

use orm_query::mapping::{Relation, SlotState, Slots};
use orm_query::{Mapped, mapping::RelationshipDef};

use super::graph::{Graph, Id};

impl Graph {
    /// A copy of the object with what is loaded of its relationships. The way back to a parent that is being copied
    /// stays unloaded, so that the tree ends.
    pub(crate) fn detached<T: Mapped>(&self, id: Id) -> Option<T> {
        let mut value = self.slots::<T>()?.get(id.slot)?.clone();
        let relations = self.owned_relations(id, &mut vec![id]);
        for (index, relation) in relations.into_iter().enumerate() {
            *value.relation_mut(index) = relation;
        }
        Some(value)
    }

    /// The relationships of an object as owned children; `path` are the objects that are being copied.
    pub(crate) fn owned_relations(&self, id: Id, path: &mut Vec<Id>) -> Vec<Relation> {
        let relationships = self.entity(id).relationships.iter().enumerate();
        relationships
            .map(|(index, relationship)| self.owned_relation(id, index, relationship, path))
            .collect()
    }

    fn owned_relation(
        &self,
        id: Id,
        index: usize,
        relationship: &RelationshipDef,
        path: &mut Vec<Id>,
    ) -> Relation {
        let links = match self.store(id).relation(id.slot, index) {
            Relation::Linked(links) if links.session == self.tag => &links.slots,
            Relation::Owned(children) => return Relation::Owned(children.clone()),
            Relation::Unloaded | Relation::Linked(_) => return Relation::Unloaded,
        };
        let Some(kind) = self.find_kind((relationship.target)()) else {
            return Relation::Owned((relationship.target)().no_children());
        };
        if links.iter().any(|&slot| path.contains(&Id { kind, slot })) {
            return Relation::Unloaded;
        }
        let is_live = |slot: &u32| self.state(Id { kind, slot: *slot }) != SlotState::Vacant;
        let live: Vec<u32> = links.iter().copied().filter(is_live).collect();
        let mut children = self.copies(kind, &live);
        for (position, &slot) in live.iter().enumerate() {
            let child = Id { kind, slot };
            path.push(child);
            for (index, relation) in self.owned_relations(child, path).into_iter().enumerate() {
                children.set_relation(position, index, relation);
            }
            path.pop();
        }
        Relation::Owned(children)
    }
}

/// Takes an object out of its slot.
pub(crate) fn take<T: Mapped>(graph: &mut Graph, id: Id) -> Option<T> {
    graph.leave_identity(id);
    let value = Slots::<T>::of_mut(graph.store_mut(id)).take(id.slot);
    graph.forget(id);
    value
}
