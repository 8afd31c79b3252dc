//! Objects on their way out: copies with what is loaded, as owned trees.

use hashbrown::HashSet;
use orm_query::Mapped;
use orm_query::mapping::{Children, JoinOn, Relation, SlotState};
use orm_query::typed::Known;

use super::graph::{Graph, Id, reverse};
use super::{Handle, Session};

impl Session {
    /// Moves an object out of the session; it is no longer tracked. What is loaded of other objects' relationships to
    /// it is unloaded.
    ///
    /// Relationships with the `expunge` cascade (it is in `cascade = "all"`) take along what they lead to, as far as it
    /// is loaded: those objects leave the session as well, and the value that is returned owns them. One that is
    /// reached several times is there each time, but what lies behind it the first time only; a way back, and what is
    /// 200 levels down, is unloaded, and what is only reached there stays in the session. All other relationships of
    /// the value are unloaded.
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn expunge<T: Mapped>(&mut self, handle: Handle<T>) -> T {
        let id = self.id(handle);
        let mut value = self[handle].clone();
        let mut gone = HashSet::from_iter([id]);
        let relations = self.graph.departing(id, None, 0, &mut gone);
        for (index, relation) in relations.into_iter().enumerate() {
            *value.relation_mut(index) = relation;
        }
        self.graph.forget(&gone);
        value
    }

    /// Drops all objects: nothing of what was changed in them and not flushed is written, and all handles are of no use
    /// afterwards. The transaction goes on.
    pub fn expunge_all(&mut self) {
        let all = self.graph.between(&[], &self.graph.marks());
        let here = all.into_iter().filter(|&id| self.graph.state(id) != SlotState::Vacant);
        self.graph.forget(&here.collect());
    }

    /// A copy of an object as an owned tree, with what is loaded of its relationships. So that the tree ends, the way
    /// back to an object above stays unloaded, and so does a collection's relationship that was followed above already
    /// (but for that of a tree, such as a node's children) and whatever is 200 levels down.
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn detach<T: Mapped>(&self, handle: Handle<T>) -> T {
        let id = self.id(handle);
        self.graph.detached(id, &Known::End).expect("the handle was just resolved")
    }
}

impl Graph {
    /// A copy of the object with what is loaded of its relationships. So that the tree ends, and does not grow beyond
    /// what its objects are, these stay unloaded: the other side of the relationship that led to an object, a way
    /// back to an object that is being copied, a collection's relationship that was followed above already (but for
    /// that of a tree, such as a node's children), and what is [`DEEPEST`] levels down. But what is `known` to be loaded
    /// is there.
    pub(crate) fn detached<T: Mapped>(&self, id: Id, known: &'static Known) -> Option<T> {
        let mut value = self.slots::<T>()?.get(id.slot)?.clone();
        let relations = self.owned_relations(id, &mut Vec::new(), known);
        for (index, relation) in relations.into_iter().enumerate() {
            *value.relation_mut(index) = relation;
        }
        Some(value)
    }

    /// The relationships of an object as owned children; `path` are the steps that led to it.
    fn owned_relations(&self, id: Id, path: &mut Vec<(Id, usize)>, known: &'static Known) -> Vec<Relation> {
        let relations = 0..self.entity(id).relationships.len();
        relations.map(|index| self.owned_relation(id, index, path, known.behind(index))).collect()
    }

    fn owned_relation(
        &self,
        id: Id,
        index: usize,
        path: &mut Vec<(Id, usize)>,
        known: Option<&'static Known>,
    ) -> Relation {
        let relationship = &self.entity(id).relationships[index];
        let links = match self.store(id).relation(id.slot, index) {
            Relation::Linked(links) if links.session == self.links_tag => &links.slots,
            Relation::Owned(_) | Relation::Part(_) => return self.store(id).relation(id.slot, index).clone(),
            Relation::Unloaded | Relation::Linked(_) => return Relation::Unloaded,
        };
        let Some(kind) = self.find_kind((relationship.target)()) else {
            return self.owned(id, index, (relationship.target)().no_children());
        };
        if known.is_none() && (path.len() >= DEEPEST || self.ends_here(id, index, path)) {
            return Relation::Unloaded;
        }
        let is_above = |slot: u32| {
            let object = Id { kind, slot };
            object == id || path.iter().any(|(above, _)| *above == object)
        };
        if known.is_none() && links.iter().any(|&slot| is_above(slot)) {
            return Relation::Unloaded;
        }
        let is_live = |slot: &u32| self.state(Id { kind, slot: *slot }) != SlotState::Vacant;
        let live: Vec<u32> = links.iter().copied().filter(is_live).collect();
        let mut children = self.copies(kind, &live);
        path.push((id, index));
        for (position, &slot) in live.iter().enumerate() {
            let relations = self.owned_relations(Id { kind, slot }, path, known.unwrap_or(&Known::End));
            for (index, relation) in relations.into_iter().enumerate() {
                children.set_relation(position, index, relation);
            }
        }
        path.pop();
        self.owned(id, index, children)
    }

    /// The relationships of an object that leaves the session, with all that its `expunge` cascades take along; they
    /// are added to `gone`.
    fn departing(
        &self,
        id: Id,
        led_by: Option<(Id, usize)>,
        depth: usize,
        gone: &mut HashSet<Id>,
    ) -> Vec<Relation> {
        let relations = 0..self.entity(id).relationships.len();
        relations.map(|index| self.departing_relation(id, index, led_by, depth, gone)).collect()
    }

    fn departing_relation(
        &self,
        id: Id,
        index: usize,
        led_by: Option<(Id, usize)>,
        depth: usize,
        gone: &mut HashSet<Id>,
    ) -> Relation {
        let relationship = &self.entity(id).relationships[index];
        if !relationship.cascade.expunge || depth >= DEEPEST {
            return Relation::Unloaded;
        }
        let links = match self.store(id).relation(id.slot, index) {
            Relation::Linked(links) if links.session == self.links_tag => &links.slots,
            Relation::Owned(_) | Relation::Part(_) => return self.store(id).relation(id.slot, index).clone(),
            Relation::Unloaded | Relation::Linked(_) => return Relation::Unloaded,
        };
        let Some(kind) = self.find_kind((relationship.target)()) else {
            return self.owned(id, index, (relationship.target)().no_children());
        };
        let is_live = |slot: &u32| self.state(Id { kind, slot: *slot }) != SlotState::Vacant;
        let live: Vec<u32> = links.iter().copied().filter(is_live).collect();
        let is_way_back = led_by.is_some_and(|(parent, by)| {
            let is_other_side = reverse(&self.entity(parent).relationships[by]) == Some(index);
            is_other_side && parent.kind == kind && live == [parent.slot]
        });
        if is_way_back {
            return Relation::Unloaded;
        }
        let mut children = self.copies(kind, &live);
        for (position, slot) in live.into_iter().enumerate() {
            let child = Id { kind, slot };
            if gone.insert(child) {
                let relations = self.departing(child, Some((id, index)), depth + 1, gone);
                for (index, relation) in relations.into_iter().enumerate() {
                    children.set_relation(position, index, relation);
                }
            }
        }
        self.owned(id, index, children)
    }

    /// What is loaded of a relationship as owned children: all of it, or a part.
    fn owned(&self, id: Id, index: usize, children: Box<dyn Children>) -> Relation {
        if self.is_partial(id, index) { Relation::Part(children) } else { Relation::Owned(children) }
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
