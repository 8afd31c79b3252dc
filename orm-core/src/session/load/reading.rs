//! What a row does to an object that the session holds already.

use hashbrown::HashSet;
use orm_query::Row;
use orm_query::mapping::EntityDef;
use orm_query::tree::{Criteria, Select, Statement, TableRef};
use orm_query::typed::RaiseAll;

use super::columns::Refusal;
use super::route::Route;
use crate::Result;
use crate::session::events::Purpose;
use crate::session::graph::{Graph, Id};

/// What a row does to an object that the session holds already. What is expired of it is overwritten in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Nothing: what is here wins.
    Keep,
    /// It overwrites the columns: the row is locked, or was just written.
    Overwrite,
    /// It overwrites the columns, and relationships are unloaded: `populate_existing`. So it is with the objects that
    /// are loaded along with it.
    Populate,
}

/// How the rows of one query are read, and those of all further queries by which its relationships are loaded.
#[derive(Debug)]
pub(crate) struct Reading {
    existing: Existing,
    /// The objects that were populated.
    populated: HashSet<Id>,
    /// Conditions on every appearance of an entity.
    pub(crate) criteria: Vec<Criteria>,
    /// What must not be loaded on demand.
    pub(crate) raise: Vec<RaiseAll>,
    /// The query itself, where it stands in further ones as a subquery.
    pub(crate) root: Option<Box<Select>>,
    /// What is left out of the objects for good.
    pub(crate) refusals: Vec<Refusal>,
}

impl Reading {
    pub(crate) fn new(existing: Existing) -> Self {
        Reading {
            existing,
            populated: HashSet::new(),
            criteria: Vec::new(),
            raise: Vec::new(),
            root: None,
            refusals: Vec::new(),
        }
    }

    /// The statement with the query's own conditions, and those of listeners.
    pub(crate) fn asked(
        &self,
        graph: &Graph,
        mut statement: Statement,
        purpose: Purpose,
    ) -> Result<Statement> {
        statement.add_criteria(&self.criteria);
        graph.asked(statement, purpose)
    }

    /// Whether a condition may hide what a relationship leads to.
    pub(super) fn hides(&self, route: &Route<'_>) -> bool {
        let is_on = |entity: &EntityDef| {
            let table = TableRef::new(entity.table);
            self.criteria.iter().any(|criteria| criteria.is_on(&table))
        };
        !self.criteria.is_empty()
            && (is_on(route.target) || route.link.is_some_and(|link| is_on(link.entity)))
    }

    /// The object that a row of the query stands for.
    pub(crate) fn read(
        &mut self,
        graph: &mut Graph,
        entity: &'static EntityDef,
        row: &dyn Row,
        at: usize,
    ) -> Result<Id> {
        let id = graph.read(entity, row, at, self.existing != Existing::Keep)?;
        self.refuse(graph, entity, id);
        if self.existing == Existing::Populate && self.populated.insert(id) {
            for index in 0..entity.relationships.len() {
                graph.unload(id, index);
            }
        }
        Ok(id)
    }

    /// The object that a row of a further query stands for, by which a relationship is loaded.
    pub(crate) fn read_related(
        &mut self,
        graph: &mut Graph,
        entity: &'static EntityDef,
        row: &dyn Row,
        at: usize,
    ) -> Result<Id> {
        match self.existing {
            Existing::Populate => self.read(graph, entity, row, at),
            Existing::Keep | Existing::Overwrite => {
                let id = graph.read(entity, row, at, false)?;
                self.refuse(graph, entity, id);
                Ok(id)
            }
        }
    }

    fn refuse(&self, graph: &mut Graph, entity: &EntityDef, id: Id) {
        for refusal in self.refusals.iter().filter(|refusal| refusal.entity == entity) {
            graph.refuse_column(id, refusal.place);
        }
    }

    /// Whether an object that is here is as the query wants it, so that its row need not be read.
    pub(crate) fn has(&self, graph: &Graph, id: Id) -> bool {
        !graph.is_expired(id) && (self.existing != Existing::Populate || self.populated.contains(&id))
    }
}
