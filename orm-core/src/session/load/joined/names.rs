//! Names that stand for nothing else in a statement.

use orm_query::schema::Name;
use orm_query::tree::{Criteria, Select, SourceNames};
use orm_query::typed::LoadPath;

/// So long may the part of a name be that is taken from a table: databases cut off what is too long, and two names may
/// be one then.
const STEM: usize = 48;

/// The names that a statement uses, and those that were given to what is joined to it.
pub(super) struct Names(SourceNames);

impl Names {
    /// Those of a query, of the paths that it loads, and of the conditions that are added to it later.
    pub(super) fn of(select: &mut Select, load: &mut [Vec<LoadPath>], criteria: &[Criteria]) -> Names {
        let mut names = SourceNames::default();
        names.add_select(select);
        load.iter_mut().for_each(|paths| add_paths(&mut names, paths));
        criteria.iter().for_each(|criteria| names.add_criteria(criteria));
        Names(names)
    }

    /// A new one: `post_1`, or the next that is free.
    pub(super) fn fresh(&mut self, stem: &str) -> Name {
        let end = (0..=stem.len().min(STEM)).rev().find(|&end| stem.is_char_boundary(end)).unwrap_or(0);
        let mut number = 1;
        loop {
            let name = format!("{}_{number}", &stem[..end]);
            if self.0.insert(&name) {
                return name.into();
            }
            number += 1;
        }
    }
}

fn add_paths(names: &mut SourceNames, load: &mut [LoadPath]) {
    for path in load {
        path.filter.iter_mut().for_each(|filter| names.add_expr(filter));
        path.order_by.iter_mut().for_each(|order| names.add_expr(&mut order.expr));
        add_paths(names, &mut path.then);
    }
}
