//! The mapped structs of the world, each looked at in the same way.

use std::collections::BTreeMap;

use orm::prelude::*;
use orm::{Handle, View, Views};

use super::mapped::{Friend, House, Player, Street, Team};
use super::model::Kind;
use crate::models::{Address, Blog, Comment, Employee, Node, Post, Profile, Tag, User};

/// A mapped struct of the world.
pub(super) trait Thing: Mapped {
    const KIND: Kind;
    /// One without relationships.
    fn new(number: usize, text: String) -> Self;
    fn text(&self) -> &str;
    /// The primary key; where it is part of its parent's, what is its own.
    fn id(&self) -> i64;
    fn key(id: i64, parent: Option<i64>) -> Self::Key;
    fn any(handle: Handle<Self>) -> Any;
    fn of(any: Any) -> Option<Handle<Self>>;
}

/// What is seen of one object: its text, its key column, and each relationship that is loaded, as sorted texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) text: String,
    pub(super) key: Option<i64>,
    pub(super) relations: BTreeMap<&'static str, Vec<String>>,
}

/// What a relationship leads to, however many there may be.
trait Ends {
    fn ends(self) -> Vec<(String, Any)>;
}

fn end<T: Thing>(view: View<'_, T>) -> (String, Any) {
    (view.text().to_owned(), T::any(view.handle()))
}

impl<T: Thing> Ends for Views<'_, T> {
    fn ends(self) -> Vec<(String, Any)> {
        self.map(end).collect()
    }
}

impl<T: Thing> Ends for View<'_, T> {
    fn ends(self) -> Vec<(String, Any)> {
        vec![end(self)]
    }
}

impl<T: Thing> Ends for Option<View<'_, T>> {
    fn ends(self) -> Vec<(String, Any)> {
        self.map(end).into_iter().collect()
    }
}

/// In which all streets are.
const TOWN: &str = "town";

macro_rules! things {
    ($($thing:ident {
        $text:ident, $id:ident, new $new:expr, key $key:expr, parent $parent:expr, $($relationship:ident)*
    })*) => {
        /// A handle of any of the structs.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Any {
            $($thing(Handle<$thing>)),*
        }

        $(impl Thing for $thing {
            const KIND: Kind = Kind::$thing;

            fn new(number: usize, text: String) -> Self {
                let new: fn(i64) -> $thing = $new;
                $thing { $text: text, ..new(number as i64 + 1) }
            }

            fn text(&self) -> &str {
                &self.$text
            }

            fn id(&self) -> i64 {
                self.$id
            }

            fn key(id: i64, parent: Option<i64>) -> Self::Key {
                let key: fn(i64, Option<i64>) -> Self::Key = $key;
                key(id, parent)
            }

            fn any(handle: Handle<Self>) -> Any {
                Any::$thing(handle)
            }

            fn of(any: Any) -> Option<Handle<Self>> {
                match any {
                    Any::$thing(handle) => Some(handle),
                    _ => None,
                }
            }
        })*

        impl Any {
            pub(super) fn id(self, session: &Session) -> i64 {
                match self {
                    $(Any::$thing(handle) => session[handle].id()),*
                }
            }

            pub(super) fn delete(self, session: &mut Session) {
                match self {
                    $(Any::$thing(handle) => session.delete(handle)),*
                }
            }

            pub(super) fn set_text(self, session: &mut Session, text: String) {
                match self {
                    $(Any::$thing(handle) => session[handle].$text = text),*
                }
            }

            /// Merges a copy of it, with what is loaded and another text.
            pub(super) async fn merge(self, session: &mut Session, text: String) {
                match self {
                    $(Any::$thing(handle) => {
                        let copy = $thing { $text: text, ..session.detach(handle) };
                        assert_eq!(session.merge(copy).await.unwrap(), handle);
                    }),*
                }
            }

            /// Moves it from one session to another, which is told that it has a row.
            pub(super) fn carry(self, from: &mut Session, to: &mut Session) -> Any {
                match self {
                    $(Any::$thing(handle) => {
                        let value = from.expunge(handle);
                        Any::$thing(to.attach(value).unwrap())
                    }),*
                }
            }

            /// Its text, and what each relationship that is loaded leads to; `None` where it is gone.
            fn look(self, session: &Session) -> Option<(Seen, Vec<Any>)> {
                match self {
                    $(Any::$thing(handle) => {
                        let view = session.try_view(handle).filter(|_| !session.is_deleted(handle))?;
                        let parent: fn(&$thing) -> Option<i64> = $parent;
                        #[allow(unused_mut)]
                        let (mut relations, mut near) = (BTreeMap::new(), Vec::new());
                        $(if let Ok(found) = view.get($thing::$relationship) {
                            let (mut texts, ends): (Vec<_>, Vec<_>) = found.ends().into_iter().unzip();
                            texts.sort();
                            relations.insert(stringify!($relationship), texts);
                            near.extend(ends);
                        })*
                        let text = view.text().to_owned();
                        Some((Seen { text, key: parent(view.value()), relations }, near))
                    }),*
                }
            }
        }
    };
}

things! {
    User { name, id, new |_| default(), key |id, _| id, parent |_| None, addresses profile }
    Address { email, id, new |_| default(), key |id, _| id, parent |a| a.user_id, user }
    Profile { bio, id, new |_| default(), key |id, _| id, parent |p| Some(p.user_id), user }
    Blog { title, id, new |_| default(), key |id, _| id, parent |_| None, posts }
    Post { title, id, new |_| default(), key |id, _| id, parent |p| Some(p.blog_id), blog comments tags }
    Comment { body, id, new |_| default(), key |id, _| id, parent |c| Some(c.post_id), }
    Tag { name, id, new |_| default(), key |id, _| id, parent |_| None, posts }
    Employee { name, id, new |_| default(), key |id, _| id, parent |e| e.manager_id, manager reports }
    Node { name, id, new |_| default(), key |id, _| id, parent |n| n.parent_id, children }
    Team { name, id, new |_| default(), key |id, _| id, parent |t| t.captain_id, captain players }
    Player { name, id, new |_| default(), key |id, _| id, parent |p| p.team_id, team leads }
    Friend { name, id, new |_| default(), key |id, _| id, parent |f| f.best_id, best admirers }
    Street {
        name, number,
        new |number| Street { town: TOWN.to_owned(), number, ..default() },
        key |id, _| (TOWN.to_owned(), id),
        parent |_| None,
        houses
    }
    House {
        name, position,
        new |position| House { position, ..default() },
        key |id, parent| (TOWN.to_owned(), parent.unwrap(), id),
        parent |house| Some(house.street_number),
        street
    }
}

impl Any {
    pub(super) fn see(self, session: &Session) -> Option<Seen> {
        self.look(session).map(|(seen, _)| seen)
    }

    /// Its text, and all that its loaded relationships lead to.
    pub(super) fn near(self, session: &Session) -> Option<(String, Vec<Any>)> {
        self.look(session).map(|(seen, near)| (seen.text, near))
    }
}
