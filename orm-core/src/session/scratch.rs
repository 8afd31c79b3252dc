//! Eager loading without a session: a graph of its own for one query, from which owned trees are moved out.

use orm_query::ExecutionOptions;
use orm_query::Mapped;
use orm_query::tree::Statement;
use orm_query::typed::{
    Convert, EntityAt, Known, LoadOptions, LoadPath, Loaded, LoadedList, Mode, Owned, Query, Strategy,
    Unchanged,
};

use super::graph::{Graph, Id};
use super::tracked::Tracked;
use super::walk::Walk;
use super::{Handle, LoadedHandle, load};
use crate::Result;
use crate::connection::Connection;
use crate::paging::{Page, Pages, Paging};

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
    Ok(rows.into_iter().map(|row| owned::<Q, I>(row, &mut copies)).collect())
}

pub(crate) async fn page<Q: Query<I>, I, S: Paging>(
    connection: &mut Connection,
    statement: Statement,
    load: LoadOptions,
    pages: &Pages<S>,
) -> Result<Page<Q::Row<Owned>, S::At>> {
    let mut graph = Graph::new();
    let page = super::page::page::<Q, I, S>(&mut graph, connection, statement, load, pages).await?;
    let mut copies = Copies { graph: &graph };
    Ok(page.map(|row| owned::<Q, I>(row, &mut copies)))
}

/// Whether a query is to have something loaded with its rows, which takes all of a part of them.
pub(crate) fn loads_along<Q: Query<I>, I>(load: &LoadOptions) -> bool {
    let mut paths = load.paths.clone();
    let entities = Q::entities();
    load::add_defaults(&entities, &mut paths, &load.raise);
    let is_known = |at: &EntityAt| !matches!(at.known, Known::End);
    let is_nothing = |path: &LoadPath| matches!(path.strategy, Strategy::Select | Strategy::Raise { .. });
    !load.columns.is_empty() || !paths.iter().all(is_nothing) || entities.iter().any(is_known)
}

/// The rows of a query in partitions of owned trees.
pub(crate) struct OwnedWalk<'c, R, O> {
    connection: &'c mut Connection,
    /// The objects of one window.
    graph: Graph,
    walk: Walk<R>,
    owned: fn(R, &mut Copies<'_>) -> O,
}

/// The walk through a query.
pub(crate) fn walk<Q: Query<I>, I>(
    connection: &mut Connection,
    statement: Statement,
    load: LoadOptions,
    run: ExecutionOptions,
    size: usize,
) -> Result<OwnedWalk<'_, Q::Read<Tracked>, Q::Row<Owned>>> {
    let features = connection.dialect().features();
    let walk = Walk::new(Q::entities(), Q::decode::<Tracked>, statement, load, run, features, size)?;
    Ok(OwnedWalk { connection, graph: Graph::new(), walk, owned: owned::<Q, I> })
}

impl<R: Send, O> OwnedWalk<'_, R, O> {
    /// The next partition; `None` behind the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<O>>> {
        if self.walk.is_between_windows() {
            self.graph = Graph::new();
        }
        let Some(part) = self.walk.next(&mut self.graph, self.connection).await? else { return Ok(None) };
        let mut copies = Copies { graph: &self.graph };
        Ok(Some(part.rows.into_iter().map(|row| (self.owned)(row, &mut copies)).collect()))
    }
}

/// What was read of a row, with owned trees in place of the graph's objects.
fn owned<Q: Query<I>, I>(row: Q::Read<Tracked>, copies: &mut Copies<'_>) -> Q::Row<Owned> {
    Q::finish::<Owned>(Q::convert::<Tracked, Owned>(row, copies), &mut Unchanged)
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
