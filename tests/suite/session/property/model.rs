//! What a flush must do, said as simply as it can be.

use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    User,
    Address,
    Profile,
    Blog,
    Post,
    Comment,
    Tag,
    Employee,
    Node,
    Team,
    Player,
    Friend,
    Street,
    House,
}

/// Kinds that have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Users,
    Blogs,
    Employees,
    Nodes,
    Teams,
    Friends,
    Streets,
}

impl Family {
    pub(super) const ALL: [Family; 7] = [
        Family::Users,
        Family::Blogs,
        Family::Employees,
        Family::Nodes,
        Family::Teams,
        Family::Friends,
        Family::Streets,
    ];

    pub(super) fn kinds(self) -> &'static [Kind] {
        match self {
            Family::Users => &[Kind::User, Kind::Address, Kind::Profile],
            Family::Blogs => &[Kind::Blog, Kind::Post, Kind::Comment, Kind::Tag],
            Family::Employees => &[Kind::Employee],
            Family::Nodes => &[Kind::Node],
            Family::Teams => &[Kind::Team, Kind::Player],
            Family::Friends => &[Kind::Friend],
            Family::Streets => &[Kind::Street, Kind::House],
        }
    }
}

impl Kind {
    /// Whether it goes with its parent, and when it loses it.
    pub(super) fn is_owned(self) -> bool {
        matches!(self, Kind::Profile | Kind::Post | Kind::Comment | Kind::Node | Kind::House)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Alive,
    /// To be deleted by the next flush.
    Doomed,
    Gone,
}

#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// What its key column leads to: of a team it is its captain.
    pub(super) parent: Option<usize>,
    /// The same, as the last flush has left it.
    pub(super) stored_parent: Option<usize>,
    /// Of a post.
    pub(super) tags: BTreeSet<usize>,
    pub(super) state: State,
    /// It has lost its parent and goes by the next flush, unless it finds another.
    pub(super) orphan: bool,
    /// It has a row.
    pub(super) stored: bool,
    /// Its key column was set by hand since the last flush; its relationship was edited.
    pub(super) by_hand: bool,
    pub(super) related: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) objects: Vec<Object>,
}

impl Model {
    pub(super) fn add(&mut self, kind: Kind, parent: Option<usize>) -> usize {
        let number = self.objects.len();
        self.objects.push(Object {
            kind,
            text: format!("{kind:?} {number}"),
            parent,
            stored_parent: None,
            tags: BTreeSet::new(),
            state: State::Alive,
            orphan: false,
            stored: false,
            by_hand: false,
            related: true,
        });
        number
    }

    pub(super) fn alive(&self, kind: Kind) -> Vec<usize> {
        let is_alive = |&n: &usize| self.objects[n].kind == kind && self.objects[n].state == State::Alive;
        (0..self.objects.len()).filter(is_alive).collect()
    }

    pub(super) fn children(&self, parent: usize, kind: Kind) -> Vec<usize> {
        let is_child = |&n: &usize| self.objects[n].parent == Some(parent);
        self.alive(kind).into_iter().filter(is_child).collect()
    }

    /// What a relationship of an object leads to.
    pub(super) fn links(&self, number: usize, relationship: &str) -> Vec<usize> {
        let object = &self.objects[number];
        let kind = match relationship {
            "addresses" => Kind::Address,
            "profile" => Kind::Profile,
            "comments" => Kind::Comment,
            "reports" => Kind::Employee,
            "children" => Kind::Node,
            "players" => Kind::Player,
            "leads" => Kind::Team,
            "admirers" => Kind::Friend,
            "houses" => Kind::House,
            "posts" if object.kind == Kind::Blog => Kind::Post,
            "posts" => {
                let is_linked = |&post: &usize| self.objects[post].tags.contains(&number);
                return self.alive(Kind::Post).into_iter().filter(is_linked).collect();
            }
            "tags" => return object.tags.iter().copied().collect(),
            _ => return object.parent.into_iter().collect(),
        };
        self.children(number, kind)
    }

    /// The objects that an object leads to, or that lead to it.
    pub(super) fn neighbours(&self, number: usize) -> Vec<usize> {
        let object = &self.objects[number];
        let is_near = |&other: &usize| {
            let it = &self.objects[other];
            let linked = object.parent == Some(other) || object.tags.contains(&other);
            it.state == State::Alive && (linked || it.parent == Some(number) || it.tags.contains(&number))
        };
        (0..self.objects.len()).filter(is_near).collect()
    }

    pub(super) fn find(&self, text: &str) -> Option<usize> {
        self.objects.iter().position(|object| object.text == text)
    }

    /// Whether `low` stands below `high`, or is it.
    pub(super) fn is_below(&self, low: usize, high: usize) -> bool {
        let mut at = Some(low);
        while let Some(n) = at {
            if n == high {
                return true;
            }
            at = self.objects[n].parent;
        }
        false
    }

    pub(super) fn set_parent(&mut self, child: usize, parent: Option<usize>) {
        let object = &mut self.objects[child];
        // One that has a row is as it was if it had no parent there; a new one was to come by its parent alone.
        let had = if object.stored { object.stored_parent } else { object.parent };
        object.orphan = parent.is_none()
            && object.kind.is_owned()
            && (had.is_some() || (object.orphan && !object.stored));
        object.parent = parent;
        object.related = true;
    }

    pub(super) fn delete(&mut self, number: usize) {
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

    pub(super) fn flush(&mut self) {
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
            object.stored_parent = object.parent;
            object.orphan = false;
            object.by_hand = false;
            object.related = false;
        }
    }
}
