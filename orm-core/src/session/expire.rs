//! Which columns of which objects are to be read anew.

use hashbrown::{HashMap, HashSet};
use orm_query::Mapped;
use orm_query::mapping::{Relation, SlotState};
use orm_query::typed::{AttributePlace, Attributes};

use super::graph::{Graph, Id};
use super::{Handle, Session};
use crate::{Result, SessionError};

/// What is expired of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expired {
    All,
    /// The columns at these positions.
    Columns(Vec<usize>),
}

impl Expired {
    fn has(&self, column: usize) -> bool {
        match self {
            Expired::All => true,
            Expired::Columns(columns) => columns.contains(&column),
        }
    }
}

/// The expired objects of a session.
///
/// All of them may expire at once, however many there are: then a bound is set for each kind, and the objects that are
/// read again are noted. A session in which nothing expires has no more to look at than an empty list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expiry {
    kinds: Vec<OfKind>,
}

#[derive(Debug, Clone, Default)]
struct OfKind {
    /// Objects in slots below are expired, unless they were read since.
    below: u32,
    read: HashSet<u32>,
    /// Those that were expired one by one.
    single: HashMap<u32, Expired>,
}

impl Expiry {
    /// Whether nothing was ever expired.
    pub(crate) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What is expired of an object.
    pub(crate) fn of(&self, id: Id) -> Option<&Expired> {
        let kind = self.kinds.get(id.kind as usize)?;
        let all = || (id.slot < kind.below && !kind.read.contains(&id.slot)).then_some(&Expired::All);
        kind.single.get(&id.slot).or_else(all)
    }

    /// Nothing of the object is expired any more.
    pub(crate) fn clear(&mut self, id: Id) {
        if let Some(kind) = self.kinds.get_mut(id.kind as usize) {
            kind.single.remove(&id.slot);
            if id.slot < kind.below {
                kind.read.insert(id.slot);
            }
        }
    }

    /// The object has left.
    pub(crate) fn forget(&mut self, id: Id) {
        if let Some(kind) = self.kinds.get_mut(id.kind as usize) {
            kind.single.remove(&id.slot);
            kind.read.remove(&id.slot);
        }
    }

    pub(crate) fn set(&mut self, id: Id, expired: Expired) {
        self.kind(id.kind).single.insert(id.slot, expired);
    }

    fn add_columns(&mut self, id: Id, columns: &[usize]) {
        let mut all = match self.of(id) {
            Some(Expired::All) => return,
            Some(Expired::Columns(before)) => before.clone(),
            None => Vec::new(),
        };
        all.extend(columns.iter().filter(|column| !all.contains(column)).collect::<Vec<_>>());
        self.set(id, Expired::Columns(all));
    }

    /// These columns of the object are not expired any more, of `width` that it has.
    fn remove_columns(&mut self, id: Id, columns: &[usize], width: usize) {
        let mut left: Vec<usize> = match self.of(id) {
            Some(Expired::All) => (0..width).collect(),
            Some(Expired::Columns(expired)) => expired.clone(),
            None => return,
        };
        left.retain(|column| !columns.contains(column));
        self.clear(id);
        if !left.is_empty() {
            self.set(id, Expired::Columns(left));
        }
    }

    fn set_all(&mut self, kind: u32, below: u32) {
        *self.kind(kind) = OfKind { below, ..OfKind::default() };
    }

    fn kind(&mut self, kind: u32) -> &mut OfKind {
        let len = self.kinds.len().max(kind as usize + 1);
        self.kinds.resize_with(len, OfKind::default);
        &mut self.kinds[kind as usize]
    }
}

impl Graph {
    /// Whether a column of the object is expired.
    pub(crate) fn is_expired(&self, id: Id) -> bool {
        self.expiry.of(id).is_some()
    }

    /// Whether that column of the object is expired.
    pub(crate) fn is_column_expired(&self, id: Id, column: usize) -> bool {
        self.expiry.of(id).is_some_and(|expired| expired.has(column))
    }

    /// Expires all columns of an object that has a row, and unloads its relationships; changes that were not flushed
    /// are dropped.
    pub(crate) fn expire(&mut self, id: Id) {
        if self.state(id) != SlotState::Persistent {
            return;
        }
        self.store_mut(id).revert(id.slot);
        self.expressions.retain(|(of, _), _| *of != id);
        for index in 0..self.entity(id).relationships.len() {
            self.unload(id, index);
        }
        self.expiry.set(id, Expired::All);
    }

    /// Expires columns of an object that has a row; changes of them that were not flushed are dropped.
    pub(crate) fn expire_columns(&mut self, id: Id, columns: &[usize]) {
        if self.state(id) != SlotState::Persistent || columns.is_empty() {
            return;
        }
        self.store_mut(id).revert_columns(id.slot, columns);
        self.expressions.retain(|(of, column), _| *of != id || !columns.contains(column));
        self.expiry.add_columns(id, columns);
    }

    /// These columns of an object were read.
    pub(crate) fn columns_are_read(&mut self, id: Id, columns: &[usize]) {
        let width = self.entity(id).width();
        self.expiry.remove_columns(id, columns, width);
    }

    /// Expires all objects that have a row, as [`expire`](Graph::expire) does one.
    pub(crate) fn expire_all(&mut self) {
        for kind in self.kinds() {
            let entry = self.entry_mut(kind);
            for slot in entry.store.touched().to_vec() {
                entry.store.revert(slot);
            }
            entry.store.clear_touched();
            let (len, new) = (entry.store.len(), entry.new.clone());
            self.expiry.set_all(kind, len);
            new.into_iter().for_each(|slot| self.expiry.clear(Id { kind, slot }));
        }
        self.unload_all();
        self.link_edits.clear();
        self.replacements.clear();
        self.cleared.clear();
        let mut owners = std::mem::take(&mut self.owners);
        owners.retain(|_, parent| self.state(*parent) == SlotState::Pending);
        self.owners = owners;
        let mut expressions = std::mem::take(&mut self.expressions);
        expressions.retain(|(id, _), _| self.state(*id) == SlotState::Pending);
        self.expressions = expressions;
    }

    /// The objects that a flush may write, kind by kind, whose rows are told by a version that is expired.
    pub(crate) fn expired_versions(&self) -> Vec<Vec<Id>> {
        if self.expiry.is_empty() {
            return Vec::new();
        }
        let of_kind = |kind| {
            let version = self.entry(kind).version?;
            let mut objects = self.changed(kind);
            objects.extend(self.doomed.iter().filter(|id| id.kind == kind));
            objects.retain(|&id| self.is_column_expired(id, version));
            objects.sort_unstable();
            objects.dedup();
            Some(objects)
        };
        self.kinds().filter_map(of_kind).collect()
    }

    /// Unloads a relationship, and drops what was changed in it and not flushed.
    pub(crate) fn unload(&mut self, id: Id, index: usize) {
        self.link_edits.forget_relationship(id, index);
        self.replacements.retain(|of| *of != (id, index));
        self.cleared.retain(|of| *of != (id, index));
        self.owners.retain(|(_, kind, by), parent| *parent != id || (*kind, *by) != (id.kind, index));
        self.store_mut(id).set_loaded(id.slot, index, Relation::Unloaded);
    }

    /// The objects that an expiry or a refresh of `root` reaches too, by the `refresh-expire` cascade.
    fn refresh_expire_cascade(&self, root: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut seen: HashSet<Id> = [root].into_iter().collect();
        let mut work = vec![root];
        while let Some(id) = work.pop() {
            for (index, relationship) in self.entity(id).relationships.iter().enumerate() {
                if !relationship.cascade.refresh_expire {
                    continue;
                }
                let Some(kind) = self.find_kind((relationship.target)()) else { continue };
                for &slot in self.links(id, index).unwrap_or_default() {
                    let target = Id { kind, slot };
                    if seen.insert(target) {
                        found.push(target);
                        work.push(target);
                    }
                }
            }
        }
        found
    }

    /// Expires an object, and what the `refresh-expire` cascade reaches; pending objects that it reaches leave the
    /// session.
    pub(crate) fn expire_cascade(&mut self, id: Id) {
        let reached = self.refresh_expire_cascade(id);
        let (pending, others): (Vec<Id>, Vec<Id>) =
            reached.into_iter().partition(|&id| self.state(id) == SlotState::Pending);
        self.expire(id);
        for id in others {
            self.expire(id);
        }
        self.forget(&pending.into_iter().collect());
    }

    /// Expires attributes of an object.
    pub(crate) fn expire_places(&mut self, id: Id, places: &[AttributePlace]) {
        let mut columns = Vec::new();
        for place in places {
            match *place {
                AttributePlace::Column(position) => columns.push(position),
                AttributePlace::Relationship(index) => self.unload(id, index),
            }
        }
        self.expire_columns(id, &columns);
    }
}

/// Where attributes stand in their struct.
pub(super) fn places<T: Mapped>(attributes: impl Attributes<T>) -> Vec<AttributePlace> {
    let mut definitions = Vec::new();
    attributes.definitions(&mut definitions);
    definitions.iter().filter_map(|definition| definition.place(T::ENTITY)).collect()
}

impl Session {
    /// Marks an object to be read anew, because its row may be another meanwhile.
    ///
    /// The next query, [`get`](Session::get) or [`refresh`](Session::refresh) that reads the row overwrites what is
    /// expired of the object. Until then its values stay readable, since there is no I/O behind a field; its
    /// relationships are unloaded. Changes that were not flushed are dropped; what is changed afterwards is kept, and
    /// is told from the values that are shown. Relationships with the `refresh-expire` cascade (which `all` includes)
    /// expire what they lead to as well; what is pending there leaves the session.
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] for a handle that is gone, or whose object has no row yet or any more.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// let mut session = Session::new(&engine);
    /// let sandy = session.add(User::new("sandy"));
    /// session.commit().await?;
    /// engine.execute(update(User).set(User::name, "Sandy").filter(User::id.eq(1))).await?;
    ///
    /// session.expire(sandy)?;
    /// assert_eq!(session[sandy].name, "sandy");
    /// session.all(select(User)).await?;
    /// assert_eq!(session[sandy].name, "Sandy");
    /// # Ok(())
    /// # }
    /// ```
    pub fn expire<T: Mapped>(&mut self, handle: Handle<T>) -> Result<()> {
        let id = self.persistent(handle)?;
        self.graph.expire_cascade(id);
        Ok(())
    }

    /// Marks some attributes of an object to be read anew: columns as [`expire`](Session::expire) does, relationships
    /// are unloaded. Nothing cascades.
    ///
    /// # Errors
    /// Those of [`expire`](Session::expire).
    pub fn expire_attributes<T: Mapped>(
        &mut self,
        handle: Handle<T>,
        attributes: impl Attributes<T>,
    ) -> Result<()> {
        let id = self.persistent(handle)?;
        self.graph.expire_places(id, &places(attributes));
        Ok(())
    }

    /// Marks all objects that have a row to be read anew, as [`expire`](Session::expire) does one. Pending objects
    /// stay as they are.
    pub fn expire_all(&mut self) {
        self.graph.expire_all();
    }

    /// Whether the object, or a column of it, is marked to be read anew.
    pub fn is_expired<T: Mapped>(&self, handle: Handle<T>) -> bool {
        self.graph.resolve(handle).is_ok_and(|id| self.graph.is_expired(id))
    }

    /// The object behind a handle, if it has a row.
    pub(super) fn persistent<T: Mapped>(&self, handle: Handle<T>) -> Result<Id> {
        let id = self.try_id(handle)?;
        let reason = match self.graph.state(id) {
            SlotState::Persistent => return Ok(id),
            SlotState::Pending => "it has no row in the database yet",
            SlotState::Deleted | SlotState::Vacant => "its row was deleted",
        };
        Err(SessionError::NotInSession { entity: T::RUST_NAME, reason }.into())
    }
}
