//! The names that a statement uses for its sources.

use hashbrown::HashSet;

use super::parts::Part;
use super::{Criteria, Expr, Select, Statement};

/// Names of sources, of any spelling: databases that tell `Post` from `post` in one place do not in another.
#[derive(Debug, Clone, Default)]
pub struct SourceNames(HashSet<String>);

impl SourceNames {
    /// Adds a name; whether it was new.
    pub fn insert(&mut self, name: &str) -> bool {
        self.0.insert(name.to_lowercase())
    }

    /// Adds those of a SELECT, at any depth. What stands in SQL text is not known.
    pub fn add_select(&mut self, select: &mut Select) {
        self.add(Part::Select(select));
    }

    /// Adds those of an expression, at any depth.
    pub fn add_expr(&mut self, expr: &mut Expr) {
        self.add(Part::Expr(expr));
    }

    /// Adds those of a condition.
    pub fn add_criteria(&mut self, criteria: &Criteria) {
        self.add_expr(&mut criteria.condition.clone());
    }

    fn add(&mut self, part: Part<'_>) {
        match &part {
            Part::Expr(Expr::Column(column)) => {
                self.insert(&column.source.name);
            }
            Part::Select(select) => self.add_own(select),
            Part::Statement(Statement::Select(select)) => self.add_own(select),
            Part::Expr(_) | Part::Statement(_) | Part::Text(_) => {}
        }
        part.parts(&mut |part| self.add(part));
    }

    fn add_own(&mut self, select: &Select) {
        for from in select.from.iter().chain(select.joins.iter().map(|join| &join.to)) {
            from.each_source(&mut |source, _| {
                self.insert(&source.name);
            });
        }
        for cte in &select.with.ctes {
            self.insert(&cte.name);
        }
    }
}
