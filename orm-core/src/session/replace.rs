//! Assignment of a whole collection.

use orm_query::Mapped;
use orm_query::mapping::{Relation, SlotState, ToMany};
use orm_query::typed::Relationship;

use super::edit::Member;
use super::graph::{Graph, Id};
use super::load::dedupe;
use super::{Handle, Session};

impl Session {
    /// Assigns a whole collection: `children`, handles or owned values, are what it leads to afterwards, in that order.
    /// The other side follows; what was in it is taken out as by [`remove`](Session::remove), so that the flush cuts
    /// its key or, under `delete-orphan`, deletes it. The handles of the new members.
    ///
    /// Where the collection is not loaded, the flush loads what the database has and takes out what is not given; until
    /// then those objects still lead here.
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
    /// let mut session = Session::new(&engine);
    /// let sandy = session.add(User { posts: many![Post::new("first")], ..User::new("sandy") });
    /// session.commit().await?;
    /// let first = session.view(sandy).get(User::posts)?.next().unwrap().handle();
    ///
    /// let [second] = session.replace(sandy, User::posts, [Post::new("second")])[..] else { panic!() };
    /// assert!(session.view(first).get(Post::user)?.is_none());
    /// assert_eq!(session.view(second).get(Post::user)?.unwrap().handle(), sandy);
    /// session.commit().await?;
    /// assert_eq!((session[first].user_id, session[second].user_id), (None, Some(1)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// When a handle is of another session, or its object is gone.
    pub fn replace<A: Mapped, B: Mapped, C: Member<B>, const N: usize>(
        &mut self,
        parent: Handle<A>,
        relationship: Relationship<A, B, ToMany, N>,
        children: impl IntoIterator<Item = C>,
    ) -> Vec<Handle<B>> {
        let parent = self.id(parent);
        let mut members = Vec::new();
        for child in children {
            let handle = child.into_member(self);
            members.push(self.id(handle));
        }
        dedupe(&mut members);
        if let Some(index) = A::ENTITY.relationship(relationship.definition().name) {
            self.graph.replace(parent, index, &members);
        }
        self.tell_attributes();
        members.into_iter().map(|id| self.graph.handle(id)).collect()
    }
}

impl Graph {
    /// The relationship of `id` leads to `members` and to nothing else; the other side follows.
    pub(crate) fn replace(&mut self, id: Id, index: usize, members: &[Id]) {
        self.drop_assigned(id, index);
        self.forget_part(id, index);
        if self.links(id, index).is_some() {
            self.replace_loaded(id, index, members);
        } else {
            self.replace_unloaded(id, index);
        }
        for &member in members {
            self.link(id, index, member);
        }
        let slots: Vec<u32> = members.iter().map(|member| member.slot).collect();
        if self.links(id, index) != Some(slots.as_slice()) {
            self.touch(id);
            self.set_side(id, index, slots);
        }
    }

    /// Forgets what was assigned to the field itself and not taken in by a flush.
    fn drop_assigned(&mut self, id: Id, index: usize) {
        let is_ours = match self.store(id).relation(id.slot, index) {
            Relation::Linked(links) => links.session == self.links_tag,
            Relation::Unloaded => self.stored_links(id, index).is_none(),
            Relation::Owned(_) | Relation::Part(_) => false,
        };
        if is_ours {
            return;
        }
        match self.stored_links(id, index) {
            Some(_) if self.state(id) != SlotState::Pending => {
                let before = self.store(id).stored_relation(id.slot, index).clone();
                *self.store_mut(id).relation_mut(id.slot, index) = before;
            }
            _ if self.state(id) == SlotState::Pending => self.set_side(id, index, Vec::new()),
            _ => *self.store_mut(id).relation_mut(id.slot, index) = Relation::Unloaded,
        }
    }

    fn replace_loaded(&mut self, id: Id, index: usize, members: &[Id]) {
        let Some(kind) = self.find_kind((self.entity(id).relationships[index].target)()) else { return };
        let old: Vec<u32> = self.links(id, index).unwrap_or_default().to_vec();
        let wanted: hashbrown::HashSet<Id> = members.iter().copied().collect();
        for old in old.into_iter().map(|slot| Id { kind, slot }) {
            if !wanted.contains(&old) && self.state(old) != SlotState::Vacant {
                self.unlink(id, index, old);
            }
        }
    }

    /// What the database has is found by the flush; what was added since is taken out here.
    fn replace_unloaded(&mut self, id: Id, index: usize) {
        self.touch(id);
        let edits = self.link_edits.take(index, &[id].into_iter().collect());
        let added: Vec<Id> = edits.iter().filter(|edit| edit.added).map(|edit| edit.child).collect();
        self.set_side(id, index, added.iter().map(|child| child.slot).collect());
        for child in added {
            self.unlink(id, index, child);
        }
        self.release(id, index);
        *self.store_mut(id).relation_mut(id.slot, index) = Relation::Unloaded;
        self.clear(id, index);
    }
}
