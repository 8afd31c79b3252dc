//! The rows of a query in partitions: read window by window, each partition with what is loaded behind it.

use std::vec::IntoIter;

use hashbrown::HashSet;
use orm_query::ExecutionOptions;
use orm_query::mapping::SlotState;
use orm_query::tree::Statement;
use orm_query::typed::{EntityAt, LoadOptions};

use super::graph::{Graph, Id};
use super::load::{Asked, Decode, Seen};
use crate::Result;
use crate::connection::Connection;
use crate::paging::window::Windows;

/// A query on its way through its partitions.
pub(crate) struct Walk<R> {
    entities: Vec<EntityAt>,
    decode: Decode<R>,
    windows: Windows,
    options: LoadOptions,
    run: ExecutionOptions,
    /// How many rows a partition has.
    size: usize,
    window: Option<Window<R>>,
    /// Objects of windows that were given up.
    left_over: Vec<Id>,
}

/// Rows that were read and not given yet.
struct Window<R> {
    asked: Asked,
    rows: IntoIter<R>,
    seen: Seen,
    given: usize,
    count: usize,
    /// How many slots each kind had before it was read, and behind that.
    before: Vec<u32>,
    behind: Vec<u32>,
}

/// One partition.
pub(crate) struct Part<R> {
    pub(crate) rows: Vec<R>,
    /// The objects that it brought into the graph.
    pub(crate) brought: Vec<Id>,
}

impl<R: Send> Walk<R> {
    /// The walk through a query.
    pub(crate) fn new(
        entities: Vec<EntityAt>,
        decode: Decode<R>,
        statement: Statement,
        options: LoadOptions,
        run: ExecutionOptions,
        features: &orm_query::Features,
        size: usize,
    ) -> Result<Walk<R>> {
        let size = size.max(1);
        let windows = Windows::plan(statement, &entities, features, size)?;
        Ok(Walk { entities, decode, windows, options, run, size, window: None, left_over: Vec::new() })
    }

    /// Whether the next partition takes no SELECT for its own rows; what is to be read again is given up before.
    pub(crate) fn is_ahead(&mut self, graph: &Graph) -> bool {
        let Some(window) = &self.window else { return false };
        // Between two partitions anything may have happened to the objects of the next one.
        let is_here = |id: &Id| graph.state(*id) == SlotState::Persistent;
        if window.given > 0 && !window.seen.of_rows(&window.next(self.size)).iter().flatten().all(is_here) {
            self.windows.give_up();
            self.left_over.extend(window.left());
            self.window = None;
        }
        self.window.is_some()
    }

    /// Whether all rows that were read are given.
    pub(crate) fn is_between_windows(&self) -> bool {
        self.window.is_none()
    }

    /// The next partition; `None` behind the last one.
    pub(crate) async fn next(
        &mut self,
        graph: &mut Graph,
        connection: &mut Connection,
    ) -> Result<Option<Part<R>>> {
        let mut window = match self.window.take() {
            Some(window) => window,
            None => {
                let Some(statement) = self.windows.next() else { return Ok(None) };
                self.read(graph, connection, statement).await?
            }
        };
        let rows = window.next(self.size);
        if rows.is_empty() {
            return Ok(None);
        }
        let before = graph.marks();
        let loaded = window.asked.load(graph, connection, window.seen.of_rows(&rows)).await;
        if let Err(error) = loaded {
            self.window = Some(window);
            return Err(error);
        }
        let mut brought = graph.between(&before, &graph.marks());
        brought.append(&mut self.left_over);
        let is_new = |id: &&Id| window.before.get(id.kind as usize).is_none_or(|&first| id.slot >= first);
        brought.extend(window.seen.of_rows(&rows).iter().flatten().filter(is_new));
        let count = rows.len();
        let part = window.rows.by_ref().take(count).collect();
        window.given = rows.end;
        self.windows.gave(count, rows.end);
        if window.given < window.count {
            self.window = Some(window);
        } else {
            brought.extend(window.others(graph));
        }
        Ok(Some(Part { rows: part, brought }))
    }

    async fn read(
        &mut self,
        graph: &mut Graph,
        connection: &mut Connection,
        statement: Statement,
    ) -> Result<Window<R>> {
        connection.set_next(self.run);
        let before = graph.marks();
        let mut asked = Asked::new(graph, self.entities.clone(), statement, self.options.clone())?;
        let windows = &mut self.windows;
        let answer = asked.read(self.decode, graph, connection, None, &mut |row| windows.read(row)).await?;
        let count = windows.rows();
        let behind = graph.marks();
        Ok(Window {
            asked,
            rows: answer.rows.into_iter(),
            seen: answer.seen,
            given: 0,
            count,
            before,
            behind,
        })
    }

    /// The objects of rows that were read and not given yet.
    pub(crate) fn waiting(&self) -> HashSet<Id> {
        let Some(window) = &self.window else { return HashSet::new() };
        let mut waiting: HashSet<Id> =
            window.seen.of_rows(&(window.given..window.count)).iter().flatten().copied().collect();
        waiting.shrink_to_fit();
        waiting
    }
}

impl<R> Window<R> {
    /// The rows of the next partition.
    fn next(&self, size: usize) -> std::ops::Range<usize> {
        self.given..self.count.min(self.given + size)
    }

    /// The objects that were read with its rows, by joins, and that of the row that was read too much.
    fn others(&self, graph: &Graph) -> Vec<Id> {
        let rows: HashSet<Id> = self.seen.of_rows(&(0..self.count)).iter().flatten().copied().collect();
        let mut others = graph.between(&self.before, &self.behind);
        others.retain(|id| !rows.contains(id));
        others
    }

    /// The objects of a window that is given up.
    fn left(&self) -> impl Iterator<Item = Id> + '_ {
        let first = |kind: usize| self.before.get(kind).copied().unwrap_or(0);
        let kinds = self.behind.iter().enumerate();
        kinds.flat_map(move |(kind, &end)| (first(kind)..end).map(move |slot| Id { kind: kind as u32, slot }))
    }
}
