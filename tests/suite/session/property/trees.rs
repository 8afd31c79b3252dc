//! New objects, alone and as owned trees.

use orm::Many;
use orm::prelude::*;

use super::mapped::{Friend, House, Player, Street, Team};
use super::model::{Family, Kind};
use super::thing::Thing;
use super::world::{World, say};
use crate::models::{Address, Blog, Comment, Employee, Node, Post, Profile, Tag, User};

impl World<'_> {
    pub(super) fn add_tree(&mut self, family: Family) {
        match family {
            Family::Users => {
                let (number, user) = self.new_thing::<User>(None);
                let addresses = self.some(number);
                let profile = self.dice.in_ten(5).then(|| self.new_thing::<Profile>(Some(number)).1);
                self.add(number, User { addresses, profile: profile.into(), ..user });
            }
            Family::Blogs => match self.dice.roll(3) {
                0 => {
                    let (number, blog) = self.new_thing::<Blog>(None);
                    let posts: Many<Post> = (0..self.dice.roll(3)).map(|_| self.new_post(number)).collect();
                    self.add(number, Blog { posts, ..blog });
                }
                1 => self.append_post(),
                _ => self.add_alone::<Tag>(),
            },
            Family::Employees => self.add_alone::<Employee>(),
            Family::Nodes => {
                let (number, node) = self.new_thing::<Node>(None);
                let children = self.some(number);
                self.add(number, Node { children, ..node });
            }
            Family::Teams => self.add_team(),
            Family::Friends => {
                let (number, friend) = self.new_thing::<Friend>(None);
                let admirers = self.some(number);
                let friend = self.add(number, Friend { admirers, ..friend });
                if self.dice.in_ten(3) {
                    say!(self, "its own best friend");
                    self.session.set(friend, Friend::best, friend);
                    self.model.set_parent(number, Some(number));
                }
            }
            Family::Streets => {
                let (number, street) = self.new_thing::<Street>(None);
                let houses: Many<House> = self.some(number);
                self.add(number, Street { houses, ..street });
            }
        }
    }

    fn add_team(&mut self) {
        let (number, team) = self.new_thing::<Team>(None);
        let players = self.some::<Player>(number);
        let captain = self.dice.in_ten(3).then(|| self.new_thing::<Player>(None));
        if let Some((captain, _)) = captain {
            self.model.set_parent(number, Some(captain));
        }
        let leads_own = captain.is_none() && self.dice.in_ten(5);
        let team = Team { players, captain: captain.map(|(_, player)| player).into(), ..team };
        let team = self.add(number, team);
        let first = self.session.view(team).get(Team::players).unwrap().next().map(View::handle);
        if let Some(first) = first.filter(|_| leads_own) {
            // Two rows that wait for each other.
            say!(self, "a player of its own leads it");
            let captain = self.model.find(self.session[first].text());
            self.model.set_parent(number, captain);
            self.session.set(team, Team::captain, first);
        }
    }

    /// An owned tree below an object that is here.
    fn append_post(&mut self) {
        let Some(blog) = self.pick(Kind::Blog) else { return };
        let Some(handle) = self.handles.get(&blog).copied().and_then(Blog::of) else { return };
        let post = self.new_post(blog);
        say!(self, "append new {} to {}", post.title, self.text(blog));
        let handle = self.session.append(handle, Blog::posts, post);
        self.met(handle);
    }

    fn some<T: Thing>(&mut self, parent: usize) -> Many<T> {
        (0..self.dice.roll(3)).map(|_| self.new_thing::<T>(Some(parent)).1).collect()
    }

    fn new_post(&mut self, blog: usize) -> Post {
        let (number, post) = self.new_thing::<Post>(Some(blog));
        let comments: Many<Comment> = self.some(number);
        Post { comments, ..post }
    }

    pub(super) fn new_address(&mut self, user: usize) -> Address {
        self.new_thing(Some(user)).1
    }

    fn add_alone<T: Thing>(&mut self) {
        let (number, value) = self.new_thing::<T>(None);
        self.add(number, value);
    }

    fn add<T: Thing>(&mut self, number: usize, value: T) -> Handle<T> {
        say!(self, "add {}, up to {}", self.text(number), self.model.objects.len() - 1);
        let handle = self.session.add(value);
        self.met(handle);
        handle
    }
}
