//! What a flush must do, said as simply as it can be.

use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    User,
    Address,
    Profile,
    Blog,
    Post,
    Comment,
    Tag,
    Employee,
    Node,
}

impl Kind {
    /// Whether it goes with its parent, and when it loses it.
    pub(crate) fn is_owned(self) -> bool {
        matches!(self, Kind::Profile | Kind::Post | Kind::Comment | Kind::Node)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Alive,
    /// To be deleted by the next flush.
    Doomed,
    Gone,
}

#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) parent: Option<usize>,
    /// Of a post.
    pub(crate) tags: BTreeSet<usize>,
    pub(crate) state: State,
    /// It has lost its parent and goes by the next flush, unless it finds another.
    pub(crate) orphan: bool,
    /// It has a row.
    pub(crate) stored: bool,
    /// Its key column was set by hand since the last flush; its relationship was edited.
    pub(crate) by_hand: bool,
    pub(crate) related: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) objects: Vec<Object>,
}

impl Model {
    pub(crate) fn add(&mut self, kind: Kind, parent: Option<usize>) -> usize {
        let number = self.objects.len();
        self.objects.push(Object {
            kind,
            text: format!("{kind:?} {number}"),
            parent,
            tags: BTreeSet::new(),
            state: State::Alive,
            orphan: false,
            stored: false,
            by_hand: false,
            related: true,
        });
        number
    }

    pub(crate) fn alive(&self, kind: Kind) -> Vec<usize> {
        let is_alive = |&n: &usize| self.objects[n].kind == kind && self.objects[n].state == State::Alive;
        (0..self.objects.len()).filter(is_alive).collect()
    }

    pub(crate) fn children(&self, parent: usize, kind: Kind) -> Vec<usize> {
        let is_child = |&n: &usize| self.objects[n].parent == Some(parent);
        self.alive(kind).into_iter().filter(is_child).collect()
    }

    /// Whether `low` stands below `high`, or is it.
    pub(crate) fn is_below(&self, low: usize, high: usize) -> bool {
        let mut at = Some(low);
        while let Some(n) = at {
            if n == high {
                return true;
            }
            at = self.objects[n].parent;
        }
        false
    }

    pub(crate) fn set_parent(&mut self, child: usize, parent: Option<usize>) {
        let object = &mut self.objects[child];
        object.orphan =
            parent.is_none() && (object.parent.is_some() || object.orphan) && object.kind.is_owned();
        object.parent = parent;
        object.related = true;
    }

    pub(crate) fn delete(&mut self, number: usize) {
        if self.objects[number].stored {
            self.objects[number].state = State::Doomed;
            return;
        }
        // A pending object leaves at once, with the pending ones below it.
        self.objects[number].state = State::Gone;
        for post in 0..self.objects.len() {
            self.objects[post].tags.remove(&number);
        }
        self.objects[number].tags.clear();
        for child in 0..self.objects.len() {
            if self.objects[child].parent == Some(number) && self.objects[child].state == State::Alive {
                if self.objects[child].kind.is_owned() {
                    self.delete(child);
                } else {
                    self.set_parent(child, None);
                }
            }
        }
    }

    pub(crate) fn flush(&mut self) {
        loop {
            let lost = |o: &Object| o.state == State::Alive && o.orphan && o.parent.is_none();
            let Some(orphan) = self.objects.iter().position(lost) else { break };
            self.delete(orphan);
        }
        let mut work: Vec<usize> =
            (0..self.objects.len()).filter(|&n| self.objects[n].state == State::Doomed).collect();
        while let Some(number) = work.pop() {
            self.objects[number].state = State::Gone;
            for child in 0..self.objects.len() {
                let object = &mut self.objects[child];
                if object.parent != Some(number) || object.state == State::Gone {
                    continue;
                }
                if object.kind.is_owned() {
                    object.state = State::Gone;
                    work.push(child);
                } else {
                    object.parent = None;
                }
            }
        }
        let gone: BTreeSet<usize> =
            (0..self.objects.len()).filter(|&n| self.objects[n].state == State::Gone).collect();
        for object in &mut self.objects {
            object.tags.retain(|tag| !gone.contains(tag));
            object.stored |= object.state == State::Alive;
            object.orphan = false;
            object.by_hand = false;
            object.related = false;
        }
    }
}
