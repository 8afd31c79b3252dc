//! A session and a model that are told the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use orm::prelude::*;

use super::model::{Kind, Model, State};
use super::{Dice, KINDS};
use crate::models::{Address, Blog, Comment, Employee, Node, Post, Profile, Tag, User};

/// A handle of any of the types.
#[derive(Debug, Clone, Copy)]
enum Any {
    User(Handle<User>),
    Address(Handle<Address>),
    Profile(Handle<Profile>),
    Blog(Handle<Blog>),
    Post(Handle<Post>),
    Comment(Handle<Comment>),
    Tag(Handle<Tag>),
    Employee(Handle<Employee>),
    Node(Handle<Node>),
}

/// What a rollback must bring back.
struct Before {
    model: Model,
    seen: BTreeMap<usize, Seen>,
    ids: HashMap<usize, i64>,
    handles: HashMap<usize, Any>,
}

/// What is seen of one object: its text, its key column, and each relationship that is loaded, as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    text: String,
    key: Option<i64>,
    relations: BTreeMap<&'static str, BTreeSet<String>>,
}

pub(super) struct World<'e> {
    engine: &'e Engine,
    session: Session,
    dice: Dice,
    model: Model,
    handles: HashMap<usize, Any>,
    ids: HashMap<usize, i64>,
    autoflush: bool,
    /// Whether each edit is printed.
    talk: bool,
}

macro_rules! handle {
    ($world:expr, $kind:ident, $number:expr) => {{
        let number = $number;
        match $world.handles.get(&number).copied() {
            Some(Any::$kind(handle)) => handle,
            Some(other) => panic!("{number} is {other:?}"),
            None => {
                let handle = $world.session.get_one($kind, $world.ids[&number]).await.unwrap();
                $world.handles.insert(number, Any::$kind(handle));
                handle
            }
        }
    }};
}

macro_rules! say {
    ($world:expr, $($words:tt)*) => { if $world.talk { eprintln!($($words)*) } };
}

impl<'e> World<'e> {
    pub(super) fn new(engine: &'e Engine, dice: Dice, talk: bool) -> Self {
        World {
            engine,
            session: Session::new(engine),
            dice,
            model: Model::default(),
            handles: HashMap::new(),
            ids: HashMap::new(),
            autoflush: true,
            talk,
        }
    }

    pub(super) async fn run(&mut self) {
        for _ in 0..6 {
            let before = self.before();
            for _ in 0..1 + self.dice.roll(3) {
                self.edits().await;
                if self.dice.in_ten(4) {
                    self.savepoint(2).await;
                }
            }
            if self.dice.in_ten(3) {
                say!(self, "ROLLBACK");
                self.session.rollback().await.unwrap();
                self.restore(before);
            } else {
                say!(self, "COMMIT");
                self.session.commit().await.unwrap();
                self.model.flush();
            }
            self.after_flush();
            self.check_memory("after the transaction");
            self.check_database().await;
            if self.dice.in_ten(3) {
                say!(self, "NEW SESSION");
                self.session = Session::new(self.engine);
                self.session.set_autoflush(self.autoflush);
                self.handles.clear();
            }
        }
    }

    async fn savepoint(&mut self, depth: usize) {
        say!(self, "SAVEPOINT");
        let mut outside = std::mem::replace(&mut self.session, Session::new(self.engine));
        let mut savepoint = outside.nested().await.unwrap();
        self.model.flush();
        // The savepoint borrows its session: what is inside goes into the world meanwhile.
        std::mem::swap(&mut *savepoint, &mut self.session);
        self.after_flush();
        let before = self.before();
        self.edits().await;
        if depth > 0 && self.dice.in_ten(3) {
            Box::pin(self.savepoint(depth - 1)).await;
            self.edits().await;
        }
        std::mem::swap(&mut *savepoint, &mut self.session);
        let ending = self.dice.roll(4);
        match ending {
            0 => savepoint.rollback().await.unwrap(),
            1 => drop(savepoint),
            _ => savepoint.commit().await.unwrap(),
        }
        self.session = outside;
        if ending < 2 {
            say!(self, "ROLLBACK TO SAVEPOINT");
            self.restore(before);
            self.check_memory("after the rollback of a savepoint");
        } else {
            say!(self, "RELEASE SAVEPOINT");
            self.model.flush();
            self.after_flush();
            self.check_memory("after the release of a savepoint");
        }
    }

    fn before(&self) -> Before {
        Before {
            model: self.model.clone(),
            seen: self.seen(),
            ids: self.ids.clone(),
            handles: self.handles.clone(),
        }
    }

    fn restore(&mut self, before: Before) {
        self.model = before.model;
        self.ids = before.ids;
        self.handles.extend(before.handles);
        let after = self.seen();
        for (number, before) in &before.seen {
            let Some(after) = after.get(number) else { panic!("{number} is gone: {before:?}") };
            assert_eq!((&before.text, before.key), (&after.text, after.key));
            for (name, links) in &before.relations {
                assert_eq!(Some(links), after.relations.get(name), "{name} of {} was put back", before.text);
            }
        }
        let known = self.model.objects.len();
        self.handles.retain(|number, _| *number < known && after.contains_key(number));
    }

    async fn edits(&mut self) {
        for _ in 0..self.dice.roll(12) {
            self.edit().await;
            if self.autoflush && self.dice.in_ten(1) {
                say!(self, "FLUSH");
                self.session.flush().await.unwrap();
                self.model.flush();
                self.after_flush();
                self.check_memory("after a flush");
            }
        }
    }

    /// Keys that were generated, and handles of what is gone.
    fn after_flush(&mut self) {
        for (number, object) in self.model.objects.iter().enumerate() {
            if object.state == State::Gone {
                self.handles.remove(&number);
                self.ids.remove(&number);
            }
        }
        let session = &self.session;
        for (&number, handle) in &self.handles {
            self.ids.insert(number, id(session, *handle));
        }
    }

    fn pick(&mut self, kind: Kind) -> Option<usize> {
        self.dice.pick(&self.model.alive(kind))
    }

    /// An object whose key column was not set by hand since the last flush, so that it is clear what counts.
    fn pick_clear(&mut self, kind: Kind) -> Option<usize> {
        let mut all = self.model.alive(kind);
        all.retain(|&n| !self.model.objects[n].by_hand);
        self.dice.pick(&all)
    }

    async fn edit(&mut self) {
        match self.dice.roll(17) {
            0 => self.add_tree(),
            1 | 2 => self.change_text().await,
            3 | 4 => self.delete().await,
            5 => self.addresses().await,
            6 => self.profile().await,
            7 => self.posts().await,
            8 => self.comments().await,
            9 | 10 => self.tags().await,
            11 => self.employees().await,
            12 => self.nodes().await,
            13 => self.assign().await,
            14 => self.keys_by_hand().await,
            15 => self.load().await,
            _ => {
                self.autoflush = !self.autoflush;
                say!(self, "autoflush {}", self.autoflush);
                self.session.set_autoflush(self.autoflush);
            }
        }
    }

    fn text(&self, number: usize) -> String {
        self.model.objects[number].text.clone()
    }

    fn new_object(&mut self, kind: Kind, parent: Option<usize>) -> (usize, String) {
        let number = self.model.add(kind, parent);
        (number, self.text(number))
    }

    fn new_address(&mut self, user: Option<usize>) -> (usize, Address) {
        let (number, email) = self.new_object(Kind::Address, user);
        (number, Address { email, ..default() })
    }

    fn new_post(&mut self, blog: usize) -> (usize, Post, Vec<usize>) {
        let (number, title) = self.new_object(Kind::Post, Some(blog));
        let (mut comments, mut inside) = (Vec::new(), Vec::new());
        for _ in 0..self.dice.roll(3) {
            let (comment, body) = self.new_object(Kind::Comment, Some(number));
            inside.push(comment);
            comments.push(Comment { body, ..default() });
        }
        (number, Post { title, comments: comments.into(), ..default() }, inside)
    }

    fn adopted(&mut self, post: usize, handle: Handle<Post>, comments: Vec<usize>) {
        let found: Vec<_> =
            self.session.view(handle).get(Post::comments).unwrap().map(|c| c.handle()).collect();
        self.handles.insert(post, Any::Post(handle));
        self.handles.extend(comments.into_iter().zip(found.into_iter().map(Any::Comment)));
    }

    fn add_tree(&mut self) {
        match self.dice.roll(5) {
            0 => {
                let (user, name) = self.new_object(Kind::User, None);
                let mut addresses = Vec::new();
                for _ in 0..self.dice.roll(3) {
                    addresses.push(self.new_address(Some(user)));
                }
                let profile = self.dice.in_ten(5).then(|| self.new_object(Kind::Profile, Some(user)));
                say!(self, "add {name} with {addresses:?} {profile:?}");
                let handle = self.session.add(User {
                    name,
                    addresses: addresses.iter().map(|(_, address)| address.clone()).collect(),
                    profile: profile
                        .as_ref()
                        .map(|(_, bio)| Profile { bio: bio.clone(), ..default() })
                        .into(),
                    ..default()
                });
                self.handles.insert(user, Any::User(handle));
                let view = self.session.view(handle);
                let found = view.get(User::addresses).unwrap().map(|a| Any::Address(a.handle()));
                self.handles.extend(addresses.iter().map(|(number, _)| *number).zip(found));
                if let Some(((number, _), found)) = profile.zip(view.get(User::profile).unwrap()) {
                    self.handles.insert(number, Any::Profile(found.handle()));
                }
            }
            1 => {
                let (blog, title) = self.new_object(Kind::Blog, None);
                say!(self, "add {title}");
                let handle = self.session.add(Blog { title, ..default() });
                self.handles.insert(blog, Any::Blog(handle));
                for _ in 0..self.dice.roll(3) {
                    let (number, post, comments) = self.new_post(blog);
                    let post = self.session.append(handle, Blog::posts, post);
                    self.adopted(number, post, comments);
                }
            }
            2 => {
                let (tag, name) = self.new_object(Kind::Tag, None);
                say!(self, "add {name}");
                let handle = self.session.add(Tag { name, ..default() });
                self.handles.insert(tag, Any::Tag(handle));
            }
            3 => {
                let (employee, name) = self.new_object(Kind::Employee, None);
                say!(self, "add {name}");
                let handle = self.session.add(Employee { name, ..default() });
                self.handles.insert(employee, Any::Employee(handle));
            }
            _ => {
                let (top, name) = self.new_object(Kind::Node, None);
                let mut below = Vec::new();
                for _ in 0..self.dice.roll(3) {
                    below.push(self.new_object(Kind::Node, Some(top)));
                }
                say!(self, "add {name} with {below:?}");
                let node = |name: &String| Node { name: name.clone(), ..default() };
                let children = below.iter().map(|(_, name)| node(name)).collect();
                let handle = self.session.add(Node { children, ..node(&name) });
                self.handles.insert(top, Any::Node(handle));
                let found = self.session.view(handle).get(Node::children).unwrap();
                let found = found.map(|child| Any::Node(child.handle()));
                self.handles.extend(below.iter().map(|(number, _)| *number).zip(found));
            }
        }
    }

    async fn any(&mut self, number: usize) -> Any {
        match self.model.objects[number].kind {
            Kind::User => Any::User(handle!(self, User, number)),
            Kind::Address => Any::Address(handle!(self, Address, number)),
            Kind::Profile => Any::Profile(handle!(self, Profile, number)),
            Kind::Blog => Any::Blog(handle!(self, Blog, number)),
            Kind::Post => Any::Post(handle!(self, Post, number)),
            Kind::Comment => Any::Comment(handle!(self, Comment, number)),
            Kind::Tag => Any::Tag(handle!(self, Tag, number)),
            Kind::Employee => Any::Employee(handle!(self, Employee, number)),
            Kind::Node => Any::Node(handle!(self, Node, number)),
        }
    }

    async fn change_text(&mut self) {
        let kind = KINDS[self.dice.roll(KINDS.len())];
        let Some(number) = self.pick(kind) else { return };
        self.model.objects[number].text.push('!');
        let text = self.text(number);
        say!(self, "change {text}");
        match self.any(number).await {
            Any::User(h) => self.session[h].name = text,
            Any::Address(h) => self.session[h].email = text,
            Any::Profile(h) => self.session[h].bio = text,
            Any::Blog(h) => self.session[h].title = text,
            Any::Post(h) => self.session[h].title = text,
            Any::Comment(h) => self.session[h].body = text,
            Any::Tag(h) => self.session[h].name = text,
            Any::Employee(h) => self.session[h].name = text,
            Any::Node(h) => self.session[h].name = text,
        }
    }

    async fn delete(&mut self) {
        let kind = KINDS[self.dice.roll(KINDS.len())];
        let Some(number) = self.pick(kind) else { return };
        say!(self, "delete {}", self.text(number));
        match self.any(number).await {
            Any::User(h) => self.session.delete(h),
            Any::Address(h) => self.session.delete(h),
            Any::Profile(h) => self.session.delete(h),
            Any::Blog(h) => self.session.delete(h),
            Any::Post(h) => self.session.delete(h),
            Any::Comment(h) => self.session.delete(h),
            Any::Tag(h) => self.session.delete(h),
            Any::Employee(h) => self.session.delete(h),
            Any::Node(h) => self.session.delete(h),
        }
        self.model.delete(number);
        for (number, object) in self.model.objects.iter().enumerate() {
            if object.state == State::Gone {
                self.handles.remove(&number);
            }
        }
    }

    async fn addresses(&mut self) {
        let Some(user) = self.pick(Kind::User) else { return };
        let u = handle!(self, User, user);
        if self.dice.in_ten(3) {
            let (number, address) = self.new_address(Some(user));
            say!(self, "append new {} to {}", address.email, self.text(user));
            let handle = self.session.append(u, User::addresses, address);
            self.handles.insert(number, Any::Address(handle));
            return;
        }
        let Some(address) = self.pick_clear(Kind::Address) else { return };
        let a = handle!(self, Address, address);
        match self.dice.roll(4) {
            0 => {
                say!(self, "append {} to {}", self.text(address), self.text(user));
                self.session.append(u, User::addresses, a);
                self.model.set_parent(address, Some(user));
            }
            1 => {
                say!(self, "remove {} from {}", self.text(address), self.text(user));
                self.session.remove(u, User::addresses, a);
                if self.model.objects[address].parent == Some(user) {
                    self.model.set_parent(address, None);
                }
            }
            2 => {
                say!(self, "set {} to {}", self.text(address), self.text(user));
                self.session.set(a, Address::user, u);
                self.model.set_parent(address, Some(user));
            }
            _ => {
                say!(self, "set {} to none", self.text(address));
                self.session.set(a, Address::user, None);
                self.model.set_parent(address, None);
            }
        }
    }

    /// A user has one profile: whatever it had becomes an orphan.
    fn set_profile(&mut self, user: usize, profile: Option<usize>) {
        for old in self.model.children(user, Kind::Profile) {
            if Some(old) != profile {
                self.model.set_parent(old, None);
            }
        }
        if let Some(profile) = profile {
            self.model.set_parent(profile, Some(user));
        }
    }

    async fn profile(&mut self) {
        let Some(user) = self.pick(Kind::User) else { return };
        let u = handle!(self, User, user);
        match self.dice.roll(4) {
            0 => {
                let (number, bio) = self.new_object(Kind::Profile, None);
                say!(self, "set {} to new {bio}", self.text(user));
                self.session.set(u, User::profile, Profile { bio, ..default() });
                self.set_profile(user, Some(number));
                let handle = self.session.view(u).get(User::profile).unwrap().unwrap().handle();
                self.handles.insert(number, Any::Profile(handle));
            }
            1 => {
                say!(self, "set {} to no profile", self.text(user));
                self.session.set(u, User::profile, None);
                self.set_profile(user, None);
            }
            side => {
                let Some(profile) = self.pick(Kind::Profile) else { return };
                let p = handle!(self, Profile, profile);
                say!(self, "set {} of {} by {side}", self.text(profile), self.text(user));
                match side {
                    2 => self.session.set(u, User::profile, p),
                    _ => self.session.set(p, Profile::user, u),
                }
                self.set_profile(user, Some(profile));
            }
        }
    }

    async fn posts(&mut self) {
        let Some(blog) = self.pick(Kind::Blog) else { return };
        let b = handle!(self, Blog, blog);
        if self.dice.in_ten(3) {
            let (number, post, comments) = self.new_post(blog);
            say!(self, "append new {} to {}", post.title, self.text(blog));
            let handle = self.session.append(b, Blog::posts, post);
            self.adopted(number, handle, comments);
            return;
        }
        let Some(post) = self.pick(Kind::Post) else { return };
        let p = handle!(self, Post, post);
        match self.dice.roll(3) {
            0 => {
                say!(self, "append {} to {}", self.text(post), self.text(blog));
                self.session.append(b, Blog::posts, p);
                self.model.set_parent(post, Some(blog));
            }
            1 => {
                say!(self, "set {} to {}", self.text(post), self.text(blog));
                self.session.set(p, Post::blog, b);
                self.model.set_parent(post, Some(blog));
            }
            _ => {
                say!(self, "remove {} from {}", self.text(post), self.text(blog));
                self.session.remove(b, Blog::posts, p);
                if self.model.objects[post].parent == Some(blog) {
                    self.model.set_parent(post, None);
                }
            }
        }
    }

    async fn comments(&mut self) {
        let Some(post) = self.pick(Kind::Post) else { return };
        let p = handle!(self, Post, post);
        if self.dice.in_ten(3) {
            let (number, body) = self.new_object(Kind::Comment, Some(post));
            say!(self, "append new {body} to {}", self.text(post));
            let handle = self.session.append(p, Post::comments, Comment { body, ..default() });
            self.handles.insert(number, Any::Comment(handle));
            return;
        }
        let Some(comment) = self.pick(Kind::Comment) else { return };
        let c = handle!(self, Comment, comment);
        if self.dice.in_ten(5) {
            say!(self, "append {} to {}", self.text(comment), self.text(post));
            self.session.append(p, Post::comments, c);
            self.model.set_parent(comment, Some(post));
        } else {
            say!(self, "remove {} from {}", self.text(comment), self.text(post));
            self.session.remove(p, Post::comments, c);
            if self.model.objects[comment].parent == Some(post) {
                self.model.set_parent(comment, None);
            }
        }
    }

    async fn tags(&mut self) {
        let (Some(post), Some(tag)) = (self.pick(Kind::Post), self.pick(Kind::Tag)) else { return };
        let (p, t) = (handle!(self, Post, post), handle!(self, Tag, tag));
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

    async fn employees(&mut self) {
        let (Some(low), Some(high)) = (self.pick_clear(Kind::Employee), self.pick(Kind::Employee)) else {
            return;
        };
        if self.model.is_below(high, low) {
            return;
        }
        let (l, h) = (handle!(self, Employee, low), handle!(self, Employee, high));
        match self.dice.roll(4) {
            0 => {
                say!(self, "{} reports to {}", self.text(low), self.text(high));
                self.session.set(l, Employee::manager, h);
                self.model.set_parent(low, Some(high));
            }
            1 => {
                say!(self, "append {} to {}", self.text(low), self.text(high));
                self.session.append(h, Employee::reports, l);
                self.model.set_parent(low, Some(high));
            }
            2 => {
                say!(self, "remove {} from {}", self.text(low), self.text(high));
                self.session.remove(h, Employee::reports, l);
                if self.model.objects[low].parent == Some(high) {
                    self.model.set_parent(low, None);
                }
            }
            _ => {
                say!(self, "{} reports to nobody", self.text(low));
                self.session.set(l, Employee::manager, None);
                self.model.set_parent(low, None);
            }
        }
    }

    async fn nodes(&mut self) {
        let (Some(low), Some(high)) = (self.pick(Kind::Node), self.pick(Kind::Node)) else { return };
        if self.model.is_below(high, low) {
            return;
        }
        let (l, h) = (handle!(self, Node, low), handle!(self, Node, high));
        if self.dice.in_ten(7) {
            say!(self, "append {} to {}", self.text(low), self.text(high));
            self.session.append(h, Node::children, l);
            self.model.set_parent(low, Some(high));
        } else {
            say!(self, "remove {} from {}", self.text(low), self.text(high));
            self.session.remove(h, Node::children, l);
            if self.model.objects[low].parent == Some(high) {
                self.model.set_parent(low, None);
            }
        }
    }

    /// Whole fields: owned values, the links of another object, or nothing.
    async fn assign(&mut self) {
        let Some(user) = self.pick(Kind::User) else { return };
        let clear = |world: &Self, user: usize| {
            let touched = |&n: &usize| world.model.objects[n].by_hand || world.model.objects[n].related;
            !world.model.alive(Kind::Address).iter().any(touched) && world.model.objects[user].stored
        };
        // An edit before an assignment, in one flush: who wins is nobody's promise.
        if !clear(self, user) {
            return;
        }
        let u = handle!(self, User, user);
        match self.dice.roll(3) {
            0 => {
                let new: Vec<_> = (0..self.dice.roll(3)).map(|_| self.new_address(Some(user))).collect();
                say!(self, "assign {new:?} to {}", self.text(user));
                for old in self.model.children(user, Kind::Address) {
                    if !new.iter().any(|(number, _)| *number == old) {
                        self.model.set_parent(old, None);
                    }
                }
                self.session[u].addresses = new.iter().map(|(_, address)| address.clone()).collect();
                // A flush moves them in.
                self.flush_now().await;
                let found: Vec<_> = self
                    .session
                    .view(u)
                    .get(User::addresses)
                    .unwrap()
                    .map(|a| (a.email.clone(), a.handle()))
                    .collect();
                for (email, handle) in found {
                    let number = self.model.objects.iter().position(|o| o.text == email).unwrap();
                    self.handles.insert(number, Any::Address(handle));
                }
                self.after_flush();
            }
            1 => {
                let Some(other) = self.pick(Kind::User).filter(|&o| o != user && clear(self, o)) else {
                    return;
                };
                let o = handle!(self, User, other);
                if self.session.view(u).get(User::addresses).is_err()
                    || self.session.view(o).get(User::addresses).is_err()
                {
                    return;
                }
                say!(self, "assign those of {} to {}", self.text(other), self.text(user));
                let links = self.session[o].addresses.clone();
                self.session[u].addresses = links;
                for old in self.model.children(user, Kind::Address) {
                    self.model.set_parent(old, None);
                }
                for moved in self.model.children(other, Kind::Address) {
                    self.model.set_parent(moved, Some(user));
                }
                self.flush_now().await;
            }
            _ => {
                if self.model.alive(Kind::Profile).iter().any(|&n| self.model.objects[n].related) {
                    return;
                }
                say!(self, "assign no profile to {}", self.text(user));
                self.session[u].profile = None.into();
                self.set_profile(user, None);
                self.flush_now().await;
            }
        }
    }

    async fn flush_now(&mut self) {
        say!(self, "flush");
        self.session.flush().await.unwrap();
        self.model.flush();
        self.after_flush();
        self.check_memory("after an assignment");
    }

    async fn keys_by_hand(&mut self) {
        let of_users = self.dice.in_ten(5);
        let (kind, above) = if of_users { (Kind::Address, Kind::User) } else { (Kind::Comment, Kind::Post) };
        let (Some(child), Some(parent)) = (self.pick(kind), self.pick(above)) else { return };
        let (c, p) = (&self.model.objects[child], &self.model.objects[parent]);
        if !c.stored || !p.stored || c.related || c.orphan || p.orphan {
            return;
        }
        // The model knows no row that comes and goes in one flush under a key that was given by hand.
        let id = self.ids[&parent];
        say!(self, "key of {} is that of {}", self.text(child), self.text(parent));
        if of_users {
            let a = handle!(self, Address, child);
            self.session[a].user_id = Some(id);
        } else {
            let c = handle!(self, Comment, child);
            self.session[c].post_id = id;
        }
        self.model.set_parent(child, Some(parent));
        self.model.objects[child].by_hand = true;
        self.flush_now().await;
    }

    async fn load(&mut self) {
        if self.autoflush {
            self.model.flush();
        }
        let session = &mut self.session;
        let which = self.dice.roll(9);
        say!(self, "load {which}");
        match which {
            0 => drop(session.all(select(User).options(selectin(User::addresses))).await.unwrap()),
            1 => drop(session.all(select(User).options(joined(User::addresses))).await.unwrap()),
            2 => drop(
                session
                    .all(select(Blog).options(joined(Blog::posts).then(selectin(Post::tags))))
                    .await
                    .unwrap(),
            ),
            3 => drop(session.all(select(Post).options(selectin(Post::comments))).await.unwrap()),
            4 => drop(session.all(select(Tag).options(joined(Tag::posts))).await.unwrap()),
            5 => drop(session.all(select(Employee).options(selectin(Employee::reports))).await.unwrap()),
            6 => drop(session.all(select(Employee).options(joined(Employee::manager))).await.unwrap()),
            7 => drop(session.all(select(Node).options(selectin(Node::children))).await.unwrap()),
            _ => drop(session.all(select(Profile).options(selectin(Profile::user))).await.unwrap()),
        }
        if self.autoflush {
            self.after_flush();
            self.check_memory("after a query");
        }
    }

    fn seen(&self) -> BTreeMap<usize, Seen> {
        self.handles.iter().filter_map(|(&number, &any)| Some((number, seen(&self.session, any)?))).collect()
    }

    fn check_memory(&self, when: &str) {
        for (number, seen) in self.seen() {
            let object = &self.model.objects[number];
            self.check(number, &seen, when);
            assert_eq!(object.state, State::Alive, "{when}: {seen:?}");
        }
    }

    fn check(&self, number: usize, seen: &Seen, when: &str) {
        let object = &self.model.objects[number];
        let texts = |numbers: Vec<usize>| numbers.into_iter().map(|n| self.text(n)).collect::<BTreeSet<_>>();
        assert_eq!(seen.text, object.text, "{when}");
        assert_eq!(
            seen.key,
            object.parent.map(|parent| self.ids[&parent]),
            "{when}: the key of {}",
            seen.text
        );
        for (&name, links) in &seen.relations {
            let expected = match name {
                "addresses" => texts(self.model.children(number, Kind::Address)),
                "profile" => texts(self.model.children(number, Kind::Profile)),
                "posts" if object.kind == Kind::Blog => texts(self.model.children(number, Kind::Post)),
                "comments" => texts(self.model.children(number, Kind::Comment)),
                "reports" => texts(self.model.children(number, Kind::Employee)),
                "children" => texts(self.model.children(number, Kind::Node)),
                "tags" => texts(object.tags.iter().copied().collect()),
                "posts" => {
                    let mut posts = self.model.alive(Kind::Post);
                    posts.retain(|&post| self.model.objects[post].tags.contains(&number));
                    texts(posts)
                }
                _ => texts(object.parent.into_iter().collect()),
            };
            assert_eq!(*links, expected, "{when}: {name} of {}", seen.text);
        }
    }

    /// A session of its own, which loads everything.
    async fn check_database(&mut self) {
        let mut fresh = Session::new(self.engine);
        let mut found: Vec<Any> = Vec::new();
        let users = select(User).options(selectin(User::addresses)).options(selectin(User::profile));
        found.extend(fresh.all(users).await.unwrap().into_iter().map(Any::User));
        let addresses = select(Address).options(selectin(Address::user));
        found.extend(fresh.all(addresses).await.unwrap().into_iter().map(Any::Address));
        let profiles = select(Profile).options(selectin(Profile::user));
        found.extend(fresh.all(profiles).await.unwrap().into_iter().map(Any::Profile));
        let blogs = select(Blog).options(selectin(Blog::posts));
        found.extend(fresh.all(blogs).await.unwrap().into_iter().map(Any::Blog));
        let posts = select(Post).options(selectin(Post::comments)).options(selectin(Post::tags));
        found.extend(fresh.all(posts).await.unwrap().into_iter().map(Any::Post));
        found.extend(fresh.all(select(Comment)).await.unwrap().into_iter().map(Any::Comment));
        let tags = select(Tag).options(selectin(Tag::posts));
        found.extend(fresh.all(tags).await.unwrap().into_iter().map(Any::Tag));
        let employees = select(Employee).options(selectin(Employee::reports));
        found.extend(fresh.all(employees).await.unwrap().into_iter().map(Any::Employee));
        let nodes = select(Node).options(selectin(Node::children));
        found.extend(fresh.all(nodes).await.unwrap().into_iter().map(Any::Node));
        let mut texts = BTreeSet::new();
        for any in found {
            let seen = seen(&fresh, any).unwrap();
            let number = self.model.objects.iter().position(|o| o.text == seen.text);
            let number = number.unwrap_or_else(|| panic!("nobody expected {seen:?}"));
            self.check(number, &seen, "in the database");
            texts.insert(seen.text);
        }
        let alive = self.model.objects.iter().filter(|o| o.state == State::Alive);
        assert_eq!(texts, alive.map(|o| o.text.clone()).collect());
    }
}

fn id(session: &Session, any: Any) -> i64 {
    match any {
        Any::User(h) => session[h].id,
        Any::Address(h) => session[h].id,
        Any::Profile(h) => session[h].id,
        Any::Blog(h) => session[h].id,
        Any::Post(h) => session[h].id,
        Any::Comment(h) => session[h].id,
        Any::Tag(h) => session[h].id,
        Any::Employee(h) => session[h].id,
        Any::Node(h) => session[h].id,
    }
}

/// What the session holds of an object; `None` where it is gone.
fn seen(session: &Session, any: Any) -> Option<Seen> {
    macro_rules! see {
        ($handle:expr, $text:ident, $key:expr, many $($many:path)*, one $($one:path)*, maybe $($maybe:path)*) => {{
            let view = session.try_view($handle)?;
            if session.is_deleted($handle) {
                return None;
            }
            #[allow(unused_mut)]
            let mut relations = BTreeMap::new();
            $(if let Ok(found) = view.get($many) {
                let texts = found.map(|v| text_of(session, v.handle().into())).collect();
                relations.insert(stringify!($many).rsplit(' ').next().unwrap(), texts);
            })*
            $(if let Ok(found) = view.get($one) {
                let texts = [text_of(session, found.handle().into())].into_iter().collect();
                relations.insert(stringify!($one).rsplit(' ').next().unwrap(), texts);
            })*
            $(if let Ok(found) = view.get($maybe) {
                let texts = found.into_iter().map(|v| text_of(session, v.handle().into())).collect();
                relations.insert(stringify!($maybe).rsplit(' ').next().unwrap(), texts);
            })*
            let relations = relations
                .into_iter()
                .map(|(name, texts): (&'static str, BTreeSet<String>)| (name.rsplit("::").next().unwrap(), texts))
                .collect();
            #[allow(clippy::redundant_closure_call)]
            Seen { text: view.$text.clone(), key: $key(view.value()), relations }
        }};
    }
    Some(match any {
        Any::User(h) => see!(h, name, |_: &User| None, many User::addresses, one, maybe User::profile),
        Any::Address(h) => see!(h, email, |a: &Address| a.user_id, many, one, maybe Address::user),
        Any::Profile(h) => see!(h, bio, |p: &Profile| Some(p.user_id), many, one Profile::user, maybe),
        Any::Blog(h) => see!(h, title, |_: &Blog| None, many Blog::posts, one, maybe),
        Any::Post(h) => {
            see!(h, title, |p: &Post| Some(p.blog_id), many Post::comments Post::tags, one Post::blog, maybe)
        }
        Any::Comment(h) => see!(h, body, |c: &Comment| Some(c.post_id), many, one, maybe),
        Any::Tag(h) => see!(h, name, |_: &Tag| None, many Tag::posts, one, maybe),
        Any::Employee(h) => {
            see!(h, name, |e: &Employee| e.manager_id, many Employee::reports, one, maybe Employee::manager)
        }
        Any::Node(h) => see!(h, name, |n: &Node| n.parent_id, many Node::children, one, maybe),
    })
}

fn text_of(session: &Session, any: Any) -> String {
    match any {
        Any::User(h) => session[h].name.clone(),
        Any::Address(h) => session[h].email.clone(),
        Any::Profile(h) => session[h].bio.clone(),
        Any::Blog(h) => session[h].title.clone(),
        Any::Post(h) => session[h].title.clone(),
        Any::Comment(h) => session[h].body.clone(),
        Any::Tag(h) => session[h].name.clone(),
        Any::Employee(h) => session[h].name.clone(),
        Any::Node(h) => session[h].name.clone(),
    }
}

macro_rules! into_any {
    ($($kind:ident)*) => { $(
        impl From<Handle<$kind>> for Any {
            fn from(handle: Handle<$kind>) -> Any {
                Any::$kind(handle)
            }
        }
    )* };
}

into_any! { User Address Profile Blog Post Comment Tag Employee Node }
