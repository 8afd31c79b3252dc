//! Detached values that become persistent without a statement.

use hashbrown::{HashMap, HashSet};
use orm_query::Mapped;
use orm_query::mapping::SlotState;

use super::given::{ByKey, Given};
use super::graph::{Graph, Id, reverse};
use super::key::Key;
use super::{Handle, Session};
use crate::{Result, SessionError};

impl Session {
    /// Takes a value in that stands for a row as it is, without a statement: SQLAlchemy's `make_transient_to_detached`
    /// and `add`. The owned objects below it come in as well, and its relationships that hold some, or an empty list,
    /// count as loaded; others stay unloaded. What the row really has is not looked at: later changes are told from
    /// the value that is given. Where that may be out of date, [`merge`](Session::merge).
    ///
    /// One object that is given several times, as [`detach`](Session::detach) gives one that is shared, must be the
    /// same each time. After an error nothing was attached. As in SQLAlchemy it is no part of the transaction: like an
    /// object that was read, an attached one stays after a rollback, with the values that it came with.
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
    /// let sandy = session.add(User::new("sandy"));
    /// session.commit().await?;
    /// let owned: User = session.detach(sandy);
    ///
    /// let mut other = Session::new(&engine);
    /// let sandy = other.attach(owned)?;
    /// other[sandy].name = "Sandy".into();
    /// other.commit().await?; // an UPDATE, without a SELECT before
    /// # assert_eq!(engine.one(select(User::name)).await?, "Sandy");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::NoIdentity`] where the key of one of the objects is not set, so that it stands for no row;
    /// [`SessionError::DuplicateKey`] where the session has an object of that key, or it is given twice and not the
    /// same.
    pub fn attach<T: Mapped>(&mut self, value: T) -> Result<Handle<T>> {
        let given = Given::new([value], |_, _| true);
        let ids = self.graph.attach(given)?;
        Ok(self.graph.handle(ids[0]))
    }
}

impl Graph {
    /// The objects that the given values became.
    fn attach(&mut self, mut given: Given) -> Result<Vec<Id>> {
        let first = self.check_attached(&given)?;
        let mut places: Vec<Id> = Vec::with_capacity(first.len());
        for (value, &first) in first.iter().enumerate() {
            if first < value {
                places.push(places[first]);
                continue;
            }
            let id = given.move_to(value, self);
            self.store_mut(id).set_state(id.slot, SlotState::Persistent);
            self.enter_identity(id);
            places.push(id);
        }
        for (value, &id) in places.iter().enumerate() {
            for field in &given.values[value].fields {
                let mut children: Vec<Id> = places[field.children.clone()].to_vec();
                super::load::dedupe(&mut children);
                let slots = children.iter().map(|child| child.slot).collect();
                match field.partial {
                    true => self.load_part(id, field.index, slots),
                    false => self.set_loaded(id, field.index, slots),
                }
                self.attach_back(id, field.index, &children);
            }
        }
        places.truncate(given.roots);
        Ok(places)
    }

    /// The first of the given values for the same object, for each of them.
    fn check_attached(&self, given: &Given) -> Result<Vec<usize>> {
        let mut known: ByKey<usize> = HashMap::new();
        let mut first = Vec::with_capacity(given.values.len());
        for value in 0..given.values.len() {
            let entity = given.entity(value);
            let key = given.key(value);
            let column = key.as_ref().err().copied().unwrap_or_default();
            let Some(key) = key.ok().and_then(Key::new) else {
                return Err(SessionError::NoIdentity { entity: entity.name, column }.into());
            };
            let is_here = self.find_kind(entity).and_then(|kind| self.lookup(kind, &key)).is_some();
            let name = || SessionError::DuplicateKey { entity: entity.name, key: key.to_string() };
            if is_here {
                return Err(name().into());
            }
            let found = known.get(&((entity.type_id)(), key.clone())).copied();
            let columns = 0..entity.table.columns.len();
            let differs =
                |known: usize| columns.into_iter().any(|c| given.column(known, c) != given.column(value, c));
            if found.is_some_and(differs) {
                return Err(name().into());
            }
            first.push(found.unwrap_or(value));
            known.entry(((entity.type_id)(), key)).or_insert(value);
        }
        let mut fields: HashMap<(usize, usize), HashSet<usize>> = HashMap::new();
        for (value, &known) in first.iter().enumerate() {
            for field in &given.values[value].fields {
                let children: HashSet<usize> = field.children.clone().map(|child| first[child]).collect();
                let before = fields.entry((known, field.index)).or_insert_with(|| children.clone());
                if *before != children {
                    let key = given.key(value).ok().and_then(Key::new);
                    let (entity, key) = (given.entity(value).name, key.map(|key| key.to_string()));
                    return Err(SessionError::DuplicateKey { entity, key: key.unwrap_or_default() }.into());
                }
            }
        }
        Ok(first)
    }

    /// The way back of children that came with their parent and have its key.
    fn attach_back(&mut self, id: Id, index: usize, children: &[Id]) {
        let relationship = &self.entity(id).relationships[index];
        let Some(back) = reverse(relationship) else { return };
        for &child in children {
            if self.parent_in_row(child, relationship) == Some(id)
                && !self.entity(child).relationships[back].to_many
            {
                self.load_back(child, back, id);
            }
        }
    }
}
