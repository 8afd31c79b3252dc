//! What an object is, and what in a session is new, touched, or marked to be deleted.

use hashbrown::HashSet;
use orm_query::Mapped;
use orm_query::mapping::{JoinOn, RelationshipDef, SlotState};

use super::graph::{Graph, Id, reverse};
use super::key::Key;
use super::{Handle, Objects, Session};

/// What an object of a session is, as SQLAlchemy calls it. Its fifth state, *transient*, is an owned value that was
/// not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectState {
    /// Added, and not flushed: it has no row yet.
    Pending,
    /// It stands for a row; perhaps it is marked to be deleted by the next flush.
    Persistent,
    /// Its row was deleted in this transaction: a commit lets it go, a rollback brings it back.
    Deleted,
    /// It is not in this session (any more): expunged, rolled back, deleted and committed, or of another session.
    Detached,
}

impl Session {
    /// What the object behind a handle is.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # use orm::ObjectState;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User { #[column(primary_key)] id: i64, name: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// let sandy = session.add(User::new("sandy"));
    /// assert_eq!(session.state(sandy), ObjectState::Pending);
    /// session.flush().await?;
    /// assert_eq!(session.state(sandy), ObjectState::Persistent);
    /// session.rollback().await?;
    /// assert_eq!(session.state(sandy), ObjectState::Detached);
    /// # Ok(())
    /// # }
    /// ```
    pub fn state<T: Mapped>(&self, handle: Handle<T>) -> ObjectState {
        match self.graph.resolve(handle).map(|id| self.graph.state(id)) {
            Ok(SlotState::Pending) => ObjectState::Pending,
            Ok(SlotState::Persistent) => ObjectState::Persistent,
            Ok(SlotState::Deleted) => ObjectState::Deleted,
            Ok(SlotState::Vacant) | Err(_) => ObjectState::Detached,
        }
    }

    /// Whether columns or relationships of an object differ from what the database has: the net change, unlike
    /// [`dirty`](Session::dirty). One that is pending is new altogether; a view-only relationship does not count, since
    /// nothing of it is written. A collection that was assigned as a whole while it was not loaded counts: what it was
    /// is found by the flush.
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn is_modified<T: Mapped>(&self, handle: Handle<T>) -> bool {
        self.graph.is_modified(self.id(handle))
    }

    /// The objects that were added and not flushed: SQLAlchemy's `session.new`. Owned values that were assigned to a
    /// relationship field come in with the flush, or with the next edit, and are not among them before.
    pub fn pending(&self) -> Objects {
        Objects::new(&self.graph, self.graph.pending())
    }

    /// The objects that have a row and were touched since the last flush. As in SQLAlchemy it is optimistic: an object
    /// is here once it was written to (`session[handle]` by `IndexMut`) or its relationships were edited from either
    /// side, whether or not anything is different now; [`is_modified`](Session::is_modified) tells. Objects that are
    /// marked to be deleted are not among them.
    pub fn dirty(&self) -> Objects {
        Objects::new(&self.graph, self.graph.dirty())
    }

    /// All objects that the session holds, in any state.
    pub fn objects(&self) -> Objects {
        let all = self.graph.between(&[], &self.graph.marks());
        let here = all.into_iter().filter(|&id| self.graph.state(id) != SlotState::Vacant);
        Objects::new(&self.graph, here.collect())
    }

    /// The objects that are marked to be deleted by the next flush. What their `delete` cascades reach, and orphans,
    /// are found by the flush.
    pub fn deleted(&self) -> Objects {
        Objects::new(&self.graph, self.graph.marked())
    }
}

impl Graph {
    fn pending(&self) -> Vec<Id> {
        let new = |kind| self.entry(kind).new.iter().map(move |&slot| Id { kind, slot });
        self.kinds().flat_map(new).filter(|&id| self.state(id) == SlotState::Pending).collect()
    }

    fn marked(&self) -> Vec<Id> {
        let mut marked = self.doomed.clone();
        marked.retain(|&id| self.state(id) == SlotState::Persistent);
        marked
    }

    /// Touched objects that have a row, and those whose relationships are known to be edited from elsewhere only.
    fn dirty(&self) -> Vec<Id> {
        let mut found = HashSet::new();
        for kind in self.kinds() {
            for id in self.changed(kind) {
                found.insert(id);
                for (index, relationship) in self.entity(id).relationships.iter().enumerate() {
                    let Some(target) = self.find_kind((relationship.target)()) else { continue };
                    if reverse(relationship).is_some() {
                        let history = self.relation_history(id, index);
                        let others = history.added.into_iter().chain(history.deleted);
                        found.extend(others.map(|slot| Id { kind: target, slot }));
                    }
                }
            }
        }
        for edit in self.link_edits.all() {
            found.insert(edit.parent);
            let both = reverse(&self.entity(edit.parent).relationships[edit.relationship]).is_some();
            found.extend(both.then_some(edit.child));
        }
        found.extend(self.owners.values());
        found.extend(self.replacements.iter().chain(&self.cleared).map(|(id, _)| *id));
        found.retain(|&id| self.state(id) == SlotState::Persistent && !self.is_doomed(id));
        let mut found: Vec<Id> = found.into_iter().collect();
        found.sort_unstable();
        found
    }

    fn is_modified(&self, id: Id) -> bool {
        match self.state(id) {
            SlotState::Pending => return true,
            SlotState::Persistent => {}
            SlotState::Deleted | SlotState::Vacant => return false,
        }
        let (entity, store) = (self.entity(id), self.store(id));
        let mut columns = 0..entity.table.columns.len();
        let differs = |column| store.is_changed(id.slot, column) || self.expression(id, column).is_some();
        (store.is_touched(id.slot) && columns.any(differs))
            || entity.relationships.iter().enumerate().any(|(index, relationship)| {
                !relationship.view_only && self.is_relation_modified(id, index, relationship)
            })
    }

    fn is_relation_modified(&self, id: Id, index: usize, relationship: &RelationshipDef) -> bool {
        if let Some(children) = self.store(id).relation(id.slot, index).children() {
            // Owned children are new ones.
            return !children.is_empty() || self.stored_links(id, index) != Some(&[]);
        }
        let is_assigned = self.replacements.contains(&(id, index));
        let is_cut = self.cleared.contains(&(id, index))
            && self.links(id, index) == Some(&[])
            && self.has_parent_key(id, relationship);
        is_assigned || is_cut || self.relation_history(id, index).has_changes()
    }

    /// Whether a row references a parent, here or not.
    fn has_parent_key(&self, id: Id, relationship: &RelationshipDef) -> bool {
        let (JoinOn::SourceKey(_), Some(key)) = (relationship.join, relationship.foreign_key()) else {
            return false;
        };
        let table = self.entity(id).table;
        let values = key.columns.iter().map(|c| self.store(id).stored_value(id.slot, table.position(c)?));
        values.collect::<Option<Vec<_>>>().and_then(Key::new).is_some()
    }
}
