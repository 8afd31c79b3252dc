use orm_query::Features;

use super::super::evaluate::{Condition, Evaluated, NotEvaluable, Scope};
use super::super::graph::{Graph, Id};
use super::following::{Kind, Match, Target};

/// What was found in Rust.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The objects whose rows match.
    pub(super) matches: Vec<Match>,
    /// Objects that are expired, so that nobody knows whether their rows match.
    pub(super) unread: Vec<Id>,
}

/// The objects whose rows match.
///
/// # Errors
/// For a condition of which Rust is not certain.
pub(super) fn matches(
    graph: &Graph,
    features: &Features,
    target: Target<'_>,
    kinds: &[Kind],
) -> Evaluated<Found> {
    let source = target.table.source();
    let mut found = Found::default();
    for kind in kinds {
        let scope = Scope { table: kind.table, source: &source, features };
        let condition = target.filter.map(|filter| Condition::new(scope, filter)).transpose()?;
        for id in graph.persistent_of(kind.kind) {
            let row = |column| graph.known(id, column);
            match condition.as_ref().map_or(Ok(true), |condition| condition.is_true(&row)) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(NotEvaluable::Unread) => {
                    found.unread.push(id);
                    continue;
                }
                Err(what) => return Err(what),
            }
            let values = kind.columns.iter().map(|changed| changed.new_value(graph, id)).collect();
            found.matches.push(Match { id, values });
        }
    }
    Ok(found)
}
