use orm_query::Mapped;
use orm_query::mapping::RelationshipDef;
use orm_query::tree::{Criteria, Statement};
use orm_query::typed::{InScope, Inner, Nil, Predicate, RowWise, Table};

/// A statement that a session is about to send, for [`SessionEvents::on_execute`](super::SessionEvents::on_execute).
#[derive(Debug)]
pub struct ExecuteState {
    pub(super) statement: Statement,
    pub(super) purpose: Purpose,
    pub(super) criteria: Vec<Criteria>,
}

/// What a statement is sent for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Somebody has asked for it.
    Statement,
    /// A relationship is loaded.
    Relationship(&'static RelationshipDef),
    /// Columns of objects that are here are read again.
    Refresh,
}

impl ExecuteState {
    /// Whether it is a SELECT, or a UNION of several.
    pub fn is_select(&self) -> bool {
        matches!(self.statement, Statement::Select(_) | Statement::Compound(_))
    }

    /// Whether it is an INSERT.
    pub fn is_insert(&self) -> bool {
        matches!(self.statement, Statement::Insert(_))
    }

    /// Whether it is an UPDATE.
    pub fn is_update(&self) -> bool {
        matches!(self.statement, Statement::Update(_))
    }

    /// Whether it is a DELETE.
    pub fn is_delete(&self) -> bool {
        matches!(self.statement, Statement::Delete(_))
    }

    /// Whether it loads a relationship of objects that are here: by `selectin`, or by [`Session::load`](crate::Session::load).
    pub fn is_relationship_load(&self) -> bool {
        matches!(self.purpose, Purpose::Relationship(_))
    }

    /// Whether it reads columns of an object that is here again, for [`Session::refresh`](crate::Session::refresh).
    pub fn is_column_load(&self) -> bool {
        matches!(self.purpose, Purpose::Refresh)
    }

    /// The relationship that it loads, as its struct and its field have it.
    pub fn relationship(&self) -> Option<&'static RelationshipDef> {
        match self.purpose {
            Purpose::Relationship(relationship) => Some(relationship),
            Purpose::Statement | Purpose::Refresh => None,
        }
    }

    /// The statement as data, still without the criteria of listeners.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Adds a condition to every appearance of `E` in the statement, at any depth: in FROM, in joins (in the ON of an
    /// outer join), under aliases, in subqueries, in what `joined` and `selectin` load, and as the table of an UPDATE or
    /// DELETE. SQL that was written as text is left alone, and so are the conditions themselves.
    pub fn with_criteria<E: Mapped, C: Predicate, I>(&mut self, _: Table<E>, condition: C)
    where
        C::Sources: RowWise + InScope<(Inner<E>, Nil), I>,
    {
        self.criteria.push(Criteria::new(E::ENTITY, condition.into_tree()));
    }
}
