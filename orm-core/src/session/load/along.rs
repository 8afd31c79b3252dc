//! JOINs in a further SELECT: what lies behind the objects that it reads, where the options say `joined`.

use hashbrown::HashSet;
use orm_query::tree::Select;
use orm_query::typed::{EntityAt, Known, LoadPath, Strategy};

use super::joined::Joins;
use super::owners::Layout;
use super::reading::Reading;
use super::route::Route;
use crate::Result;
use crate::session::graph::{Graph, Id};

/// The objects that further SELECTs have read together with what is joined to them.
#[derive(Default)]
pub(super) struct Along {
    read: HashSet<Id>,
}

/// Adds the joins of what lies behind the route to its SELECT.
pub(super) fn plan(
    select: &mut Select,
    route: &Route<'_>,
    layout: &Layout,
    reading: &Reading,
) -> Result<Joins> {
    let mut load = joined_only(&route.path.then, reading, true);
    // The first of each parent are counted; a join would count its own rows.
    if load.is_empty() || route.path.limit.is_some() {
        return Ok(Joins::default());
    }
    let source = route.path.target.clone();
    let at = EntityAt { entity: route.target, source, at: layout.target, known: &Known::End };
    Joins::plan_along(select, at, &mut load, &reading.criteria)
}

/// Those of the paths that are joined, each with those behind it that are joined too. `keeps`: no row of the SELECT's own
/// may be left out by them, for it would be missing in the relationship that is loaded.
fn joined_only(paths: &[LoadPath], reading: &Reading, keeps: bool) -> Vec<LoadPath> {
    let joined = paths.iter().filter(|path| is_joined(path)).map(|path| {
        let inner =
            path.strategy == Strategy::Joined { inner: true } && !(keeps && leaves_out(path, reading));
        LoadPath {
            strategy: Strategy::Joined { inner },
            then: joined_only(&path.then, reading, keeps && inner),
            ..path.clone()
        }
    });
    joined.collect()
}

fn is_joined(path: &LoadPath) -> bool {
    matches!(path.strategy, Strategy::Joined { .. }) && path.limit.is_none() && path.depth.is_none()
}

/// Whether an inner join may take rows away.
fn leaves_out(path: &LoadPath, reading: &Reading) -> bool {
    path.relationship.to_many
        || path.relationship.optional
        || path.is_partial()
        || Route::new(path).is_none_or(|route| reading.hides(&route))
}

impl Along {
    pub(super) fn add(&mut self, object: Id) {
        self.read.insert(object);
    }

    /// All of the objects were.
    pub(super) fn of(objects: &[Id]) -> Along {
        Along { read: objects.iter().copied().collect() }
    }

    /// Those of the objects of which the path was read along with them, and those for whom it is still to be loaded.
    pub(super) fn split(&self, graph: &Graph, objects: &[Id], path: &LoadPath) -> (Vec<Id>, Vec<Id>) {
        let index = (path.relationship.source)().relationship(path.relationship.name);
        match index.filter(|_| is_joined(path) && !self.read.is_empty()) {
            Some(index) => {
                let is_read = |id: &Id| self.read.contains(id) && graph.links(*id, index).is_some();
                objects.iter().partition(|id| is_read(id))
            }
            None => (Vec::new(), objects.to_vec()),
        }
    }
}
