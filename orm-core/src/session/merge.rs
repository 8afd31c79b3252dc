//! Values that are brought together with the objects of a session.

use std::ops::Range;

use hashbrown::HashSet;
use orm_query::mapping::{EntityDef, JoinOn, Lazy, RelationshipDef, SlotState};
use orm_query::schema::Version;
use orm_query::{Mapped, Value};

use super::given::{ByKey, Given, GivenField, GivenValue, is_same, is_way_back};
use super::graph::{Graph, Id, put};
use super::key::Key;
use super::load::{self, dedupe};
use super::{Handle, Session};
use crate::{Error, Result};

impl Session {
    /// Brings a value together with the object of its key, and gives that object: the one that is here already, or
    /// the row, or, where there is none or the key is not set, a new object.
    ///
    /// Every column is copied onto the object, but for an `Auto` without a value. Owned objects in relationships with
    /// the `merge` cascade, which a relationship has unless it says otherwise, are merged too, and the relationship
    /// leads to them afterwards and to nothing else: what is missing is taken out as by [`remove`](Session::remove),
    /// with all that follows. Relationships that the value does not hold are left alone, and so are those without the
    /// cascade. Between the two sides of a relationship it is the one nearer to the value that counts: the key of a
    /// child, and its way back, are those of the parent that it was given with.
    ///
    /// So what [`detach`](Session::detach) gave may be changed outside, and come back:
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     #[relationship(back_populates = user, cascade = "all, delete-orphan", order_by = Post::id)]
    /// #     posts: Many<Post>,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     title: String,
    /// #     #[column(foreign_key = User::id)]
    /// #     user_id: i64,
    /// #     #[relationship(back_populates = posts)]
    /// #     user: One<User>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Post].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// let sandy = session.add(User { posts: many![Post::new("a"), Post::new("b")], ..User::new("sandy") });
    /// session.commit().await?;
    /// let mut owned = session.detach(sandy);
    ///
    /// let posts = owned.posts.loaded_mut().unwrap();
    /// posts.remove(0);
    /// posts[0].title = "B".into();
    /// posts.push(Post::new("c"));
    ///
    /// let mut other = Session::new(&engine);
    /// other.merge(owned).await?;
    /// other.commit().await?; // an UPDATE, an INSERT, and a DELETE of the orphan
    /// let titles = engine.all(select(Post::title).order_by(Post::id)).await?;
    /// assert_eq!(titles, ["B", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It flushes first, once. Then it reads what is not here: the rows of all keys of one struct, and of one level of
    /// the tree, by one SELECT, and the collections of one relationship by another. An object that is given several
    /// times becomes one: of its values those that differ from the row count, and the last of them.
    ///
    /// # Errors
    /// [`Error::StaleData`] where the value has another version than the row, and what the database says. After an
    /// error no object has been changed.
    pub async fn merge<T: Mapped>(&mut self, value: T) -> Result<Handle<T>> {
        let merged = self.merge_given(Given::new([value], follows)).await?;
        Ok(self.graph.handle(merged[0]))
    }

    /// Merges several values as one tree: the statements are shared, and a value that is given twice becomes one
    /// object. The objects, in the order of the values.
    ///
    /// # Errors
    /// Those of [`merge`](Session::merge).
    pub async fn merge_all<T: Mapped>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> Result<Vec<Handle<T>>> {
        let given = Given::new(values, follows);
        let merged = self.merge_given(given).await?;
        Ok(merged.into_iter().map(|id| self.graph.handle(id)).collect())
    }

    async fn merge_given(&mut self, mut given: Given) -> Result<Vec<Id>> {
        if self.autoflush {
            self.flush().await?;
        }
        let mut targets = Targets::default();
        for level in given.levels() {
            self.find(&mut given, &mut targets, level.clone()).await?;
            self.load_collections(&given, &targets, level).await?;
        }
        let linked = self.find_links(&given, &targets).await?;
        let merged = self.graph.merge(given, &targets.of, &linked)?;
        self.tell_attributes();
        Ok(merged)
    }

    /// The members of write-only collections that are linked already: what is in such a collection is not loaded, and a
    /// link is not written twice.
    async fn find_links(&mut self, given: &Given, targets: &Targets) -> Result<Linked> {
        let mut asked: Vec<(&'static RelationshipDef, usize, Vec<(Id, Id)>)> = Vec::new();
        for (value, target) in targets.of.iter().enumerate() {
            let Target::Row(id) = *target else { continue };
            for GivenField { index, children, .. } in &given.values[value].fields {
                let relationship = &given.entity(value).relationships[*index];
                let is_linked = matches!(relationship.join, JoinOn::Secondary { .. });
                if relationship.lazy != Lazy::WriteOnly || !is_linked || self.graph.has_edits(id, *index) {
                    continue;
                }
                let rows = targets.of[children.clone()].iter().filter_map(Target::row);
                let pairs: Vec<(Id, Id)> = rows.map(|child| (id, child)).collect();
                match asked.iter_mut().find(|(of, ..)| is_same(of, relationship)) {
                    Some((_, _, all)) => all.extend(pairs),
                    None => asked.push((relationship, *index, pairs)),
                }
            }
        }
        let mut linked = Linked::new();
        for (relationship, index, pairs) in asked {
            if pairs.is_empty() {
                continue;
            }
            self.connection().await?;
            let (graph, connection) = self.parts()?;
            let found = load::linked_pairs(graph, connection, relationship, &pairs).await?;
            linked.extend(found.into_iter().map(|(parent, child)| (parent, index, child)));
        }
        Ok(linked)
    }

    /// Finds the objects that the values of one level are merged into.
    async fn find(&mut self, given: &mut Given, targets: &mut Targets, level: Range<usize>) -> Result<()> {
        let mut missing: Vec<(&'static EntityDef, Vec<Vec<Value>>)> = Vec::new();
        let mut asked = HashSet::new();
        let mut expired = Vec::new();
        let mut keys = Vec::with_capacity(level.len());
        for value in level.clone() {
            given.carry_keys(value);
            let entity = given.entity(value);
            let values = given.key(value).ok();
            let key = values.clone().and_then(Key::new);
            let here = key.as_ref().and_then(|key| self.graph.find_row(entity, key));
            expired.extend(here.filter(|&id| self.graph.is_expired(id)));
            if let (Some(values), Some(key)) = (values, &key)
                && targets.known(entity, key).is_none()
                && here.is_none_or(|id| self.graph.is_expired(id))
                && asked.insert(((entity.type_id)(), key.clone()))
            {
                match missing.iter_mut().find(|(of, _)| *of == entity) {
                    Some((_, keys)) => keys.push(values),
                    None => missing.push((entity, vec![values])),
                }
            }
            keys.push(key);
        }
        for (entity, keys) in missing {
            self.connection().await?;
            let (graph, connection) = self.parts()?;
            load::by_keys(graph, connection, entity, keys).await?;
        }
        for id in expired {
            if self.graph.is_expired(id) {
                // Its row was asked for, and is gone.
                self.graph.lose(id);
            }
        }
        for (value, key) in level.zip(keys) {
            let entity = given.entity(value);
            let target = match key {
                None => Target::New(value),
                Some(key) => {
                    let known = targets.known(entity, &key);
                    let found = || self.graph.find_row(entity, &key).map_or(Target::New(value), Target::Row);
                    let target = known.unwrap_or_else(found);
                    targets.by_key.insert(((entity.type_id)(), key), target);
                    target
                }
            };
            if let Target::Row(id) = target {
                check_version(&self.graph, given, value, id)?;
            }
            targets.of.push(target);
        }
        Ok(())
    }

    /// Loads the relationships that the values of one level come with, where they are not loaded: what is in them and
    /// not given is to be taken out.
    async fn load_collections(
        &mut self,
        given: &Given,
        targets: &Targets,
        level: Range<usize>,
    ) -> Result<()> {
        let mut wanted: Vec<(&'static RelationshipDef, Vec<Id>)> = Vec::new();
        for value in level {
            let Target::Row(id) = targets.of[value] else { continue };
            if !given.values[value].fields.is_empty() {
                self.graph.adopt(id, false);
            }
            for field in &given.values[value].fields {
                let relationship = &given.entity(value).relationships[field.index];
                let is_parent = matches!(relationship.join, JoinOn::SourceKey(_));
                let is_known = self.graph.is_whole(id, field.index) || relationship.lazy == Lazy::WriteOnly;
                if is_parent || is_known || (field.partial && field.children.is_empty()) {
                    continue;
                }
                match wanted.iter_mut().find(|(of, _)| is_same(of, relationship)) {
                    Some((_, ids)) => ids.push(id),
                    None => wanted.push((relationship, vec![id])),
                }
            }
        }
        for (relationship, mut ids) in wanted {
            dedupe(&mut ids);
            self.connection().await?;
            let (graph, connection) = self.parts()?;
            load::load_with_defaults(graph, connection, &ids, relationship).await?;
        }
        Ok(())
    }
}

/// Which relationships a merge follows.
fn follows(relationship: &RelationshipDef, led_by: Option<&RelationshipDef>) -> bool {
    relationship.cascade.merge && !relationship.view_only && !is_way_back(relationship, led_by)
}

/// What a value is merged into.
#[derive(Debug, Clone, Copy)]
enum Target {
    /// An object that stands for a row.
    Row(Id),
    /// A new object, made of that given value.
    New(usize),
}

impl Target {
    fn row(&self) -> Option<Id> {
        match *self {
            Target::Row(id) => Some(id),
            Target::New(_) => None,
        }
    }
}

/// Parents, the places of relationships, and children that are linked in the database.
type Linked = HashSet<(Id, usize, Id)>;

/// What the given values are merged into, so far.
#[derive(Default)]
struct Targets {
    of: Vec<Target>,
    by_key: ByKey<Target>,
}

impl Targets {
    fn known(&self, entity: &EntityDef, key: &Key) -> Option<Target> {
        self.by_key.get(&((entity.type_id)(), key.clone())).copied()
    }
}

impl Given {
    /// The values level by level, those that belong to no other first.
    fn levels(&self) -> Vec<Range<usize>> {
        let mut levels = Vec::new();
        let mut level = 0..self.roots;
        while !level.is_empty() {
            let next =
                level.clone().flat_map(|value| &self.values[value].fields).map(|f| f.children.end).max();
            levels.push(level.clone());
            level = level.end..next.unwrap_or(level.end);
        }
        levels
    }
}

/// The position of the column that tells one state of a row from the next.
fn version_position(entity: &EntityDef) -> Option<usize> {
    entity.table.columns.iter().position(|column| column.version.is_some())
}

/// A version that is given must be that of the row.
fn check_version(graph: &Graph, given: &Given, value: usize, id: Id) -> Result<()> {
    let entity = graph.entity(id);
    let Some(position) = version_position(entity) else { return Ok(()) };
    let starts_at_zero = match entity.table.columns[position].version {
        Some(Version::Next(first)) => first(None).is_zero(),
        Some(Version::Server) | None => true,
    };
    let is_unset = |version: &Value| version.is_null() || (version.is_zero() && !starts_at_zero);
    let version = given.column(value, position).filter(|version| !is_unset(version));
    if version.is_some() && graph.store(id).stored_value(id.slot, position) != version {
        let table = entity.table.full_name();
        return Err(Error::StaleData { action: "merge", table, expected: 1, matched: 0 });
    }
    Ok(())
}

impl Graph {
    /// The object of a key that stands for a row.
    fn find_row(&self, entity: &EntityDef, key: &Key) -> Option<Id> {
        let found = self.lookup(self.find_kind(entity)?, key)?;
        (self.state(found) == SlotState::Persistent).then_some(found)
    }

    /// Copies the values onto what they are merged into, and sets the relationships; the objects of the roots.
    fn merge(&mut self, mut given: Given, targets: &[Target], linked: &Linked) -> Result<Vec<Id>> {
        let mut places: Vec<Id> = Vec::with_capacity(targets.len());
        let mut copied = HashSet::new();
        for (value, &target) in targets.iter().enumerate() {
            let id = match target {
                Target::Row(id) => id,
                Target::New(first) if first < value => places[first],
                Target::New(_) => {
                    let Id { kind, slot } = given.move_to(value, self);
                    let id = self.enlist(kind, slot);
                    self.adopt(id, true);
                    copied.insert(id);
                    places.push(id);
                    continue;
                }
            };
            self.copy_columns(&given, value, id, !copied.insert(id))?;
            places.push(id);
        }
        for (value, &id) in places.iter().enumerate() {
            for GivenField { index, children, partial } in &given.values[value].fields {
                let mut members = places[children.clone()].to_vec();
                dedupe(&mut members);
                members.retain(|&member| !linked.contains(&(id, *index, member)));
                self.merge_relationship(id, *index, &members, *partial);
            }
        }
        places.truncate(given.roots);
        Ok(places)
    }

    /// Copies the columns that are set and differ. `again`: onto an object that took those of another value before.
    fn copy_columns(&mut self, given: &Given, value: usize, id: Id, again: bool) -> Result<()> {
        let entity = self.entity(id);
        let carried = carried_columns(given, value);
        let version = version_position(entity);
        for (position, column) in entity.table.columns.iter().enumerate() {
            if column.primary_key
                || column.computed.is_some()
                || version == Some(position)
                || carried.contains(&position)
            {
                continue;
            }
            let Some(new) = given.column(value, position) else { continue };
            let store = self.store(id);
            let is_as_read = again && store.stored_value(id.slot, position).as_ref() == Some(&new);
            if is_as_read || store.value(id.slot, position).as_ref() == Some(&new) {
                continue;
            }
            self.touch(id);
            put(self, id, position, new)?;
        }
        Ok(())
    }

    /// A relationship leads to the members afterwards, and to nothing else; where they are a part, it leads to what it led
    /// to as well.
    fn merge_relationship(&mut self, id: Id, index: usize, members: &[Id], partial: bool) {
        let relationship = &self.entity(id).relationships[index];
        let adds = partial || relationship.lazy == Lazy::WriteOnly;
        if relationship.to_many && adds {
            for &member in members {
                let is_in = self.links(id, index).is_some_and(|links| links.contains(&member.slot));
                if !is_in && self.parent_in_row(member, relationship) != Some(id) {
                    self.link(id, index, member);
                }
            }
            return;
        }
        if relationship.to_many {
            self.replace(id, index, members);
            return;
        }
        let Some(&target) = members.first() else {
            if !partial {
                self.clear(id, index);
            }
            return;
        };
        self.forget_part(id, index);
        let is_there = self.links(id, index).is_none()
            && self.parent_in_row(id, relationship) == Some(target)
            && self.parent_of_key(id, relationship) == Some(target);
        if is_there {
            self.load_links(id, index, vec![target.slot]);
        } else {
            self.link(id, index, target);
        }
    }
}

/// The columns of a value that its relationships set, and not the value itself.
fn carried_columns(given: &Given, value: usize) -> Vec<usize> {
    let table = given.entity(value).table;
    let GivenValue { above, fields, .. } = &given.values[value];
    let by_parent = above
        .map(|(_, relationship)| relationship)
        .filter(|relationship| matches!(relationship.join, JoinOn::TargetKey(_)));
    let own = fields.iter().map(|field| &given.entity(value).relationships[field.index]);
    let own = own.filter(|relationship| matches!(relationship.join, JoinOn::SourceKey(_)));
    let keys = by_parent.into_iter().chain(own).filter_map(RelationshipDef::foreign_key);
    keys.flat_map(|key| key.columns.iter().filter_map(|name| table.position(name))).collect()
}
