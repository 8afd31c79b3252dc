//! Queries that load one relationship or another, and all of them.

use orm::prelude::*;

use super::mapped::{Friend, House, Player, Street, Team};
use super::model::Family;
use super::thing::{Any, Thing};
use super::world::{World, say};
use crate::models::{Address, Blog, Comment, Employee, Node, Post, Profile, Tag, User};

/// All objects with all their relationships.
pub(super) async fn everything(session: &mut Session) -> Vec<Any> {
    let mut found = Vec::new();
    macro_rules! load {
        ($($thing:ident $($relationship:ident)*;)*) => { $(
            let all = select($thing)$(.options(selectin($thing::$relationship)))*;
            found.extend(session.all(all).await.unwrap().into_iter().map($thing::any));
        )* };
    }
    load! {
        User addresses profile;
        Address user;
        Profile user;
        Blog posts;
        Post blog comments tags;
        Comment;
        Tag posts;
        Employee manager reports;
        Node children;
        Team captain players;
        Player team leads;
        Friend best admirers;
        Street houses;
        House street;
    }
    found
}

impl World<'_> {
    pub(super) async fn load(&mut self, family: Family) {
        if self.autoflush {
            self.model.flush();
        }
        let which = self.dice.roll(4);
        say!(self, "load {which} of {family:?}");
        let session = &mut self.session;
        macro_rules! load {
            ($thing:ident, $options:expr) => {
                drop(session.all(select($thing).options($options)).await.unwrap())
            };
        }
        match (family, which) {
            (Family::Users, 0) => load!(User, selectin(User::addresses)),
            (Family::Users, 1) => load!(User, joined(User::addresses).then(selectin(Address::user))),
            (Family::Users, 2) => load!(Profile, selectin(Profile::user)),
            (Family::Users, _) => load!(User, joined(User::profile)),
            (Family::Blogs, 0) => load!(Blog, joined(Blog::posts).then(selectin(Post::tags))),
            (Family::Blogs, 1) => load!(Post, selectin(Post::comments)),
            (Family::Blogs, 2) => load!(Post, joined(Post::blog)),
            (Family::Blogs, _) => load!(Tag, joined(Tag::posts)),
            (Family::Employees, 0 | 1) => load!(Employee, selectin(Employee::reports)),
            (Family::Employees, _) => load!(Employee, joined(Employee::manager)),
            (Family::Nodes, 0 | 1) => load!(Node, selectin(Node::children)),
            (Family::Nodes, _) => load!(Node, joined(Node::children)),
            (Family::Teams, 0) => load!(Team, joined(Team::captain)),
            (Family::Teams, 1) => load!(Team, selectin(Team::players)),
            (Family::Teams, 2) => load!(Player, selectin(Player::leads)),
            (Family::Teams, _) => load!(Player, joined(Player::team)),
            (Family::Friends, 0 | 1) => load!(Friend, selectin(Friend::admirers)),
            (Family::Friends, _) => load!(Friend, joined(Friend::best)),
            (Family::Streets, 0 | 1) => load!(Street, selectin(Street::houses)),
            (Family::Streets, _) => load!(House, joined(House::street)),
        }
        if self.autoflush {
            self.after_flush();
            self.check_memory("after a query");
        }
    }
}
