//! What an attribute has become since the last flush.

use hashbrown::HashSet;
use orm_query::mapping::{JoinOn, Relation, RelationshipDef, SlotState};
use orm_query::typed::{Attribute, VisitAttribute};
use orm_query::{Mapped, SqlType, Value};

use super::graph::{Graph, Id, reverse};
use super::{Handle, Session, Tracked};

/// What an attribute holds now and what the database has: what was added, what stayed, what is gone. A column has at
/// most one value in each list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History<T> {
    /// What is there now and was not.
    pub added: Vec<T>,
    /// What was there and still is.
    pub unchanged: Vec<T>,
    /// What was there and is not any more.
    pub deleted: Vec<T>,
}

impl<T> History<T> {
    /// Whether anything was added or is gone.
    pub fn has_changes(&self) -> bool {
        !self.added.is_empty() || !self.deleted.is_empty()
    }

    /// Whether nothing is known: the attribute is unset, or was not loaded.
    pub fn is_empty(&self) -> bool {
        !self.has_changes() && self.unchanged.is_empty()
    }

    fn map<U>(self, mut change: impl FnMut(T) -> U) -> History<U> {
        History {
            added: self.added.into_iter().map(&mut change).collect(),
            unchanged: self.unchanged.into_iter().map(&mut change).collect(),
            deleted: self.deleted.into_iter().map(&mut change).collect(),
        }
    }
}

impl<T> Default for History<T> {
    fn default() -> Self {
        History { added: Vec::new(), unchanged: Vec::new(), deleted: Vec::new() }
    }
}

impl Session {
    /// What an attribute has become since the last flush: values of a column, handles of what a relationship leads to.
    ///
    /// It never does I/O. A relationship that is not loaded has an empty history, but for the edits that were made all
    /// the same. What only the database knows is not in it: what a relationship led to that was assigned while it was
    /// not loaded. Owned values that were assigned to the field of a relationship have handles only when the flush has
    /// taken them in; the objects that they replace are in `deleted`, and so is a value for which
    /// [`set_expression`](Session::set_expression) has the database compute another. All of a pending object is added.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User { #[column(primary_key)] id: i64, name: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # let sandy = session.add(User::new("sandy"));
    /// # session.commit().await?;
    /// session[sandy].name = "Sandy".into();
    /// let name = session.history(sandy, User::name);
    /// assert_eq!((name.added, name.deleted), (vec!["Sandy".to_owned()], vec!["sandy".to_owned()]));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone; and when the type of the column refuses to read
    /// a value that it has written itself.
    pub fn history<T: Mapped, A: Attribute<T>>(
        &self,
        handle: Handle<T>,
        attribute: A,
    ) -> History<A::Value<Tracked>> {
        attribute.visit(Reader { graph: &self.graph, id: self.id(handle) })
    }
}

struct Reader<'g> {
    graph: &'g Graph,
    id: Id,
}

impl VisitAttribute for Reader<'_> {
    type Mode = Tracked;
    type Out<T: Send + 'static> = History<T>;

    fn column<T: SqlType>(self, name: &'static str) -> History<T> {
        let entity = self.graph.entity(self.id);
        let Some(position) = entity.table.position(name) else { return History::default() };
        let typed = |value| match T::from_value(value) {
            Ok(value) => value,
            Err(error) => panic!("column `{}.{name}`: {error}", entity.table.full_name()),
        };
        self.graph.column_history(self.id, position).map(typed)
    }

    fn relationship<B: Mapped>(self, definition: &'static RelationshipDef) -> History<Handle<B>> {
        let Some(index) = self.graph.entity(self.id).relationship(definition.name) else {
            return History::default();
        };
        self.graph.relation_history(self.id, index).map(|slot| Handle::new(slot, self.graph.tag))
    }
}

impl Graph {
    fn column_history(&self, id: Id, position: usize) -> History<Value> {
        let store = self.store(id);
        let now = store.value(id.slot, position);
        if self.state(id) == SlotState::Pending {
            let is_counted = self.entity(id).table.columns[position].autoincrement;
            let now = now.filter(|value| !(is_counted && value.is_zero()));
            return History { added: Vec::from_iter(now), ..History::default() };
        }
        let before = store.stored_value(id.slot, position);
        if now.is_none() && self.entity(id).table.columns[position].deferral.is_some() {
            // It is absent, and the row has what it had.
            return History { unchanged: Vec::from_iter(before), ..History::default() };
        }
        if self.expression(id, position).is_some() {
            return History { deleted: Vec::from_iter(before), ..History::default() };
        }
        if now == before {
            return History { unchanged: Vec::from_iter(now), ..History::default() };
        }
        History { added: Vec::from_iter(now), unchanged: Vec::new(), deleted: Vec::from_iter(before) }
    }

    /// What a relationship leads to now and led to before, by slots.
    pub(crate) fn relation_history(&self, id: Id, index: usize) -> History<u32> {
        let relationship = &self.entity(id).relationships[index];
        let Some(kind) = self.find_kind((relationship.target)()) else { return History::default() };
        let is_live = |slot: &u32| self.state(Id { kind, slot: *slot }) != SlotState::Vacant;
        let before = match self.state(id) {
            SlotState::Pending => Some(Vec::new()),
            _ => self.stored_links(id, index).map(<[u32]>::to_vec),
        };
        let mut history = match (self.store(id).relation(id.slot, index), before) {
            (Relation::Linked(links), before) if links.session == self.links_tag => {
                let now = &links.slots;
                let before = before.unwrap_or_else(|| self.known_before(id, relationship, kind, now));
                let mut history = compare(now, &before);
                if links.partial {
                    history.deleted.extend(self.edits(id, index, kind).deleted);
                }
                history
            }
            (Relation::Owned(_) | Relation::Part(_), before) => {
                History { deleted: before.unwrap_or_default(), ..History::default() }
            }
            (Relation::Unloaded | Relation::Linked(_), Some(_)) => History::default(),
            (Relation::Unloaded | Relation::Linked(_), None) => self.edits(id, index, kind),
        };
        for list in [&mut history.added, &mut history.unchanged, &mut history.deleted] {
            list.retain(is_live);
        }
        history
    }

    /// What is known of what a relationship led to that was assigned while it was not loaded: the parent that the row
    /// references, or those of the children `now` whose rows reference it.
    fn known_before(&self, id: Id, relationship: &RelationshipDef, kind: u32, now: &[u32]) -> Vec<u32> {
        match relationship.join {
            JoinOn::SourceKey(_) => {
                self.parent_in_row(id, relationship).map(|parent| parent.slot).into_iter().collect()
            }
            JoinOn::TargetKey(_) => {
                let was_here =
                    |slot: &u32| self.parent_in_row(Id { kind, slot: *slot }, relationship) == Some(id);
                now.iter().copied().filter(was_here).collect()
            }
            JoinOn::Secondary { .. } => Vec::new(),
        }
    }

    /// What was added to and taken out of a relationship that is not loaded: kept as edits, or told by the other side.
    fn edits(&self, id: Id, index: usize, kind: u32) -> History<u32> {
        let relationship = &self.entity(id).relationships[index];
        let mut history = History::default();
        let mut note = |slot: u32, is_in: bool| {
            let (list, other) = match is_in {
                true => (&mut history.added, &mut history.deleted),
                false => (&mut history.deleted, &mut history.added),
            };
            other.retain(|known| *known != slot);
            if !list.contains(&slot) {
                list.push(slot);
            }
        };
        let by_key = matches!(relationship.join, JoinOn::TargetKey(_));
        if let Some(back) = reverse(relationship) {
            for child in self.changed(kind) {
                let Some(now) = self.links(child, back) else { continue };
                let (is_in, was_in) = match by_key {
                    true => (now.contains(&id.slot), self.parent_in_row(child, relationship) == Some(id)),
                    false => {
                        let (added, removed) = self.difference(child, back);
                        let is_in = added.contains(&id.slot);
                        (is_in, !is_in && removed.contains(&id.slot))
                    }
                };
                if is_in != was_in {
                    note(child.slot, is_in);
                }
            }
        } else if by_key {
            let mut owned: Vec<(Id, Id)> = self
                .owners
                .iter()
                .filter(|((child, of, by), _)| (child.kind, *of, *by) == (kind, id.kind, index))
                .map(|((child, ..), owner)| (*child, *owner))
                .collect();
            owned.sort_unstable();
            for (child, owner) in owned {
                let was_in = self.parent_in_row(child, relationship) == Some(id);
                if (owner == id) != was_in {
                    note(child.slot, owner == id);
                }
            }
        }
        for edit in self.link_edits.all() {
            if (edit.parent, edit.relationship) == (id, index) {
                note(edit.child.slot, edit.added);
            }
        }
        history
    }
}

fn compare(now: &[u32], before: &[u32]) -> History<u32> {
    let is_now: HashSet<u32> = now.iter().copied().collect();
    let was: HashSet<u32> = before.iter().copied().collect();
    let (unchanged, added) = now.iter().partition(|slot| was.contains(*slot));
    let deleted = before.iter().copied().filter(|slot| !is_now.contains(slot)).collect();
    History { added, unchanged, deleted }
}
