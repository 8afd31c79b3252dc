use std::any::Any;

use super::arena::Arena;
use super::{Children, EntityDef, Mapped, Relation};
use crate::{DecodeError, Row, Value, ValueError};

/// The objects of one mapped struct in a session, seen without the struct's type.
///
/// A place in a store (a *slot*) is never used for another object; where many of them are vacant, they take no memory.
pub trait Store: Any + Send + Sync {
    /// What the objects are.
    fn entity(&self) -> &'static EntityDef;
    /// How many slots there are, the vacant ones included.
    fn len(&self) -> u32;
    /// Whether there is no slot.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// What the slot holds; vacant where there is none.
    fn state(&self, slot: u32) -> SlotState;
    /// Sets the state of a slot that is not vacant.
    fn set_state(&mut self, slot: u32, state: SlotState);
    /// Reads a row into a new slot.
    ///
    /// # Errors
    /// When a value does not fit its field.
    fn push_row(&mut self, row: &dyn Row, at: usize) -> Result<u32, DecodeError>;
    /// Reads a row over the columns of a slot and forgets what was changed in them; relationships stay, changed or
    /// not.
    ///
    /// # Errors
    /// When a value does not fit its field.
    fn overwrite(&mut self, slot: u32, row: &dyn Row, at: usize) -> Result<(), DecodeError>;
    /// Reads a row over columns of a slot, all of them where there is no list; one that was changed keeps its change,
    /// which is told from the row's value then.
    ///
    /// # Errors
    /// When a value does not fit its field.
    fn overwrite_unchanged(
        &mut self,
        slot: u32,
        columns: Option<&[usize]>,
        row: &dyn Row,
        at: usize,
    ) -> Result<(), DecodeError>;
    /// Reads from a row over a slot what is absent there, and not in the row. A value that was given to it meanwhile
    /// stays, as a change.
    ///
    /// # Errors
    /// When a value does not fit its field.
    fn fill_absent(&mut self, slot: u32, row: &dyn Row, at: usize) -> Result<(), DecodeError>;
    /// Whether the row has what is absent in a slot.
    fn can_fill_absent(&self, slot: u32, row: &dyn Row, at: usize) -> bool;
    /// Makes columns absent that can be, but where they were changed.
    fn leave_out(&mut self, slot: u32, columns: &[usize]);
    /// Whether a column is to be written: it is not what the database last had, and not absent.
    fn is_changed(&self, slot: u32, column: usize) -> bool;
    /// The value of a column; `None` while it is unset.
    fn value(&self, slot: u32, column: usize) -> Option<Value>;
    /// The value of a column as the database last had it.
    fn stored_value(&self, slot: u32, column: usize) -> Option<Value>;
    /// Overwrites a column without marking a change.
    ///
    /// # Errors
    /// When the value is of another type.
    fn put(&mut self, slot: u32, column: usize, value: Value) -> Result<(), ValueError>;
    /// Overwrites a column with what the database has now; a change of it that was not written stays.
    ///
    /// # Errors
    /// When the value is of another type.
    fn put_stored(&mut self, slot: u32, column: usize, value: Value) -> Result<(), ValueError>;
    /// What a relationship field holds.
    fn relation(&self, slot: u32, index: usize) -> &Relation;
    /// What a relationship field held when it was last written or read.
    fn stored_relation(&self, slot: u32, index: usize) -> &Relation;
    /// A relationship field, to change without marking a change.
    fn relation_mut(&mut self, slot: u32, index: usize) -> &mut Relation;
    /// Sets a relationship field as read from the database: it counts as unchanged.
    fn set_loaded(&mut self, slot: u32, index: usize, relation: Relation);
    /// Keeps a copy of the value, from which changes are told, unless there is one.
    fn touch(&mut self, slot: u32);
    /// Whether a copy is kept.
    fn is_touched(&self, slot: u32) -> bool;
    /// The slots that were touched, some of them perhaps settled since.
    fn touched(&self) -> &[u32];
    /// Forgets which slots were touched.
    fn clear_touched(&mut self);
    /// Takes the kept copy, if there is one; the value counts as unchanged afterwards.
    fn settle(&mut self, slot: u32) -> Option<Box<dyn Any + Send + Sync>>;
    /// A copy of the value as it was last written or read; the kept copy stays.
    fn snapshot(&self, slot: u32) -> Option<Box<dyn Any + Send + Sync>>;
    /// Puts a snapshot back; a value that was changed since is dropped.
    fn restore(&mut self, slot: u32, snapshot: Option<Box<dyn Any + Send + Sync>>, state: SlotState);
    /// Puts the kept copy back.
    fn revert(&mut self, slot: u32);
    /// Puts columns of the kept copy back; other changes stay.
    fn revert_columns(&mut self, slot: u32, columns: &[usize]);
    /// Drops the object; its slot stays vacant.
    fn vacate(&mut self, slot: u32);
    /// Moves an object to another store of its struct, as a new one there; its place in that store.
    ///
    /// # Panics
    /// When the slot is vacant, or `to` is of another struct.
    fn move_to(&mut self, slot: u32, to: &mut dyn Store) -> u32;
    /// Copies of the objects as owned children, their relationships unloaded.
    fn copy_out(&self, slots: &[u32]) -> Box<dyn Children>;
    /// A copy of all of it.
    fn boxed_clone(&self) -> Box<dyn Store>;
    /// For the way back to the typed store.
    fn as_any(&self) -> &dyn Any;
    /// For the way back to the typed store.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SlotState {
    /// Nothing: it was never used, or its object left the session.
    #[default]
    Vacant,
    /// An object that the next flush inserts.
    Pending,
    /// An object that stands for a row.
    Persistent,
    /// An object whose row was deleted in this transaction.
    Deleted,
}

impl Clone for Box<dyn Store> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// The objects of one mapped struct in a session.
#[derive(Debug, Clone)]
pub struct Slots<T> {
    slots: Arena<Slot<T>>,
    touched: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    now: Option<T>,
    before: Option<Box<T>>,
    state: SlotState,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { now: None, before: None, state: SlotState::Vacant }
    }
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { slots: Arena::default(), touched: Vec::new() }
    }
}

const VACANT: &str = "the slot is not vacant";

impl<T: Mapped> Slots<T> {
    /// The typed store behind `store`.
    ///
    /// # Panics
    /// When `store` is of another struct, which its caller looked up by type.
    pub fn of(store: &dyn Store) -> &Self {
        store.as_any().downcast_ref().expect("the store was looked up by its type")
    }

    /// The typed store behind `store`.
    ///
    /// # Panics
    /// When `store` is of another struct, which its caller looked up by type.
    pub fn of_mut(store: &mut dyn Store) -> &mut Self {
        store.as_any_mut().downcast_mut().expect("the store was looked up by its type")
    }

    /// Takes a new object in.
    pub fn push_new(&mut self, value: T) -> u32 {
        self.push(value, SlotState::Pending)
    }

    /// The object, unless the slot is vacant.
    pub fn get(&self, slot: u32) -> Option<&T> {
        self.slots.get(slot as usize)?.now.as_ref()
    }

    /// The object, to change: a copy of one that has a row is kept from now on.
    pub fn get_mut(&mut self, slot: u32) -> Option<&mut T> {
        if self.state(slot) != SlotState::Pending {
            self.touch(slot);
        }
        self.slots.get_mut(slot as usize)?.now.as_mut()
    }

    /// Edits an object that was just read: nothing of its columns counts as a change afterwards. `None` where the slot
    /// is vacant.
    pub fn edit_read<R>(&mut self, slot: u32, edit: impl FnOnce(&mut T) -> R) -> Option<R> {
        let slot = self.slots.get_mut(slot as usize)?;
        let now = slot.now.as_mut()?;
        let edited = edit(now);
        if let Some(before) = &mut slot.before {
            let mut read = now.clone();
            for index in 0..T::RELATIONSHIPS.len() {
                *read.relation_mut(index) = std::mem::take(before.relation_mut(index));
            }
            **before = read;
        }
        Some(edited)
    }

    /// Moves the object out; the slot is vacant afterwards.
    pub fn take(&mut self, slot: u32) -> Option<T> {
        let place = self.slots.get_mut(slot as usize)?;
        let Slot { now, .. } = std::mem::take(place);
        if now.is_some() {
            self.slots.emptied(slot as usize);
        }
        now
    }

    fn push(&mut self, value: T, state: SlotState) -> u32 {
        let slot =
            u32::try_from(self.slots.len()).expect("fewer than 2^32 objects of one struct in a session");
        self.slots.push(Slot { now: Some(value), before: None, state });
        slot
    }

    fn now(&self, slot: u32) -> &T {
        self.slots[slot as usize].now.as_ref().expect(VACANT)
    }

    fn now_mut(&mut self, slot: u32) -> &mut T {
        self.slots[slot as usize].now.as_mut().expect(VACANT)
    }

    fn stored(&self, slot: u32) -> &T {
        match &self.slots[slot as usize].before {
            Some(before) => before,
            None => self.now(slot),
        }
    }
}

/// Writes a column of `value`, which was read from a row, into an object; one that the row left out stays.
fn put_read<T: Mapped>(
    object: &mut T,
    column: usize,
    value: &T,
    row: &dyn Row,
    at: usize,
) -> Result<(), DecodeError> {
    match value.value(column).map(|value| object.put(column, value)) {
        Some(Err(error)) => Err(DecodeError::new(row, at + column, error.expected, error.to_string())),
        Some(Ok(())) | None => Ok(()),
    }
}

impl<T: Mapped> Store for Slots<T> {
    fn entity(&self) -> &'static EntityDef {
        T::ENTITY
    }

    fn len(&self) -> u32 {
        self.slots.len() as u32
    }

    fn state(&self, slot: u32) -> SlotState {
        self.slots.get(slot as usize).map_or(SlotState::Vacant, |s| s.state)
    }

    fn set_state(&mut self, slot: u32, state: SlotState) {
        self.slots[slot as usize].state = state;
    }

    fn push_row(&mut self, row: &dyn Row, at: usize) -> Result<u32, DecodeError> {
        let value = T::decode(row, at)?;
        Ok(self.push(value, SlotState::Persistent))
    }

    fn overwrite(&mut self, slot: u32, row: &dyn Row, at: usize) -> Result<(), DecodeError> {
        let value = T::decode(row, at)?;
        let place = &mut self.slots[slot as usize];
        for old in place.now.iter_mut().chain(place.before.as_deref_mut()) {
            let mut value = value.clone();
            for index in 0..T::RELATIONSHIPS.len() {
                *value.relation_mut(index) = std::mem::take(old.relation_mut(index));
            }
            *old = value;
        }
        Ok(())
    }

    fn overwrite_unchanged(
        &mut self,
        slot: u32,
        columns: Option<&[usize]>,
        row: &dyn Row,
        at: usize,
    ) -> Result<(), DecodeError> {
        if columns.is_none() && !self.is_touched(slot) {
            return self.overwrite(slot, row, at);
        }
        let value = T::decode(row, at)?;
        let Slot { now: Some(now), before, .. } = &mut self.slots[slot as usize] else { return Ok(()) };
        let expired: Vec<usize> = match columns {
            Some(columns) => columns.to_vec(),
            None => (0..T::ENTITY.width()).collect(),
        };
        let put = |to: &mut T, column: usize| put_read(to, column, &value, row, at);
        for column in expired {
            let is_changed = before.as_ref().is_some_and(|before| before.value(column) != now.value(column));
            if row.is_absent(at + column) {
                // What is expired and not read anew is nothing to go by.
                for object in
                    before.iter_mut().map(|before| &mut **before).chain((!is_changed).then_some(&mut *now))
                {
                    object.leave_out(column);
                }
                continue;
            }
            if let Some(before) = before {
                put(before, column)?;
            }
            if !is_changed {
                put(now, column)?;
            }
        }
        Ok(())
    }

    fn fill_absent(&mut self, slot: u32, row: &dyn Row, at: usize) -> Result<(), DecodeError> {
        let value = T::decode(row, at)?;
        let Slot { now: Some(now), before, .. } = &mut self.slots[slot as usize] else { return Ok(()) };
        for column in (0..T::ENTITY.width()).filter(|&column| T::ENTITY.deferral(column).is_some()) {
            for object in [Some(&mut *now), before.as_deref_mut()].into_iter().flatten() {
                if object.value(column).is_none() {
                    put_read(object, column, &value, row, at)?;
                }
            }
        }
        Ok(())
    }

    fn can_fill_absent(&self, slot: u32, row: &dyn Row, at: usize) -> bool {
        let stored = self.stored(slot);
        let is_missing =
            |column: usize| T::ENTITY.deferral(column).is_some() && stored.value(column).is_none();
        (0..T::ENTITY.width()).any(|column| !row.is_absent(at + column) && is_missing(column))
    }

    fn leave_out(&mut self, slot: u32, columns: &[usize]) {
        let Slot { now: Some(now), before, .. } = &mut self.slots[slot as usize] else { return };
        for &column in columns {
            let is_changed = before.as_ref().is_some_and(|before| before.value(column) != now.value(column));
            if let Some(before) = before {
                before.leave_out(column);
            }
            if !is_changed {
                now.leave_out(column);
            }
        }
    }

    fn is_changed(&self, slot: u32, column: usize) -> bool {
        let now = self.now(slot).value(column);
        now != self.stored(slot).value(column) && (now.is_some() || T::ENTITY.deferral(column).is_none())
    }

    fn value(&self, slot: u32, column: usize) -> Option<Value> {
        self.now(slot).value(column)
    }

    fn stored_value(&self, slot: u32, column: usize) -> Option<Value> {
        self.stored(slot).value(column)
    }

    fn put(&mut self, slot: u32, column: usize, value: Value) -> Result<(), ValueError> {
        self.now_mut(slot).put(column, value)
    }

    fn put_stored(&mut self, slot: u32, column: usize, value: Value) -> Result<(), ValueError> {
        let s = &mut self.slots[slot as usize];
        let is_changed = match (&s.now, &s.before) {
            (Some(now), Some(before)) => now.value(column) != before.value(column),
            _ => false,
        };
        if let Some(before) = &mut s.before {
            before.put(column, value.clone())?;
        }
        match &mut s.now {
            Some(now) if !is_changed => now.put(column, value),
            _ => Ok(()),
        }
    }

    fn relation(&self, slot: u32, index: usize) -> &Relation {
        self.now(slot).relation(index)
    }

    fn stored_relation(&self, slot: u32, index: usize) -> &Relation {
        self.stored(slot).relation(index)
    }

    fn relation_mut(&mut self, slot: u32, index: usize) -> &mut Relation {
        self.now_mut(slot).relation_mut(index)
    }

    fn set_loaded(&mut self, slot: u32, index: usize, relation: Relation) {
        if let Some(before) = &mut self.slots[slot as usize].before {
            *before.relation_mut(index) = relation.clone();
        }
        *self.relation_mut(slot, index) = relation;
    }

    fn touch(&mut self, slot: u32) {
        if let Some(s) = self.slots.get_mut(slot as usize)
            && s.before.is_none()
            && s.state != SlotState::Vacant
        {
            s.before = s.now.clone().map(Box::new);
            self.touched.push(slot);
        }
    }

    fn is_touched(&self, slot: u32) -> bool {
        self.slots.get(slot as usize).is_some_and(|s| s.before.is_some())
    }

    fn touched(&self) -> &[u32] {
        &self.touched
    }

    fn clear_touched(&mut self) {
        self.touched.clear();
    }

    fn settle(&mut self, slot: u32) -> Option<Box<dyn Any + Send + Sync>> {
        Some(self.slots.get_mut(slot as usize)?.before.take()?)
    }

    fn snapshot(&self, slot: u32) -> Option<Box<dyn Any + Send + Sync>> {
        let s = self.slots.get(slot as usize)?;
        Some(s.before.clone().or_else(|| s.now.clone().map(Box::new))?)
    }

    fn restore(&mut self, slot: u32, snapshot: Option<Box<dyn Any + Send + Sync>>, state: SlotState) {
        drop(self.take(slot));
        if let Some(value) = snapshot.and_then(|s| s.downcast::<T>().ok()) {
            self.slots.refilled(slot as usize);
            self.slots[slot as usize] = Slot { now: Some(*value), before: None, state };
        }
    }

    fn revert(&mut self, slot: u32) {
        if let Some(s) = self.slots.get_mut(slot as usize)
            && let Some(before) = s.before.take()
        {
            s.now = Some(*before);
        }
    }

    fn revert_columns(&mut self, slot: u32, columns: &[usize]) {
        if let Some(Slot { now: Some(now), before: Some(before), .. }) = self.slots.get_mut(slot as usize) {
            for &column in columns {
                match before.value(column) {
                    Some(value) => now.put(column, value).expect("a field takes the value that it gave"),
                    None => now.leave_out(column),
                }
            }
        }
    }

    fn vacate(&mut self, slot: u32) {
        self.take(slot);
    }

    fn move_to(&mut self, slot: u32, to: &mut dyn Store) -> u32 {
        Slots::<T>::of_mut(to).push_new(self.take(slot).expect(VACANT))
    }

    fn copy_out(&self, slots: &[u32]) -> Box<dyn Children> {
        let copies: Vec<T> = slots
            .iter()
            .filter_map(|&slot| self.get(slot))
            .map(|value| {
                let mut copy = value.clone();
                for index in 0..T::RELATIONSHIPS.len() {
                    *copy.relation_mut(index) = Relation::Unloaded;
                }
                copy
            })
            .collect();
        Box::new(copies)
    }

    fn boxed_clone(&self) -> Box<dyn Store> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
