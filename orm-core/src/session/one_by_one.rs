//! What a session reads one object at a time, by the line of the program that asks: the N+1 problem.

use std::fmt;
use std::panic::Location;

use hashbrown::{HashMap, HashSet};
use orm_query::Value;
use orm_query::mapping::EntityDef;

use super::Session;
use super::graph::Id;
use super::key::Key;
use crate::{Result, SessionError};

/// Something that one line of a program had a session read for one object after the other, each by a statement of its
/// own: see [`Session::one_by_one`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OneByOne {
    /// What was read: `User::addresses`, or `User` where it was [`get`](Session::get).
    pub what: String,
    /// The line.
    pub location: &'static Location<'static>,
    /// For how many objects.
    pub objects: usize,
}

impl fmt::Display for OneByOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` for {} objects one by one, at {}", self.what, self.objects, self.location)
    }
}

/// What is read, and by which line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Place {
    what: String,
    location: &'static Location<'static>,
}

#[derive(PartialEq, Eq, Hash)]
enum Object {
    Id(Id),
    Key(Key),
}

#[derive(Default)]
struct Count {
    /// The objects of this transaction.
    objects: HashSet<Object>,
    /// As many as there were in one transaction.
    most: usize,
}

/// What was read one object at a time.
#[derive(Default)]
pub(super) struct Counts {
    is_strict: bool,
    places: HashMap<Place, Count>,
    order: Vec<Place>,
}

impl Counts {
    pub(super) fn strict(is_strict: bool) -> Self {
        Counts { is_strict, ..Counts::default() }
    }

    /// A relationship of one object is about to be loaded by a statement.
    pub(super) fn load(&mut self, id: Id, name: String, location: &'static Location<'static>) -> Result<()> {
        self.note(name, Object::Id(id), location)
    }

    /// A row is about to be read by its key.
    pub(super) fn get(
        &mut self,
        entity: &EntityDef,
        key: &[Value],
        location: &'static Location<'static>,
    ) -> Result<()> {
        match Key::new(key.to_vec()) {
            Some(key) => self.note(entity.name.to_owned(), Object::Key(key), location),
            None => Ok(()),
        }
    }

    fn note(&mut self, what: String, object: Object, location: &'static Location<'static>) -> Result<()> {
        let is_get = matches!(object, Object::Key(_));
        let place = Place { what, location };
        if !self.places.contains_key(&place) {
            self.order.push(place.clone());
        }
        let count = self.places.entry(place.clone()).or_default();
        count.objects.insert(object);
        count.most = count.most.max(count.objects.len());
        let objects = count.objects.len();
        if self.is_strict && objects > 1 {
            return Err(SessionError::OneByOne { what: place.what, location, objects, is_get }.into());
        }
        Ok(())
    }

    /// The transaction has ended: each counts for itself, as work that is done one transaction at a time must.
    pub(super) fn end_transaction(&mut self) {
        self.places.values_mut().for_each(|count| count.objects.clear());
    }
}

impl Session {
    /// Has loads of one object after the other by one line of the program fail, or not: the N+1 problem. The second
    /// object for which a [`load`](Session::load) or a [`get`](Session::get) of the same line would send SQL within a
    /// transaction is a [`SessionError::OneByOne`], before anything is sent.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     #[relationship(back_populates = user)]
    /// #     posts: Many<Post>,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     title: String,
    /// #     #[column(foreign_key = User::id)]
    /// #     user_id: Option<i64>,
    /// #     #[relationship(back_populates = posts)]
    /// #     user: One<Option<User>>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Post].create_all(&engine).await?;
    /// # engine.execute(insert(User).values([User::new("a"), User::new("b")])).await?;
    /// let mut session = Session::new(&engine);
    /// session.strict(true);
    /// let users = session.all(select(User)).await?;
    /// let mut result = Ok(());
    /// for &user in &users {
    ///     result = session.load(user, User::posts).await;
    /// }
    /// assert!(result.unwrap_err().to_string().contains("`User::posts` is loaded one by one"));
    ///
    /// session.load_many(&users, User::posts).await?; // one SELECT
    /// # Ok(())
    /// # }
    /// ```
    pub fn strict(&mut self, strict: bool) {
        self.counts.is_strict = strict;
    }

    /// What was read for more than one object in a transaction, each by a statement of its own, by the lines that asked:
    /// an empty list is what a test wants. Nothing fails because of it, unless the session is
    /// [strict](Session::strict).
    pub fn one_by_one(&self) -> Vec<OneByOne> {
        let found = self.counts.order.iter().filter_map(|place| {
            let Place { what, location } = place;
            let objects = self.counts.places.get(place).map_or(0, |count| count.most);
            (objects > 1).then(|| OneByOne { what: what.clone(), location, objects })
        });
        found.collect()
    }
}
