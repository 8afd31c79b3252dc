//! The Session: tracked objects, the identity map and the unit of work.
//!
//! | room | holds |
//! | --- | --- |
//! | [`Session`] | what users call |
//! | [`Handle`], [`View`] | an object of a session, by place and to read |
//! | `graph` | the objects without their types, the identity map, what a rollback undoes |
//! | `relate`, `link_edits` | edits of relationships in memory, both sides in step, loaded or not |
//! | [`LoadedHandle`], [`LoadedView`] | the same, of which the compiler knows what is loaded |
//! | `load` | the loader strategies, and what a row does to an object that is here |
//! | `on_demand`, `one_by_one` | relationships that are asked for, and the guard against asking for each alone |
//! | `expire` | what is to be read anew |
//! | `page` | pages of a query, how many rows it has, and whether it has any |
//! | [`Partitions`], `walk` | a query's rows a list at a time, and the objects that may leave behind it |
//! | [`Get`], [`Refresh`] | one row by its key |
//! | `execute`, `evaluate` | statements for their effect, and the objects that follow them; conditions computed in Rust |
//! | `flush` | collect → order → plan → apply |
//! | `events` | what a program may listen to |
//! | `attach`, `merge` | owned trees on their way in, spread out by `given` |
//! | `detach`, `scratch` | objects on their way out, as owned trees |
//! | `state`, `history` | what objects are, and what changed of them |
//! | `transaction`, `join`, [`SessionMaker`] | commit, rollback, savepoints; transactions of the caller's; sessions made alike |

mod attach;
mod collection;
mod columns;
mod detach;
mod edit;
mod evaluate;
mod events;
mod execute;
mod expire;
mod expression;
mod flush;
mod get;
mod given;
mod graph;
mod handle;
mod history;
mod join;
mod key;
mod link_edits;
mod load;
mod loaded;
mod maker;
mod merge;
mod no_autoflush;
mod objects;
mod on_demand;
mod one_by_one;
mod page;
mod partitions;
mod query;
mod refresh;
mod relate;
mod replace;
mod state;
mod tracked;
mod transaction;
mod view;
mod walk;

pub(crate) mod scratch;

use std::fmt;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use orm_query::Mapped;
use orm_query::mapping::SlotState;

pub use collection::Collection;
pub use edit::{Member, Parent};
pub use events::{Change, ExecuteState, Outcome, RolledBack, SessionEvents, Settable};
pub use get::{Get, GetFuture, GetOne, GetOneFuture};
pub use handle::Handle;
pub use history::History;
pub use loaded::{LoadedHandle, LoadedView, LoadedViews, Viewable};
pub use maker::SessionMaker;
pub use no_autoflush::NoAutoflush;
pub use objects::Objects;
pub use one_by_one::OneByOne;
pub use partitions::Partitions;
pub use refresh::Refresh;
pub use state::ObjectState;
pub use tracked::{Tracked, Tracking};
pub use transaction::{Savepoint, Scoped};
pub use view::{View, Views, Walk};

use crate::connection::Connection;
use crate::driver::TransactionOptions;
use crate::engine::EngineInner;
use crate::{Engine, Result, SessionError};
use graph::{Graph, Id};

/// Tracked objects, an identity map and a unit of work over one connection and one transaction.
///
/// An owned value goes in with [`add`](Session::add) and becomes a [`Handle`]; `session[handle]` reads and writes it,
/// and a [`flush`](Session::flush) writes what changed. A transaction begins with the first statement and ends with
/// [`commit`](Session::commit) or [`rollback`](Session::rollback); a dropped session rolls back. Nothing expires at
/// a commit, unless a [`SessionMaker`] says [so](SessionMaker::expire_on_commit), and nothing but an `.await`ed method
/// ever does I/O.
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
/// assert_eq!(session[sandy].id, 1);
///
/// session[sandy].name = "Sandy".into();
/// session.append(sandy, User::posts, Post::new("second"));
/// session.flush().await?; // an UPDATE of one column, an INSERT
/// session.rollback().await?;
/// assert_eq!(session[sandy].name, "sandy");
///
/// let titles: Vec<&str> = session.view(sandy).get(User::posts)?.map(|post| post.value().title.as_str()).collect();
/// assert_eq!(titles, ["first"]);
/// # Ok(())
/// # }
/// ```
pub struct Session {
    pub(crate) graph: Graph,
    engine: Arc<EngineInner>,
    connection: Option<Connection>,
    /// How its transactions begin.
    options: TransactionOptions,
    /// The transaction is the caller's.
    joined: Option<join::Joined>,
    /// Why nothing but a rollback is possible.
    failed: Option<String>,
    autoflush: bool,
    /// Whether a commit expires all objects.
    pub(crate) expire_on_commit: bool,
    /// What was read one object at a time.
    counts: one_by_one::Counts,
    /// Savepoints that were dropped without a word, to be rolled back before the next statement.
    abandoned: Option<u32>,
}

impl Session {
    /// A session over `engine`. It takes a connection when it first needs one.
    pub fn new<D>(engine: &Engine<D>) -> Self {
        Self::with_options(engine, TransactionOptions::new())
    }

    /// A session whose transactions begin with options.
    pub fn with_options<D>(engine: &Engine<D>, options: TransactionOptions) -> Self {
        Session { options, ..Self::over(engine.inner().clone()) }
    }

    fn made(maker: &SessionMaker) -> Self {
        let mut session = Self::over(maker.engine.clone());
        session.graph.listening.events = maker.events.clone();
        let (autoflush, expire_on_commit) = (maker.autoflush, maker.expire_on_commit);
        let counts = one_by_one::Counts::strict(maker.strict);
        Session { options: maker.options, autoflush, expire_on_commit, counts, ..session }
    }

    fn over(engine: Arc<EngineInner>) -> Self {
        Session {
            graph: Graph::new(),
            engine,
            connection: None,
            options: TransactionOptions::new(),
            joined: None,
            failed: None,
            autoflush: true,
            expire_on_commit: false,
            counts: one_by_one::Counts::default(),
            abandoned: None,
        }
    }

    /// Takes a new object in, with the tree of owned objects below it. The next flush inserts them.
    pub fn add<T: Mapped>(&mut self, value: T) -> Handle<T> {
        let kind = self.graph.kind(T::ENTITY);
        let slot = self.graph.slots_mut::<T>().push_new(value);
        let id = self.graph.enlist(kind, slot);
        self.graph.adopt(id, true);
        self.tell_attributes();
        self.graph.handle(id)
    }

    /// Takes several new objects in.
    pub fn add_all<T: Mapped>(&mut self, values: impl IntoIterator<Item = T>) -> Vec<Handle<T>> {
        values.into_iter().map(|value| self.add(value)).collect()
    }

    /// Marks an object to be deleted by the next flush, with what its relationships' `delete` cascades reach. One
    /// that is still pending just leaves the session.
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn delete<T: Mapped>(&mut self, handle: Handle<T>) {
        let id = self.id(handle);
        match self.graph.state(id) {
            SlotState::Pending => self.graph.discard([id].into_iter().collect()),
            SlotState::Persistent => self.graph.doom(id),
            SlotState::Deleted | SlotState::Vacant => {}
        }
    }

    /// The object to read, with its relationships: a [`View`], or for a [`LoadedHandle`] a [`LoadedView`].
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone; [`try_view`](Session::try_view) does not.
    pub fn view<H: Viewable>(&self, handle: H) -> H::View<'_> {
        self.id(handle.plain());
        self.try_view(handle).expect("the handle was just resolved")
    }

    /// The object to read, unless it is gone.
    pub fn try_view<H: Viewable>(&self, handle: H) -> Option<H::View<'_>> {
        View::new(self, handle.plain()).map(H::seen)
    }

    /// The objects to read.
    ///
    /// # Panics
    /// When a handle is of another session, or its object is gone.
    pub fn views<'s, H: Viewable>(&'s self, handles: &'s [H]) -> impl Iterator<Item = H::View<'s>> + 's {
        handles.iter().map(|&handle| self.view(handle))
    }

    /// Whether the object is marked to be deleted, or was deleted in this transaction.
    pub fn is_deleted<T: Mapped>(&self, handle: Handle<T>) -> bool {
        let Ok(id) = self.graph.resolve(handle) else { return false };
        self.graph.is_doomed(id) || self.graph.state(id) == SlotState::Deleted
    }

    /// Whether the object is in this session.
    pub fn contains<T: Mapped>(&self, handle: Handle<T>) -> bool {
        self.graph.resolve(handle).is_ok()
    }

    /// Lets queries run without flushing first, or not; a session flushes unless told otherwise.
    pub fn set_autoflush(&mut self, autoflush: bool) {
        self.autoflush = autoflush;
    }

    fn id<T: Mapped>(&self, handle: Handle<T>) -> Id {
        match self.graph.resolve(handle) {
            Ok(id) => id,
            Err(reason) => panic!("{}", SessionError::NotInSession { entity: T::RUST_NAME, reason }),
        }
    }

    fn try_id<T: Mapped>(&self, handle: Handle<T>) -> Result<Id> {
        let not_here = |reason| SessionError::NotInSession { entity: T::RUST_NAME, reason }.into();
        self.graph.resolve(handle).map_err(not_here)
    }
}

impl<T: Mapped> Index<Handle<T>> for Session {
    type Output = T;

    /// # Panics
    /// When the handle is of another session, or its object is gone.
    fn index(&self, handle: Handle<T>) -> &T {
        let id = self.id(handle);
        self.graph.slots::<T>().and_then(|slots| slots.get(id.slot)).expect("the handle was just resolved")
    }
}

impl<T: Mapped> IndexMut<Handle<T>> for Session {
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    fn index_mut(&mut self, handle: Handle<T>) -> &mut T {
        let id = self.id(handle);
        self.graph.slots_mut::<T>().get_mut(id.slot).expect("the handle was just resolved")
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("driver", &self.engine.driver)
            .field("connected", &self.connection.is_some())
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
