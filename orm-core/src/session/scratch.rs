//! Eager loading without a session: a graph of its own for one query, from which owned trees are moved out.

use orm_query::Mapped;
use orm_query::tree::Statement;
use orm_query::typed::{
    Convert, EntityAt, Known, LoadOptions, Loaded, LoadedList, Mode, Owned, Query, Unchanged,
};

use super::graph::{Graph, Id};
use super::tracked::Tracked;
use super::{Handle, LoadedHandle, load};
use crate::Result;
use crate::connection::Connection;

/// Whether a query asks for relationships to be loaded: by its options, or by the mapping of what it selects.
pub(crate) fn wants_loading<Q: Query<I>, I>(load: &LoadOptions) -> bool {
    let eager = |at: &EntityAt| at.entity.relationships.iter().any(|r| load::eager(r).is_some());
    !load.is_empty() || Q::entities().iter().any(eager)
}

pub(crate) async fn all<Q: Query<I>, I>(
    connection: &mut Connection,
    statement: Statement,
    load: LoadOptions,
) -> Result<Vec<Q::Row<Owned>>> {
    let mut graph = Graph::new();
    let rows = load::all::<Q, I>(&mut graph, connection, statement, load, None).await?;
    let mut copies = Copies { graph: &graph };
    let owned = |row| Q::finish::<Owned>(Q::convert::<Tracked, Owned>(row, &mut copies), &mut Unchanged);
    Ok(rows.into_iter().map(owned).collect())
}

/// Copies of a graph's objects as owned trees, with what is loaded of them.
pub(crate) struct Copies<'g> {
    pub(crate) graph: &'g Graph,
}

impl Convert<Tracked, Owned> for Copies<'_> {
    fn entity<E: Mapped>(&mut self, handle: Handle<E>) -> E {
        self.tree(handle, &Known::End)
    }

    fn loaded<E: Mapped, L: LoadedList>(&mut self, loaded: LoadedHandle<E, L>) -> Loaded<E, L> {
        Owned::loaded(self.tree(loaded.handle(), L::KNOWN))
    }
}

impl Copies<'_> {
    fn tree<E: Mapped>(&self, handle: Handle<E>, known: &'static Known) -> E {
        let id = self.graph.find_kind(E::ENTITY).map(|kind| Id { kind, slot: handle.slot });
        id.and_then(|id| self.graph.detached(id, known))
            .expect("the query has just read this object into the graph")
    }
}
