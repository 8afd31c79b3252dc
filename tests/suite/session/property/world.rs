//! A session and a model that are told the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use orm::prelude::*;
use orm::{Error, IntegrityKind, SessionError, Table};

use super::Dice;
use super::model::{Family, Kind, Model, State};
use super::thing::{Any, Seen, Thing};
use crate::models::Tag;

/// What a rollback must bring back.
struct Before {
    model: Model,
    seen: BTreeMap<usize, Seen>,
    ids: HashMap<usize, i64>,
    handles: HashMap<usize, Any>,
}

pub(super) struct World<'e> {
    engine: &'e Engine,
    pub(super) session: Session,
    pub(super) dice: Dice,
    /// What this case is about: few, so that its edits meet.
    pub(super) families: Vec<Family>,
    pub(super) model: Model,
    pub(super) handles: HashMap<usize, Any>,
    pub(super) ids: HashMap<usize, i64>,
    /// The last of the keys that were given by hand.
    pub(super) keys: i64,
    pub(super) autoflush: bool,
    /// Whether each edit is printed.
    pub(super) talk: bool,
}

macro_rules! say {
    ($world:expr, $($words:tt)*) => { if $world.talk { eprintln!($($words)*) } };
}

pub(super) use say;

impl<'e> World<'e> {
    pub(super) fn new(engine: &'e Engine, mut dice: Dice, talk: bool) -> Self {
        let families = (0..1 + dice.roll(3)).filter_map(|_| dice.pick(&Family::ALL)).collect();
        World {
            engine,
            session: Session::new(engine),
            dice,
            families,
            model: Model::default(),
            handles: HashMap::new(),
            ids: HashMap::new(),
            keys: 1_000_000,
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
            let fails = self.dice.in_ten(1) && self.fail().await;
            if fails || self.dice.in_ten(3) {
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
            Box::pin(self.check_database()).await;
            if self.dice.in_ten(3) {
                say!(self, "NEW SESSION");
                let mut old = std::mem::replace(&mut self.session, Session::new(self.engine));
                self.session.set_autoflush(self.autoflush);
                let known = std::mem::take(&mut self.handles);
                let mut numbers: Vec<usize> = known.keys().copied().collect();
                numbers.sort_unstable();
                for _ in 0..self.dice.roll(3) {
                    let Some(number) = self.dice.pick(&numbers) else { break };
                    numbers.retain(|&other| other != number);
                    // The cascade of another one may have taken it out.
                    if known[&number].see(&old).is_some() {
                        say!(self, "{} comes along", self.text(number));
                        self.handles.insert(number, known[&number].carry(&mut old, &mut self.session));
                    }
                }
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
        let fails = self.dice.in_ten(2) && self.fail().await;
        std::mem::swap(&mut *savepoint, &mut self.session);
        let ending = if fails { self.dice.roll(2) } else { self.dice.roll(4) };
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

    /// A flush that the database refuses somewhere in its middle; only a rollback helps.
    async fn fail(&mut self) -> bool {
        let mut tags = self.model.alive(Kind::Tag);
        tags.retain(|&tag| self.model.objects[tag].stored);
        let Some(tag) = self.dice.pick(&tags) else { return false };
        say!(self, "a second {}", self.text(tag));
        self.session.add(Tag { name: self.text(tag), ..default() });
        let error = self.session.flush().await.unwrap_err();
        assert!(matches!(error, Error::Integrity { kind: IntegrityKind::Unique, .. }), "{error:?}");
        let again = self.session.all(select(Tag)).await.unwrap_err();
        assert!(matches!(again, Error::Session(SessionError::NeedsRollback { .. })), "{again:?}");
        true
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
        for _ in 0..self.dice.roll(16) {
            self.edit().await;
            if self.autoflush && self.dice.in_ten(1) {
                self.flush("after a flush").await;
            }
        }
    }

    pub(super) async fn flush(&mut self, when: &str) {
        say!(self, "FLUSH");
        self.session.flush().await.unwrap();
        self.model.flush();
        self.after_flush();
        self.check_memory(when);
    }

    /// Keys that were generated, and handles of what is gone.
    pub(super) fn after_flush(&mut self) {
        self.forget_gone();
        for (&number, any) in &self.handles {
            self.ids.insert(number, any.id(&self.session));
        }
    }

    pub(super) fn forget_gone(&mut self) {
        let objects = &self.model.objects;
        self.handles.retain(|&number, _| objects[number].state != State::Gone);
    }

    pub(super) fn text(&self, number: usize) -> String {
        self.model.objects[number].text.clone()
    }

    pub(super) fn pick(&mut self, kind: Kind) -> Option<usize> {
        self.dice.pick(&self.model.alive(kind))
    }

    /// An object whose key column was not set by hand since the last flush, so that it is clear what counts.
    pub(super) fn pick_clear(&mut self, kind: Kind) -> Option<usize> {
        let mut all = self.model.alive(kind);
        all.retain(|&number| !self.model.objects[number].by_hand);
        self.dice.pick(&all)
    }

    /// The handle of an object, which is read where this session has not met it.
    pub(super) async fn handle<T: Thing>(&mut self, number: usize) -> Handle<T> {
        if let Some(&any) = self.handles.get(&number) {
            return T::of(any).unwrap_or_else(|| panic!("{number} is {any:?}"));
        }
        let parent = self.model.objects[number].stored_parent.and_then(|parent| self.ids.get(&parent));
        let key = T::key(self.ids[&number], parent.copied());
        let handle = self.session.no_autoflush().get_one(Table::<T>::new(), key).await.unwrap();
        self.handles.insert(number, T::any(handle));
        handle
    }

    /// The same of an object of any kind.
    pub(super) async fn any(&mut self, number: usize) -> Any {
        macro_rules! of_kind {
            ($($kind:ident)*) => {
                match self.model.objects[number].kind {
                    $(Kind::$kind => Any::$kind(self.handle(number).await)),*
                }
            };
        }
        of_kind! {
            User Address Profile Blog Post Comment Tag Employee Node Team Player Friend Street House
        }
    }

    /// A new object of the model, and the value for it.
    pub(super) fn new_thing<T: Thing>(&mut self, parent: Option<usize>) -> (usize, T) {
        let number = self.model.add(T::KIND, parent);
        (number, T::new(number, self.text(number)))
    }

    /// Takes the handles of an object and of all that is new around it.
    pub(super) fn met<T: Thing>(&mut self, handle: Handle<T>) {
        let mut work = vec![T::any(handle)];
        let mut is_first = true;
        while let Some(any) = work.pop() {
            let Some((text, near)) = any.near(&self.session) else { continue };
            let Some(number) = self.model.find(&text) else { panic!("nobody expected {text}") };
            if self.handles.insert(number, any).is_none() || std::mem::take(&mut is_first) {
                work.extend(near);
            }
        }
    }

    fn seen(&self) -> BTreeMap<usize, Seen> {
        self.handles.iter().filter_map(|(&number, any)| Some((number, any.see(&self.session)?))).collect()
    }

    pub(super) fn check_memory(&self, when: &str) {
        let session = &self.session;
        for objects in [session.pending(), session.dirty(), session.deleted()] {
            assert!(objects.is_empty(), "{when}: {objects:?}");
        }
        for (number, seen) in self.seen() {
            self.check(number, &seen, when);
            assert_eq!(self.model.objects[number].state, State::Alive, "{when}: {seen:?}");
        }
    }

    fn check(&self, number: usize, seen: &Seen, when: &str) {
        let object = &self.model.objects[number];
        assert_eq!(seen.text, object.text, "{when}");
        let key = object.parent.map(|parent| self.ids[&parent]);
        assert_eq!(seen.key, key, "{when}: the key of {}", seen.text);
        for (&name, links) in &seen.relations {
            let mut expected: Vec<String> =
                self.model.links(number, name).into_iter().map(|number| self.text(number)).collect();
            expected.sort();
            assert_eq!(*links, expected, "{when}: {name} of {}", seen.text);
        }
    }

    /// A session of its own, which loads everything: it sees what the model predicts, and what this one has loaded.
    async fn check_database(&mut self) {
        let mut fresh = Session::new(self.engine);
        let mut stored = BTreeMap::new();
        for any in super::reads::everything(&mut fresh).await {
            let seen = any.see(&fresh).unwrap();
            let number = self.model.find(&seen.text);
            let number = number.unwrap_or_else(|| panic!("nobody expected {seen:?}"));
            self.check(number, &seen, "in the database");
            stored.insert(number, seen);
        }
        let is_alive = |&number: &usize| self.model.objects[number].state == State::Alive;
        let alive: BTreeSet<usize> = (0..self.model.objects.len()).filter(is_alive).collect();
        assert_eq!(stored.keys().copied().collect::<BTreeSet<_>>(), alive);
        for (number, seen) in self.seen() {
            let stored = &stored[&number];
            assert_eq!((&seen.text, seen.key), (&stored.text, stored.key));
            for (name, links) in &seen.relations {
                assert_eq!(Some(links), stored.relations.get(name), "{name} of {}, read anew", seen.text);
            }
        }
    }
}
