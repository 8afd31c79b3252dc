use orm_query::typed::Mode;
use orm_query::{Mapped, Row};

use super::graph::{Graph, Id};
use super::load::Reading;
use super::{Handle, LoadedHandle};
use crate::{Error, Result};

/// Entities as handles of a session.
#[derive(Debug)]
pub enum Tracked {}

/// What reading tracked entities needs.
pub struct Tracking<'g> {
    pub(crate) graph: &'g mut Graph,
    /// What rows do to objects that are here already.
    pub(crate) reading: &'g mut Reading,
    /// The entities of the row, in the order of the select list.
    pub(crate) seen: Vec<Option<Id>>,
}

impl std::fmt::Debug for Tracking<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tracking").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Mode for Tracked {
    type Entity<E: Mapped> = Handle<E>;
    type Loaded<E: Mapped, L: 'static> = LoadedHandle<E, L>;
    type Error = Error;
    type Context<'c> = Tracking<'c>;

    fn entity<E: Mapped>(context: &mut Tracking<'_>, row: &dyn Row, at: usize) -> Result<Handle<E>> {
        let id = context.reading.read(context.graph, E::ENTITY, row, at)?;
        context.seen.push(Some(id));
        Ok(context.graph.handle(id))
    }

    fn loaded<E: Mapped, L: 'static>(entity: Handle<E>) -> LoadedHandle<E, L> {
        LoadedHandle::new(entity)
    }

    fn absent(context: &mut Tracking<'_>) {
        context.seen.push(None);
    }
}
