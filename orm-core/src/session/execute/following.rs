use hashbrown::HashSet;
use orm_query::mapping::SlotState;
use orm_query::schema::TableDef;
use orm_query::tree::{Expr, From, SetTarget, Statement, TableRef, With};
use orm_query::typed::Synchronize;
use orm_query::{Features, Row, Value};

use super::super::evaluate::{Assignment, NotEvaluable, Scope};
use super::super::graph::{Graph, Id};
use super::returned::{Returned, Selected};
use super::{evaluated, rows};
use crate::connection::{Connection, Flow};
use crate::{Result, SessionError};

/// The objects of a session that follow a statement which changes or deletes their rows.
pub(in crate::session) struct Following {
    pub(super) effect: Effect,
    pub(super) kinds: Vec<Kind>,
    pub(super) matches: Matches,
    /// Objects of which nobody knows whether their rows match.
    pub(super) unread: Vec<Id>,
    /// How many rows the statement matched.
    pub(super) rows: u64,
    /// The objects that the statement's own rows were read into.
    pub(super) read: HashSet<Id>,
}

/// What the statement does to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Update,
    Delete,
}

/// A mapped struct of the statement's table.
pub(super) struct Kind {
    pub(super) kind: u32,
    pub(super) table: &'static TableDef,
    /// The positions of the primary key.
    pub(super) key: Vec<usize>,
    /// The columns that get another value.
    pub(super) columns: Vec<Changed>,
}

/// A column that gets another value.
pub(super) struct Changed {
    pub(super) position: usize,
    /// How the value is computed; `None` where only the database can.
    pub(super) value: Option<Assignment<'static>>,
    /// The value, where it is the same for each row.
    pub(super) constant: Option<Value>,
}

/// How the rows that the statement matches are known.
pub(super) enum Matches {
    Known(Vec<Match>),
    /// Their keys come back with the statement.
    Returned(Returned),
    /// Their keys are to be asked for before the statement.
    Asked(Vec<Selected>),
}

/// An object whose row the statement matches.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) id: Id,
    /// The columns that are changed; `None` where the new value is not known.
    pub(super) values: Vec<(usize, Option<Value>)>,
}

/// The parts of an UPDATE or DELETE.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'s> {
    pub(super) effect: Effect,
    pub(super) with: &'s With,
    pub(super) table: &'s TableRef,
    pub(super) set: &'s [(SetTarget, Expr)],
    /// The other sources that it reads.
    pub(super) others: &'s [From],
    pub(super) filter: Option<&'s Expr>,
    /// Whether it is of some of the rows that match.
    limited: bool,
}

impl<'s> Target<'s> {
    fn of(statement: &'s Statement) -> Option<Self> {
        match statement {
            Statement::Update(update) => Some(Target {
                effect: Effect::Update,
                with: &update.with,
                table: &update.table,
                set: &update.set,
                others: &update.from,
                filter: update.filter.as_ref(),
                limited: update.limit.is_some(),
            }),
            Statement::Delete(delete) => Some(Target {
                effect: Effect::Delete,
                with: &delete.with,
                table: &delete.table,
                set: &[],
                others: &delete.using,
                filter: delete.filter.as_ref(),
                limited: delete.limit.is_some(),
            }),
            Statement::Select(_)
            | Statement::Compound(_)
            | Statement::Insert(_)
            | Statement::Merge(_)
            | Statement::UpdateRows(_)
            | Statement::Text(_)
            | Statement::Ddl(_) => None,
        }
    }

    /// What hides from Rust which rows match, whatever the condition is.
    fn construct(&self) -> Option<&'static str> {
        if self.limited {
            return Some("the LIMIT of an UPDATE or DELETE");
        }
        (!self.others.is_empty()).then_some("an UPDATE or DELETE that reads other tables")
    }
}

impl Following {
    pub(super) fn new(effect: Effect, kinds: Vec<Kind>, matches: Matches) -> Self {
        Following { effect, kinds, matches, unread: Vec::new(), rows: 0, read: HashSet::new() }
    }

    /// Which objects follow a statement; the statement may be made to return their keys. `None` where none can.
    ///
    /// # Errors
    /// [`SessionError::NotEvaluable`]
    pub(super) fn decide(
        graph: &Graph,
        features: &Features,
        statement: &mut Statement,
        synchronize: Synchronize,
        reads_entities: bool,
    ) -> Result<Option<Following>> {
        if synchronize == Synchronize::Off {
            return Ok(None);
        }
        if let Statement::UpdateRows(update) = statement {
            return Ok(rows::following(graph, features, update));
        }
        let Some(target) = Target::of(statement) else { return Ok(None) };
        let kinds = Kind::all(graph, features, target);
        let effect = target.effect;
        let following = |kinds, matches| Following::new(effect, kinds, matches);
        if !kinds.iter().any(|kind| graph.has_rows(kind.kind)) {
            // The objects that a DELETE returns are new here, and deleted nevertheless.
            let reads = reads_entities && effect == Effect::Delete;
            return Ok(reads.then(|| following(kinds, Matches::Known(Vec::new()))));
        }
        let tells_rows = match effect {
            // A row that comes back tells its new key only.
            Effect::Update => features.update_returning && !kinds.iter().any(Kind::changes_key),
            Effect::Delete => features.delete_returning,
        };
        let tells_rows = tells_rows && (target.others.is_empty() || features.joined_returning);
        let hidden = target.construct();
        if let Some(construct) = hidden.filter(|_| synchronize == Synchronize::Evaluate) {
            return Err(SessionError::NotEvaluable { construct: construct.to_owned() }.into());
        }
        if target.limited && !tells_rows {
            let table = &target.table.name;
            return Err(SessionError::Misuse(format!(
                "nobody knows which rows of `{table}` come before the LIMIT, and the session holds objects of them; \
                 `.synchronize(Synchronize::Off)` leaves these as they are"
            ))
            .into());
        }
        if hidden.is_none() && synchronize != Synchronize::Fetch {
            match evaluated::matches(graph, features, target, &kinds) {
                Ok(found) => {
                    let is_known = |found: &Match| found.values.iter().all(|(_, value)| value.is_some());
                    let is_certain = found.unread.is_empty();
                    let is_enough = is_certain && (found.matches.iter().all(is_known) || !tells_rows);
                    if synchronize == Synchronize::Evaluate || is_enough {
                        let mut following = following(kinds, Matches::Known(found.matches));
                        following.unread = found.unread;
                        return Ok(Some(following));
                    }
                }
                Err(NotEvaluable::Uncertain(what)) if synchronize == Synchronize::Evaluate => {
                    return Err(SessionError::NotEvaluable { construct: what.into_owned() }.into());
                }
                Err(_) => {}
            }
        }
        let matches = if tells_rows {
            Matches::Returned(Returned::new(graph, &kinds, statement))
        } else {
            Matches::Asked(Selected::all(graph, features, &kinds, target))
        };
        Ok(Some(following(kinds, matches)))
    }

    /// Asks the database which rows will match, where it cannot tell that with the statement itself.
    pub(super) async fn ask(mut self, graph: &Graph, connection: &mut Connection) -> Result<Following> {
        if let Matches::Asked(selects) = &self.matches {
            let mut found = Vec::new();
            for select in selects {
                select.run(graph, connection, &self.kinds, &mut found).await?;
            }
            self.matches = Matches::Known(found);
        }
        Ok(self)
    }

    /// Runs the statement for its effect, and has the objects follow it; the number of rows it matched.
    pub(super) async fn run(
        mut self,
        graph: &mut Graph,
        connection: &mut Connection,
        statement: &Statement,
    ) -> Result<u64> {
        if let Matches::Returned(_) = self.matches {
            let read = &mut |row: &dyn Row| {
                self.read(graph, row, &[])?;
                Ok(Flow::More)
            };
            connection.for_each(statement, read).await?;
        } else {
            match connection.run(statement).await {
                Ok(matched) => self.rows = matched,
                Err(error) => {
                    if let Statement::UpdateRows(_) = statement {
                        // Those of its parts that were sent before may stand.
                        self.expire(graph);
                    }
                    return Err(error);
                }
            }
        }
        let matched = self.rows;
        self.apply(graph);
        Ok(matched)
    }

    /// Notes what a row of the statement says, whose entities were read into these objects.
    pub(in crate::session) fn read(
        &mut self,
        graph: &Graph,
        row: &dyn Row,
        seen: &[Option<Id>],
    ) -> Result<()> {
        self.rows += 1;
        let is_ours = |id: &Id| self.kinds.iter().any(|kind| kind.kind == id.kind);
        self.read.extend(seen.iter().flatten().copied().filter(is_ours));
        if let Matches::Returned(returned) = &mut self.matches {
            returned.read(graph, &self.kinds, row)?;
        }
        Ok(())
    }
}

impl Kind {
    /// The mapped structs of a table that the session knows.
    fn all(graph: &Graph, features: &Features, target: Target<'_>) -> Vec<Kind> {
        let source = target.table.source();
        graph
            .kinds()
            .filter(|&kind| {
                let table = graph.entry(kind).entity.table;
                table.name == target.table.name && table.schema == target.table.schema
            })
            .map(|kind| {
                let entry = graph.entry(kind);
                let scope = Scope { table: entry.entity.table, source: &source, features };
                let columns = Changed::all(scope, entry.entity.table, target);
                Kind { kind, table: entry.entity.table, key: entry.key.clone(), columns }
            })
            .collect()
    }

    pub(super) fn changes_key(&self) -> bool {
        self.columns.iter().any(|changed| self.key.contains(&changed.position))
    }
}

impl Changed {
    fn all(scope: Scope<'_>, table: &'static TableDef, target: Target<'_>) -> Vec<Changed> {
        let mut columns: Vec<Changed> = Vec::with_capacity(target.set.len());
        for (target, expr) in target.set {
            for name in target.columns() {
                let Some(position) = table.position(name) else { continue };
                let is_whole = matches!(target, SetTarget::Column(_));
                let value = Assignment::new(scope, &table.columns[position], expr).ok().filter(|_| is_whole);
                let constant = match expr {
                    Expr::Bind(_) => value.as_ref().and_then(|value| value.value(&|_| None).ok()),
                    _ => None,
                };
                columns.push(Changed { position, value, constant });
            }
        }
        if !columns.is_empty() {
            columns.extend(Changed::computed(table));
        }
        columns
    }

    /// The columns that the database computes from others.
    pub(super) fn computed(table: &'static TableDef) -> impl Iterator<Item = Changed> {
        let computed = table.columns.iter().enumerate().filter(|(_, column)| column.computed.is_some());
        computed.map(|(position, _)| Changed { position, value: None, constant: None })
    }

    /// The value that a row gets, computed from what it holds before.
    pub(super) fn new_value(&self, graph: &Graph, id: Id) -> (usize, Option<Value>) {
        let value = match (&self.constant, &self.value) {
            (Some(constant), _) => Some(constant.clone()),
            (None, Some(value)) => value.value(&|column| graph.known(id, column)).ok(),
            (None, None) => None,
        };
        (self.position, value)
    }
}

impl Graph {
    /// Whether there are objects of the kind that have a row.
    fn has_rows(&self, kind: u32) -> bool {
        self.persistent_of(kind).next().is_some()
    }

    /// The objects of the kind that have a row.
    pub(super) fn persistent_of(&self, kind: u32) -> impl Iterator<Item = Id> {
        let ids = (0..self.entry(kind).store.len()).map(move |slot| Id { kind, slot });
        ids.filter(|&id| self.state(id) == SlotState::Persistent)
    }

    /// The value of a column as the database has it, as far as the session knows.
    pub(super) fn known(&self, id: Id, column: usize) -> Option<Value> {
        if self.is_column_expired(id, column) {
            return None;
        }
        self.store(id).stored_value(id.slot, column)
    }
}
