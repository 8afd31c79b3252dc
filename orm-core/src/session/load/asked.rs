//! A query that is being run: how its rows are read, and what is loaded behind them.

use std::ops::Range;

use hashbrown::HashSet;
use orm_query::Row;
use orm_query::tree::Statement;
use orm_query::typed::{EntityAt, LoadOptions, LoadPath};

use super::columns::{LeftOut, choose_all, refusals};
use super::{Existing, Joins, Marks, Reading, add_defaults, dedupe, is_of, known, load_path, subquery};
use crate::connection::{Connection, Flow};
use crate::session::events::Purpose;
use crate::session::execute::Following;
use crate::session::graph::{Graph, Id};
use crate::session::tracked::Tracking;
use crate::{Error, Result, SessionError};

/// A query with all that its options and the mapping ask for.
pub(crate) struct Asked {
    entities: Vec<EntityAt>,
    statement: Statement,
    joins: Joins,
    load: Vec<LoadPath>,
    marks: Option<Marks>,
    reading: Reading,
    /// How many objects its rows have.
    read: usize,
}

/// Reads what a query selects from a row.
pub(crate) type Decode<R> = for<'c, 'g, 'r> fn(&'c mut Tracking<'g>, &'r dyn Row) -> Result<R>;

/// The rows of a query, and the objects of its select list in each.
pub(crate) struct Answer<R> {
    pub(crate) rows: Vec<R>,
    pub(crate) seen: Seen,
}

/// The error for an option that starts from what the query does not select, so that there is nothing to load for.
fn misplaced(path: &LoadPath) -> Error {
    let (entity, relationship) = ((path.relationship.source)().name, path.relationship.name);
    SessionError::Misuse(format!(
        "an option loads `{entity}::{relationship}`, and the query does not select `{entity}`{}: select it as a whole, or begin the option at what is selected and go on by `.then(…)`",
        match path.source.name == (path.relationship.source)().table.name {
            true => String::new(),
            false => format!(" as `{}`", path.source.name),
        }
    ))
    .into()
}

/// The objects of each row, one for each entity of the select list.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ids: Vec<Option<Id>>,
    width: usize,
}

impl Seen {
    /// The objects of some of the rows.
    pub(crate) fn of_rows(&self, rows: &Range<usize>) -> &[Option<Id>] {
        &self.ids[rows.start * self.width..rows.end * self.width]
    }
}

impl Asked {
    /// Plans a query: adds to the statement what is joined, and the conditions of the query and of listeners.
    pub(crate) fn new(
        graph: &Graph,
        entities: Vec<EntityAt>,
        mut statement: Statement,
        options: LoadOptions,
    ) -> Result<Asked> {
        let LoadOptions { paths: mut load, columns, criteria, raise, populate_existing } = options;
        choose_all(&mut statement, &entities, &columns)?;
        if let Some(path) = load.iter().find(|path| !entities.iter().any(|entity| is_of(path, entity))) {
            return Err(misplaced(path));
        }
        add_defaults(&entities, &mut load, &raise);
        let marks = Marks::of(graph, &load, &raise);
        let refusals = refusals(&columns, &load);
        let mut joins = Joins::default();
        let mut root = None;
        let keeps = match &mut statement {
            Statement::Select(select) => {
                root = subquery::root(select, &load);
                let left_out = LeftOut::of(select);
                joins = Joins::plan(select, &entities, &mut load, &criteria)?;
                left_out.say_again(select);
                select.lock.is_none()
            }
            Statement::Compound(_) | Statement::Text(_) => true,
            _ => false,
        };
        let mut reading = Reading::new(match (populate_existing, keeps) {
            (true, _) => Existing::Populate,
            (false, true) => Existing::Keep,
            (false, false) => Existing::Overwrite,
        });
        (reading.criteria, reading.raise, reading.root) = (criteria, raise, root);
        reading.refusals = refusals;
        if let Statement::Select(_) | Statement::Compound(_) = statement {
            statement = reading.asked(graph, statement, Purpose::Statement)?;
        }
        Ok(Asked { entities, statement, joins, load, marks, reading, read: 0 })
    }

    /// Runs it: the rows with what is joined to them; objects that the rows change follow, and `also` sees each row.
    pub(crate) async fn read<R: Send>(
        &mut self,
        decode: Decode<R>,
        graph: &mut Graph,
        connection: &mut Connection,
        mut following: Option<Following>,
        also: &mut (dyn for<'r> FnMut(&'r dyn Row) -> Result<()> + Send),
    ) -> Result<Answer<R>> {
        let Asked { entities, statement, joins, reading, .. } = self;
        let mut rows = Vec::new();
        let mut all_seen = Seen { ids: Vec::new(), width: entities.len() };
        let mut unique = joins.fans_out().then(HashSet::new);
        connection
            .for_each(statement, &mut |row| {
                let seen = Vec::with_capacity(entities.len());
                let mut context = Tracking { graph, reading, seen };
                let value = decode(&mut context, row)?;
                let seen = context.seen;
                if let Some(following) = &mut following {
                    following.read(graph, row, &seen)?;
                }
                joins.read(graph, row, &seen, reading)?;
                let ids = &mut all_seen.ids;
                ids.extend_from_slice(&seen);
                // A row without the entity is nobody's second one.
                let is_new = match (&mut unique, seen.first()) {
                    (Some(unique), Some(&Some(id))) => unique.insert(id),
                    _ => true,
                };
                if is_new {
                    also(row)?;
                    rows.push(value);
                } else {
                    ids.truncate(ids.len() - entities.len());
                }
                Ok(Flow::More)
            })
            .await?;
        joins.finish(graph);
        if let Some(following) = following {
            following.apply(graph);
        }
        self.read = all_seen.ids.len();
        Ok(Answer { rows, seen: all_seen })
    }

    /// Loads what lies behind some of the rows.
    pub(crate) async fn load(
        &mut self,
        graph: &mut Graph,
        connection: &mut Connection,
        seen: &[Option<Id>],
    ) -> Result<()> {
        if seen.len() < self.read {
            // The query itself stands for all of its rows.
            self.reading.root = None;
        }
        let width = self.entities.len();
        let mut roots: Vec<Vec<Id>> = Vec::with_capacity(width);
        for position in 0..width {
            let mut parents = seen.iter().skip(position).step_by(width).copied().flatten().collect();
            dedupe(&mut parents);
            roots.push(parents);
        }
        for (entity, parents) in self.entities.iter().zip(&roots) {
            for path in &self.load {
                if is_of(path, entity) {
                    load_path(graph, connection, parents, path, &mut self.reading).await?;
                }
            }
        }
        // What lies behind a join starts from no entity of the query.
        self.reading.root = None;
        for (parents, path) in self.joins.behind(graph, &roots) {
            load_path(graph, connection, &parents, path, &mut self.reading).await?;
        }
        for (entity, parents) in self.entities.iter().zip(&roots) {
            if let Some(marks) = &self.marks {
                marks.set(graph, entity, parents);
            }
            known::check(graph, parents, entity.known, connection.engine().hide_parameters)?;
        }
        Ok(())
    }
}
