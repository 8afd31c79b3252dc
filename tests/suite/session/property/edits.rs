//! Edits of single objects and of relationships.

use orm::Relationship;
use orm::mapping::{ToMany, ToOne, ToOptional};
use orm::prelude::*;

use super::mapped::{Friend, House, Player, Street, Team};
use super::model::{Family, Kind, State};
use super::thing::Thing;
use super::world::{World, say};
use crate::models::{Address, Blog, Employee, Node, Post, Profile, Tag, User};

/// The other side of a relationship.
enum Back<C, P> {
    None,
    One(Relationship<C, P, ToOne>),
    Optional(Relationship<C, P, ToOptional>),
}

impl World<'_> {
    pub(super) async fn edit(&mut self) {
        let family = self.families[self.dice.roll(self.families.len())];
        match self.dice.roll(21) {
            0 | 1 => self.add_tree(family),
            2 | 3 => Box::pin(self.change_text(family)).await,
            4..=6 => Box::pin(self.delete(family)).await,
            7 | 8 => Box::pin(self.load(family)).await,
            9 => {
                self.autoflush = !self.autoflush;
                say!(self, "autoflush {}", self.autoflush);
                self.session.set_autoflush(self.autoflush);
            }
            10 => Box::pin(self.merge(family)).await,
            _ => Box::pin(self.relate(family)).await,
        }
    }

    async fn relate(&mut self, family: Family) {
        match family {
            Family::Users => match self.dice.roll(4) {
                0 => self.collection(User::addresses.erased(), Back::Optional(Address::user.erased())).await,
                1 => self.one_to_one(User::profile.erased(), Back::One(Profile::user.erased())).await,
                2 => self.assign().await,
                _ => self.address_by_key().await,
            },
            Family::Blogs => match self.dice.roll(5) {
                0 => self.collection(Blog::posts.erased(), Back::One(Post::blog.erased())).await,
                1 => self.collection(Post::comments.erased(), Back::None).await,
                2 => self.comment_by_key().await,
                _ => self.tags().await,
            },
            Family::Employees => match self.dice.roll(6) {
                0 => self.rename_by_expression().await,
                _ => {
                    self.collection(Employee::reports.erased(), Back::Optional(Employee::manager.erased()))
                        .await
                }
            },
            Family::Nodes => self.collection(Node::children.erased(), Back::None).await,
            Family::Teams => match self.dice.roll(2) {
                0 => self.collection(Team::players.erased(), Back::Optional(Player::team.erased())).await,
                _ => self.one_to_one(Player::leads.erased(), Back::Optional(Team::captain.erased())).await,
            },
            Family::Friends => {
                self.collection(Friend::admirers.erased(), Back::Optional(Friend::best.erased())).await
            }
            Family::Streets => match self.dice.roll(3) {
                0 => self.rekey().await,
                _ => self.collection(Street::houses.erased(), Back::One(House::street.erased())).await,
            },
        }
    }

    fn pick_of(&mut self, family: Family) -> Option<usize> {
        let kinds = family.kinds();
        let kind = kinds[self.dice.roll(kinds.len())];
        self.pick(kind)
    }

    async fn change_text(&mut self, family: Family) {
        let Some(number) = self.pick_of(family) else { return };
        self.model.objects[number].text.push('!');
        let text = self.text(number);
        say!(self, "change {text}");
        self.any(number).await.set_text(&mut self.session, text);
    }

    async fn delete(&mut self, family: Family) {
        let Some(number) = self.pick_of(family) else { return };
        let mut doomed = vec![number];
        while self.dice.in_ten(3)
            && let Some(next) = self.dice.pick(&self.model.neighbours(number))
        {
            doomed.push(next);
        }
        for number in doomed {
            if self.model.objects[number].state == State::Alive {
                say!(self, "delete {}", self.text(number));
                self.any(number).await.delete(&mut self.session);
                self.model.delete(number);
                self.forget_gone();
            }
        }
    }

    async fn collection<P: Thing, C: Thing>(
        &mut self,
        collection: Relationship<P, C, ToMany>,
        back: Back<C, P>,
    ) {
        let Some(parent) = self.pick(P::KIND) else { return };
        if self.dice.in_ten(3) {
            let p = self.handle::<P>(parent).await;
            let (number, child) = self.new_thing::<C>(Some(parent));
            say!(self, "append new {} to {}", self.text(number), self.text(parent));
            let handle = self.session.append(p, collection, child);
            self.met(handle);
            return;
        }
        if self.dice.in_ten(1) {
            return self.replace(parent, collection).await;
        }
        let Some(child) = self.pick_clear(C::KIND) else { return };
        // A tree stays one; where rows may stand in a circle, they do.
        if P::KIND == C::KIND && P::KIND != Kind::Friend && self.model.is_below(parent, child) {
            return;
        }
        let (p, c) = (self.handle::<P>(parent).await, self.handle::<C>(child).await);
        match (self.dice.roll(4), back) {
            (0, _) => {
                say!(self, "remove {} from {}", self.text(child), self.text(parent));
                self.session.remove(p, collection, c);
                if self.model.objects[child].parent == Some(parent) {
                    self.model.set_parent(child, None);
                }
                return;
            }
            (1, Back::Optional(back)) => {
                say!(self, "set {} to nothing", self.text(child));
                self.session.set(c, back, None::<Handle<P>>);
                self.model.set_parent(child, None);
                return;
            }
            (2, Back::One(back)) => {
                say!(self, "set {} to {}", self.text(child), self.text(parent));
                self.session.set(c, back, p);
            }
            (2, Back::Optional(back)) => {
                say!(self, "set {} to {}", self.text(child), self.text(parent));
                self.session.set(c, back, p);
            }
            _ => {
                say!(self, "append {} to {}", self.text(child), self.text(parent));
                self.session.append(p, collection, c);
            }
        }
        self.model.set_parent(child, Some(parent));
    }

    /// Some of what is there, and perhaps one that is new.
    async fn replace<P: Thing, C: Thing>(&mut self, parent: usize, collection: Relationship<P, C, ToMany>) {
        let p = self.handle::<P>(parent).await;
        let mut wanted = Vec::new();
        for _ in 0..self.dice.roll(4) {
            let Some(child) = self.pick_clear(C::KIND) else { break };
            let is_below =
                P::KIND == C::KIND && P::KIND != Kind::Friend && self.model.is_below(parent, child);
            if !is_below && !wanted.contains(&child) {
                wanted.push(child);
            }
        }
        let mut handles = Vec::new();
        for &child in &wanted {
            handles.push(self.handle::<C>(child).await);
        }
        if self.dice.in_ten(3) {
            let (number, child) = self.new_thing::<C>(None);
            let handle = self.session.add(child);
            self.met(handle);
            wanted.push(number);
            handles.push(handle);
        }
        let names: Vec<String> = wanted.iter().map(|&child| self.text(child)).collect();
        say!(self, "replace what {} has by {names:?}", self.text(parent));
        let had = self.model.children(parent, C::KIND);
        assert_eq!(self.session.replace(p, collection, handles.clone()), handles);
        for old in had {
            if !wanted.contains(&old) {
                self.model.set_parent(old, None);
            }
        }
        wanted.into_iter().for_each(|child| self.model.set_parent(child, Some(parent)));
    }

    /// A copy that was changed outside comes back.
    async fn merge(&mut self, family: Family) {
        let Some(number) = self.pick_of(family) else { return };
        self.flush("before a merge").await;
        if self.model.objects[number].state != State::Alive {
            return;
        }
        let any = self.any(number).await;
        self.model.objects[number].text.push('m');
        say!(self, "merge {}", self.text(number));
        let text = self.text(number);
        any.merge(&mut self.session, text).await;
        self.flush("after a merge").await;
    }

    /// A parent has one child: whatever it had before has none of it.
    pub(super) fn set_only(&mut self, parent: usize, kind: Kind, child: Option<usize>) {
        for old in self.model.children(parent, kind) {
            if Some(old) != child {
                self.model.set_parent(old, None);
            }
        }
        if let Some(child) = child {
            self.model.set_parent(child, Some(parent));
        }
    }

    async fn one_to_one<P: Thing, C: Thing>(
        &mut self,
        one: Relationship<P, C, ToOptional>,
        back: Back<C, P>,
    ) {
        let Some(parent) = self.pick(P::KIND) else { return };
        let p = self.handle::<P>(parent).await;
        match (self.dice.roll(5), back) {
            (0, _) => {
                let (number, child) = self.new_thing::<C>(None);
                say!(self, "set {} to new {}", self.text(parent), self.text(number));
                self.session.set(p, one, child);
                self.set_only(parent, C::KIND, Some(number));
                self.met(p);
            }
            (1, _) => {
                say!(self, "set {} to no {:?}", self.text(parent), C::KIND);
                self.session.set(p, one, None::<Handle<C>>);
                self.set_only(parent, C::KIND, None);
            }
            (side, back) => {
                let Some(child) = self.pick(C::KIND) else { return };
                let c = self.handle::<C>(child).await;
                say!(self, "set {} of {} by {side}", self.text(child), self.text(parent));
                match (side, back) {
                    (3, Back::One(back)) => self.session.set(c, back, p),
                    (3, Back::Optional(back)) => self.session.set(c, back, p),
                    (4, Back::Optional(back)) => {
                        self.session.set(c, back, None::<Handle<P>>);
                        return self.model.set_parent(child, None);
                    }
                    _ => self.session.set(p, one, c),
                }
                self.set_only(parent, C::KIND, Some(child));
            }
        }
    }

    async fn tags(&mut self) {
        let (Some(post), Some(tag)) = (self.pick(Kind::Post), self.pick(Kind::Tag)) else { return };
        let (p, t) = (self.handle::<Post>(post).await, self.handle::<Tag>(tag).await);
        let linked = self.model.objects[post].tags.contains(&tag);
        let near = self.dice.in_ten(5);
        say!(self, "{} and {}: linked {linked}, by the post {near}", self.text(post), self.text(tag));
        // What is there twice, or not at all, only the loaded collection knows.
        match (linked, near) {
            (false, true) => drop(self.session.append(p, Post::tags, t)),
            (false, false) => drop(self.session.append(t, Tag::posts, p)),
            (true, true) => self.session.remove(p, Post::tags, t),
            (true, false) => self.session.remove(t, Tag::posts, p),
        }
        let tags = &mut self.model.objects[post].tags;
        let _changed = if linked { tags.remove(&tag) } else { tags.insert(tag) };
    }
}
