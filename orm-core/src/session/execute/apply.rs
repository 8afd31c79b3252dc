use hashbrown::HashSet;
use orm_query::Value;
use orm_query::mapping::{JoinOn, RelationshipDef, SlotState};
use orm_query::schema::ForeignKeyDef;

use super::super::graph::{Graph, Id};
use super::super::key::Key;
use super::following::{Effect, Following, Kind, Match, Matches};

impl Following {
    /// The statement has run: the objects whose rows it matched follow it.
    pub(in crate::session) fn apply(self, graph: &mut Graph) {
        let Following { effect, kinds, matches, unread, rows, read } = self;
        if rows == 0 {
            return;
        }
        let found = match matches {
            Matches::Known(found) => found,
            Matches::Returned(returned) => returned.found,
            Matches::Asked(_) => Vec::new(),
        };
        for &id in &unread {
            graph.log(id);
            graph.expire(id);
        }
        match effect {
            Effect::Delete => {
                let gone: HashSet<Id> = found.iter().map(|found| found.id).chain(read).collect();
                graph.follow_delete(&gone);
                for kind in &kinds {
                    graph.unload_links_through(kind);
                }
            }
            Effect::Update => {
                for kind in &kinds {
                    let of_kind: Vec<&Match> =
                        found.iter().filter(|found| found.id.kind == kind.kind).collect();
                    graph.follow_update(kind, &of_kind, &read);
                    let ids = of_kind.iter().map(|found| found.id).chain(unread.iter().copied());
                    graph.unload_dependents(kind, &ids.filter(|id| id.kind == kind.kind).collect());
                }
            }
        }
    }

    /// Nobody knows whether the statement has changed its rows.
    pub(super) fn expire(self, graph: &mut Graph) {
        let Matches::Known(found) = self.matches else { return };
        for Match { id, values } in found {
            let columns: Vec<usize> = values.into_iter().map(|(position, _)| position).collect();
            graph.log(id);
            graph.expire_columns(id, &columns);
        }
    }
}

impl Graph {
    fn follow_delete(&mut self, gone: &HashSet<Id>) {
        for &id in gone {
            self.log(id);
            self.leave_identity(id);
            self.store_mut(id).revert(id.slot);
            self.store_mut(id).set_state(id.slot, SlotState::Deleted);
        }
        self.forget_changes_of(gone);
        self.unlink_deleted(gone);
    }

    fn follow_update(&mut self, kind: &Kind, found: &[&Match], read: &HashSet<Id>) {
        for found in found {
            self.log(found.id);
            if kind.changes_key() {
                self.leave_identity(found.id);
            }
        }
        let mut lost = HashSet::new();
        for Match { id, values } in found {
            let id = *id;
            let unknown = if read.contains(&id) { Vec::new() } else { self.store_values(id, values) };
            if !kind.changes_key() {
                self.expire_columns(id, &unknown);
            } else if kind.key.iter().any(|position| unknown.contains(position)) || !self.take_key(id) {
                // Its row is under a key that nobody here knows, or that another object has.
                lost.insert(id);
            } else {
                self.expire_columns(id, &unknown);
            }
        }
        self.follow_delete(&lost);
    }

    /// Sets columns as the database has them now; a change that was not flushed stays. Gives the columns back whose
    /// values are not known.
    fn store_values(&mut self, id: Id, values: &[(usize, Option<Value>)]) -> Vec<usize> {
        let mut unknown = Vec::new();
        for (position, new) in values {
            let store = self.store_mut(id);
            // What the Rust type does not take is read when its column is.
            let is_stored = match new {
                Some(new) => store.put_stored(id.slot, *position, new.clone()).is_ok(),
                None => store.is_changed(id.slot, *position),
            };
            if !is_stored {
                unknown.push(*position);
            }
        }
        unknown
    }

    /// Enters the identity map under the key that the object has now, unless another object has it.
    fn take_key(&mut self, id: Id) -> bool {
        let is_free = |key: &Key| self.lookup(id.kind, key).is_none();
        let free = self.stored_key(id).is_some_and(|key| is_free(&key));
        if free {
            self.enter_identity(id);
        }
        free
    }

    /// Unloads the relationships that depend on foreign keys whose columns were changed, on both sides.
    fn unload_dependents(&mut self, kind: &Kind, found: &HashSet<Id>) {
        let is_changed = |key: &ForeignKeyDef| {
            key.columns.iter().any(|name| {
                kind.columns.iter().any(|changed| kind.table.columns[changed.position].name == *name)
            })
        };
        if !kind.table.foreign_keys.iter().any(is_changed) {
            return;
        }
        self.unload_links_through(kind);
        for source in self.kinds() {
            for (index, relationship) in self.entry(source).entity.relationships.iter().enumerate() {
                let Some(key) = relationship.foreign_key().filter(|key| is_changed(key)) else { continue };
                match relationship.join {
                    JoinOn::SourceKey(_) if source == kind.kind => {
                        for &id in found {
                            self.unload_stored(id, index);
                        }
                    }
                    JoinOn::TargetKey(_) if self.find_kind((relationship.target)()) == Some(kind.kind) => {
                        self.unload_parents(source, index, key, found);
                    }
                    _ => {}
                }
            }
        }
    }

    /// Unloads the collections that lost one of `children` or got it.
    fn unload_parents(&mut self, kind: u32, index: usize, key: &ForeignKeyDef, children: &HashSet<Id>) {
        let (mut keys, mut is_certain) = (HashSet::new(), true);
        for &child in children {
            match self.known_values(child, &key.columns) {
                Some(values) => keys.extend(Key::new(values)),
                None => is_certain = false,
            }
        }
        for id in self.persistent_of(kind).collect::<Vec<_>>() {
            let Some(links) = self.links(id, index) else { continue };
            let had = links.iter().any(|&slot| children.iter().any(|child| child.slot == slot));
            let own = || self.known_values(id, &key.target_columns).and_then(Key::new);
            if had || !is_certain || own().is_none_or(|own| keys.contains(&own)) {
                self.unload_stored(id, index);
            }
        }
    }

    fn known_values(&self, id: Id, columns: &[orm_query::schema::Name]) -> Option<Vec<Value>> {
        let table = self.entity(id).table;
        columns.iter().map(|name| self.known(id, table.position(name)?)).collect()
    }

    /// Unloads the collections through a link table whose rows were changed.
    fn unload_links_through(&mut self, link: &Kind) {
        let is_through = |relationship: &RelationshipDef| match relationship.join {
            JoinOn::Secondary { link: through, .. } => self.find_kind(through()) == Some(link.kind),
            JoinOn::TargetKey(_) | JoinOn::SourceKey(_) => false,
        };
        let mut through = Vec::new();
        for kind in self.kinds() {
            let relationships = self.entry(kind).entity.relationships.iter().enumerate();
            through.extend(relationships.filter(|(_, r)| is_through(r)).map(|(index, _)| (kind, index)));
        }
        for (kind, index) in through {
            for id in self.persistent_of(kind).collect::<Vec<_>>() {
                self.unload_stored(id, index);
            }
        }
    }

    /// Unloads a relationship, unless it was changed and is still to be flushed.
    fn unload_stored(&mut self, id: Id, index: usize) {
        if self.links(id, index).is_some() && self.links(id, index) == self.stored_links(id, index) {
            self.log(id);
            self.unload(id, index);
        }
    }
}
