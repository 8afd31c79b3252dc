//! Whole fields, keys and expressions, assigned through the session.

use orm::prelude::*;

use super::mapped::Street;
use super::model::{Kind, State};
use super::world::{World, say};
use crate::models::{Address, Comment, Employee, User};

impl World<'_> {
    /// An edit before an assignment, in one flush: who wins is nobody's promise.
    fn is_clear(&self, user: usize) -> bool {
        let touched = |&n: &usize| self.model.objects[n].by_hand || self.model.objects[n].related;
        !self.model.alive(Kind::Address).iter().any(touched) && self.model.objects[user].stored
    }

    /// Whole fields: owned values, the links of another object, or nothing.
    pub(super) async fn assign(&mut self) {
        let Some(user) = self.pick(Kind::User).filter(|&user| self.is_clear(user)) else { return };
        let u = self.handle::<User>(user).await;
        match self.dice.roll(3) {
            0 => {
                let old = self.model.children(user, Kind::Address);
                let new: Many<Address> = (0..self.dice.roll(3)).map(|_| self.new_address(user)).collect();
                say!(self, "assign new addresses to {}", self.text(user));
                old.into_iter().for_each(|old| self.model.set_parent(old, None));
                self.session[u].addresses = new;
                // A flush moves them in.
                self.session.flush().await.unwrap();
                let found = self.session.view(u).get(User::addresses).unwrap();
                let found: Vec<_> = found.map(|address| address.handle()).collect();
                found.into_iter().for_each(|address| self.met(address));
                self.flush("after owned values were assigned").await;
            }
            1 => {
                let other = self.pick(Kind::User).filter(|&other| other != user && self.is_clear(other));
                let Some(other) = other else { return };
                let o = self.handle::<User>(other).await;
                let is_loaded = |user: Handle<User>| self.session.view(user).get(User::addresses).is_ok();
                if !is_loaded(u) || !is_loaded(o) {
                    return;
                }
                say!(self, "assign those of {} to {}", self.text(other), self.text(user));
                let links = self.session[o].addresses.clone();
                self.session[u].addresses = links;
                let moved = self.model.children(other, Kind::Address);
                for old in self.model.children(user, Kind::Address) {
                    self.model.set_parent(old, None);
                }
                moved.into_iter().for_each(|moved| self.model.set_parent(moved, Some(user)));
                self.flush("after links were assigned").await;
            }
            _ => {
                if self.model.alive(Kind::Profile).iter().any(|&n| self.model.objects[n].related) {
                    return;
                }
                say!(self, "assign no profile to {}", self.text(user));
                self.session[u].profile = None.into();
                self.set_only(user, Kind::Profile, None);
                self.flush("after nothing was assigned").await;
            }
        }
    }

    pub(super) async fn address_by_key(&mut self) {
        let Some((child, parent)) = self.pick_for_key(Kind::Address, Kind::User) else { return };
        let address = self.handle::<Address>(child).await;
        self.session[address].user_id = Some(self.ids[&parent]);
        self.key_was_set(child, parent).await;
    }

    pub(super) async fn comment_by_key(&mut self) {
        let Some((child, parent)) = self.pick_for_key(Kind::Comment, Kind::Post) else { return };
        let comment = self.handle::<Comment>(child).await;
        self.session[comment].post_id = self.ids[&parent];
        self.key_was_set(child, parent).await;
    }

    /// The model knows no row that comes and goes in one flush under a key that was given by hand.
    fn pick_for_key(&mut self, child: Kind, parent: Kind) -> Option<(usize, usize)> {
        let (child, parent) = (self.pick(child)?, self.pick(parent)?);
        let (c, p) = (&self.model.objects[child], &self.model.objects[parent]);
        let is_clear = c.stored && p.stored && !c.related && !c.orphan && !p.orphan;
        is_clear.then_some((child, parent))
    }

    async fn key_was_set(&mut self, child: usize, parent: usize) {
        say!(self, "key of {} is that of {}", self.text(child), self.text(parent));
        self.model.set_parent(child, Some(parent));
        self.model.objects[child].by_hand = true;
        self.flush("after a key was given by hand").await;
    }

    /// Another natural key, which the keys of the children follow: all of them are here, so that a rollback knows them.
    pub(super) async fn rekey(&mut self) {
        let Some(street) = self.pick(Kind::Street) else { return };
        let handle = self.handle::<Street>(street).await;
        if self.session.view(handle).get(Street::houses).is_err() {
            return;
        }
        // No other street has ever had it.
        self.keys += 1;
        say!(self, "{} gets the number {}", self.text(street), self.keys);
        self.session[handle].number = self.keys;
    }

    pub(super) async fn rename_by_expression(&mut self) {
        let Some(employee) = self.pick(Kind::Employee) else { return };
        // It is the database's name that the expression reads.
        self.flush("before an expression").await;
        if self.model.objects[employee].state != State::Alive {
            return;
        }
        let handle = self.handle::<Employee>(employee).await;
        self.session.set_expression(handle, Employee::name, Employee::name.concat("+"));
        self.model.objects[employee].text.push('+');
        say!(self, "expression: {}", self.text(employee));
        self.flush("after an expression").await;
    }
}
