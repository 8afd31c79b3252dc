use super::parts::Part;
use super::{
    Expr, From, Join, JoinKind, Joined, MergeRows, Select, SelectItem, SourceRef, Statement, TableRef,
};
use crate::mapping::EntityDef;

/// A condition on every appearance of a mapped struct in a statement: a tenant, a soft delete.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    entity: &'static EntityDef,
    pub(super) condition: Expr,
}

impl Criteria {
    /// `condition` reads the columns of `entity` under the table's own name; where the table stands under an alias,
    /// they are read from the alias.
    pub fn new(entity: &'static EntityDef, condition: Expr) -> Self {
        Criteria { entity, condition }
    }

    /// Whether this is a condition on `table`.
    pub fn is_on(&self, table: &TableRef) -> bool {
        let own = self.entity.table;
        (&own.schema, &own.name) == (&table.schema, &table.name)
    }

    /// The condition on `table`, if that is the one meant.
    fn on(&self, table: &TableRef) -> Option<Expr> {
        if !self.is_on(table) {
            return None;
        }
        let mut condition = self.condition.clone();
        if table.alias.is_some() {
            let own = TableRef::new(self.entity.table).source();
            repoint(Part::Expr(&mut condition), &own, &table.source());
        }
        Some(condition)
    }
}

impl Statement {
    /// Adds conditions to every appearance of their structs, at any depth: to `WHERE` for what stands in FROM and for
    /// the table of an UPDATE or DELETE, to `ON` for what is joined. What a FULL JOIN would keep all the same is read
    /// through a subquery.
    ///
    /// The conditions themselves, an UPDATE of many rows by their keys, SQL text and DDL stay as they are.
    pub fn add_criteria(&mut self, criteria: &[Criteria]) {
        if criteria.is_empty() {
            return;
        }
        add(Part::Statement(self), criteria);
    }
}

/// What is deeper comes first, so that conditions that were added are not walked.
fn add(part: Part<'_>, criteria: &[Criteria]) {
    match part {
        Part::Text(_) => {}
        Part::Expr(expr) => Part::Expr(expr).parts(&mut |part| add(part, criteria)),
        Part::Select(select) => {
            Part::Select(select).parts(&mut |part| add(part, criteria));
            add_to_sources(select, criteria);
        }
        Part::Statement(Statement::Select(select)) => add(Part::Select(select), criteria),
        Part::Statement(statement) => {
            Part::Statement(statement).parts(&mut |part| add(part, criteria));
            match statement {
                Statement::Update(update) => {
                    let own = all_on(criteria, &update.table);
                    let (others, renamed) = on_all(&mut update.from, criteria);
                    add_to(&mut update.filter, both(own, others));
                    rename(Part::Statement(statement), renamed);
                }
                Statement::Delete(delete) => {
                    let own = all_on(criteria, &delete.table);
                    let (others, renamed) = on_all(&mut delete.using, criteria);
                    add_to(&mut delete.filter, both(own, others));
                    rename(Part::Statement(statement), renamed);
                }
                Statement::Merge(merge) => {
                    // Rows that a condition hides are not there: they match nothing, and nothing is done with them.
                    if let Some(own) = all_on(criteria, &merge.table) {
                        merge.on = std::mem::replace(&mut merge.on, Expr::And(Vec::new())).and(own.clone());
                        for branch in &mut merge.branches {
                            if branch.rows == MergeRows::NotMatchedBySource {
                                add_to(&mut branch.condition, Some(own.clone()));
                            }
                        }
                    }
                    let renamed = match &mut merge.using {
                        from @ From::Table(_) => read_through(from, criteria).into_iter().collect(),
                        from => {
                            let mut renamed = Vec::new();
                            drop(on(from, criteria, &mut renamed));
                            renamed
                        }
                    };
                    rename(Part::Statement(statement), renamed);
                }
                Statement::Select(_)
                | Statement::Compound(_)
                | Statement::Insert(_)
                | Statement::UpdateRows(_)
                | Statement::Text(_)
                | Statement::Ddl(_) => {}
            }
        }
    }
}

fn all_on(criteria: &[Criteria], table: &TableRef) -> Option<Expr> {
    criteria.iter().filter_map(|criteria| criteria.on(table)).reduce(Expr::and)
}

fn both(one: Option<Expr>, other: Option<Expr>) -> Option<Expr> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.and(other)),
        (one, other) => one.or(other),
    }
}

/// The columns that are read from another source now.
type Renamed = Vec<(SourceRef, SourceRef)>;

fn on_all(list: &mut [From], criteria: &[Criteria]) -> (Option<Expr>, Renamed) {
    let mut renamed = Vec::new();
    let condition = list.iter_mut().fold(None, |all, from| both(all, on(from, criteria, &mut renamed)));
    (condition, renamed)
}

fn rename(mut part: Part<'_>, renamed: Renamed) {
    for (old, new) in renamed {
        part.reborrow().parts(&mut |part| repoint(part, &old, &new));
    }
}

/// The conditions for a source whose rows are taken as they are; what stands between parentheses gets them inside.
fn on(from: &mut From, criteria: &[Criteria], renamed: &mut Renamed) -> Option<Expr> {
    match from {
        From::Table(table) => all_on(criteria, table),
        From::Sample(sample) => all_on(criteria, &sample.table),
        From::Joined(joined) => {
            let Joined { from, joins } = &mut **joined;
            // Where nothing is left out by an outer join, ON says the same as a condition on the table.
            if joins.iter().all(|join| join.kind == JoinKind::Inner) {
                let first = on(from, criteria, renamed);
                for join in joins.iter_mut() {
                    let condition = on(&mut join.to, criteria, renamed);
                    add_to(&mut join.on, condition);
                }
                if let Some(join) = joins.first_mut() {
                    add_to(&mut join.on, first);
                }
                return None;
            }
            std::iter::once(from).chain(joins.iter_mut().map(|join: &mut Join| &mut join.to)).for_each(
                |from| match from {
                    From::Table(_) => renamed.extend(read_through(from, criteria)),
                    from => drop(on(from, criteria, renamed)),
                },
            );
            None
        }
        From::Query { .. } | From::Cte { .. } | From::Function(_) => None,
    }
}

fn add_to(place: &mut Option<Expr>, condition: Option<Expr>) {
    if let Some(condition) = condition {
        *place = Some(match place.take() {
            Some(other) => other.and(condition),
            None => condition,
        });
    }
}

fn add_to_sources(select: &mut Select, criteria: &[Criteria]) {
    // A FULL JOIN keeps the rows of both its sides whatever ON says, and WHERE would drop those that it makes up.
    let full = select.joins.iter().rposition(|join| join.kind == JoinKind::Full);
    let last = select.from.len().saturating_sub(1);
    let mut filter = None;
    let mut renamed = Vec::new();
    for (position, from) in select.from.iter_mut().enumerate() {
        if full.is_some() && position == last {
            apart(from, criteria, &mut renamed);
        } else {
            add_to(&mut filter, on(from, criteria, &mut renamed));
        }
    }
    for (position, join) in select.joins.iter_mut().enumerate() {
        if full.is_some_and(|full| position <= full) {
            apart(&mut join.to, criteria, &mut renamed);
            continue;
        }
        let condition = on(&mut join.to, criteria, &mut renamed);
        match join.kind {
            JoinKind::Inner | JoinKind::Left | JoinKind::Full => add_to(&mut join.on, condition),
            JoinKind::Cross => add_to(&mut filter, condition),
        }
    }
    add_to(&mut select.filter, filter);
    for (old, new) in renamed {
        Part::Select(select).parts(&mut |part| repoint(part, &old, &new));
        for of in select.lock.iter_mut().flat_map(|lock| &mut lock.of) {
            if *of == old {
                *of = new.clone();
            }
        }
    }
}

/// Conditions for a source that no condition around it can be put on.
fn apart(from: &mut From, criteria: &[Criteria], renamed: &mut Renamed) {
    match from {
        From::Joined(_) => drop(on(from, criteria, renamed)),
        from => renamed.extend(read_through(from, criteria)),
    }
}

/// Puts a subquery with the conditions in the place of a table; the names of its columns, where they change by that.
fn read_through(from: &mut From, criteria: &[Criteria]) -> Option<(SourceRef, SourceRef)> {
    let From::Table(table) = from else { return None };
    let entity = criteria.iter().find(|criteria| criteria.is_on(table))?.entity;
    let own = TableRef::new(entity.table);
    let column = |column: &crate::schema::ColumnDef| {
        SelectItem::from(Expr::Column(entity.column_ref(&own.source(), &column.name)))
    };
    let query = Select {
        columns: entity.table.columns.iter().map(column).collect(),
        filter: all_on(criteria, &own),
        from: vec![From::Table(own.clone())],
        ..Select::default()
    };
    let old = table.source();
    let new = SourceRef::named(old.name.clone());
    *from = From::query(query, new.name.clone());
    (old != new).then_some((old, new))
}

impl Expr {
    /// Reads the columns of one source from another, but where a subquery has a source of that name itself.
    pub fn read_from(&mut self, old: &SourceRef, new: &SourceRef) {
        if old != new {
            repoint(Part::Expr(self), old, new);
        }
    }

    /// Whether `source` stands in it: a column is read from it, or a subquery has it in FROM.
    pub fn has_source(&mut self, source: &SourceRef) -> bool {
        let mut found = false;
        find(Part::Expr(self), source, &mut found);
        found
    }
}

fn find(part: Part<'_>, source: &SourceRef, found: &mut bool) {
    match part {
        Part::Expr(Expr::Column(column)) => *found |= column.source == *source,
        Part::Select(select) if has_source(select, source) => *found = true,
        part => part.parts(&mut |part| find(part, source, found)),
    }
}

/// Reads the columns of one source from another, but where a subquery has a source of that name itself.
fn repoint(part: Part<'_>, old: &SourceRef, new: &SourceRef) {
    match part {
        Part::Expr(Expr::Column(column)) if column.source == *old => column.source = new.clone(),
        Part::Select(select) if has_source(select, old) => {}
        part => part.parts(&mut |part| repoint(part, old, new)),
    }
}

fn has_source(select: &Select, source: &SourceRef) -> bool {
    let sources = select.from.iter().chain(select.joins.iter().map(|join| &join.to));
    sources.into_iter().any(|from| from.has_source(source))
}
