//! Objects on their way out: copies with what is loaded, as owned trees.

use orm_query::Mapped;
use orm_query::mapping::{JoinOn, Relation, SlotState};

use super::graph::{Graph, Id, reverse};

impl Graph {
    /// A copy of the object with what is loaded of its relationships. So that the tree ends, and does not grow beyond
    /// what its objects are, these stay unloaded: the other side of the relationship that led to an object, a way
    /// back to an object that is being copied, a collection's relationship that was followed above already (but for
    /// that of a tree, such as a node's children), and what is [`DEEPEST`] levels down.
    pub(crate) fn detached<T: Mapped>(&self, id: Id) -> Option<T> {
        let mut value = self.slots::<T>()?.get(id.slot)?.clone();
        let relations = self.owned_relations(id, &mut Vec::new());
        for (index, relation) in relations.into_iter().enumerate() {
            *value.relation_mut(index) = relation;
        }
        Some(value)
    }

    /// The relationships of an object as owned children; `path` are the steps that led to it.
    fn owned_relations(&self, id: Id, path: &mut Vec<(Id, usize)>) -> Vec<Relation> {
        (0..self.entity(id).relationships.len()).map(|index| self.owned_relation(id, index, path)).collect()
    }

    fn owned_relation(&self, id: Id, index: usize, path: &mut Vec<(Id, usize)>) -> Relation {
        let relationship = &self.entity(id).relationships[index];
        let links = match self.store(id).relation(id.slot, index) {
            Relation::Linked(links) if links.session == self.tag => &links.slots,
            Relation::Owned(children) => return Relation::Owned(children.clone()),
            Relation::Unloaded | Relation::Linked(_) => return Relation::Unloaded,
        };
        let Some(kind) = self.find_kind((relationship.target)()) else {
            return Relation::Owned((relationship.target)().no_children());
        };
        if path.len() >= DEEPEST || self.ends_here(id, index, path) {
            return Relation::Unloaded;
        }
        let is_above = |slot: u32| {
            let object = Id { kind, slot };
            object == id || path.iter().any(|(above, _)| *above == object)
        };
        if links.iter().any(|&slot| is_above(slot)) {
            return Relation::Unloaded;
        }
        let is_live = |slot: &u32| self.state(Id { kind, slot: *slot }) != SlotState::Vacant;
        let live: Vec<u32> = links.iter().copied().filter(is_live).collect();
        let mut children = self.copies(kind, &live);
        path.push((id, index));
        for (position, &slot) in live.iter().enumerate() {
            let relations = self.owned_relations(Id { kind, slot }, path);
            for (index, relation) in relations.into_iter().enumerate() {
                children.set_relation(position, index, relation);
            }
        }
        path.pop();
        Relation::Owned(children)
    }

    /// Whether a relationship is not followed further, whatever it leads to.
    fn ends_here(&self, id: Id, index: usize, path: &[(Id, usize)]) -> bool {
        let relationship = &self.entity(id).relationships[index];
        let Some(&(parent, by)) = path.last() else { return false };
        let led_here = &self.entity(parent).relationships[by];
        if reverse(led_here) == Some(index) && (led_here.target)() == self.entity(id) {
            return true;
        }
        // In a tree each node has one parent: it cannot grow beyond its nodes.
        let is_tree = matches!(relationship.join, JoinOn::TargetKey(_))
            && (relationship.source)() == (relationship.target)();
        relationship.to_many
            && !is_tree
            && path.iter().any(|&(above, followed)| followed == index && above.kind == id.kind)
    }
}

/// Owned trees are dropped and printed by recursion: a chain of linked rows must not exhaust the stack.
const DEEPEST: usize = 200;

/// Takes an object out of its slot.
pub(crate) fn take<T: Mapped>(graph: &mut Graph, id: Id) -> Option<T> {
    let value = graph.slots::<T>()?.get(id.slot)?.clone();
    graph.forget(&[id].into_iter().collect());
    Some(value)
}
