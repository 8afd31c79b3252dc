//! One further SELECT for all parents at once, which has the query that they came from as a subquery.

use orm_query::schema::Name;
use orm_query::tree::{self, Distinct, Expr, From, JoinKind, Select, SelectItem, SourceRef};
use orm_query::typed::{LoadPath, Strategy};

use super::Reading;
use super::owners::Layout;
use super::route::Route;

/// The paths from an entity of the query to the parents of another path.
#[derive(Clone, Default)]
pub(super) struct Chain<'p> {
    hops: Vec<&'p LoadPath>,
}

/// A SELECT over the query's own.
pub(super) struct OverQuery {
    pub(super) select: Select,
    pub(super) layout: Layout,
    /// Whether a target may come several times for one parent.
    pub(super) repeats: bool,
}

impl<'p> Chain<'p> {
    /// The same with one path more; `None` where it leads to a part of each parent's targets that a join cannot tell.
    pub(super) fn then(&self, path: &'p LoadPath) -> Option<Chain<'p>> {
        let follows = path.limit.is_none() && path.depth.is_none();
        follows.then(|| {
            let mut hops = self.hops.clone();
            hops.push(path);
            Chain { hops }
        })
    }
}

/// The query, where a path is loaded by it: to be kept as it is before joins and conditions are added to it.
pub(super) fn root(select: &Select, paths: &[LoadPath]) -> Option<Box<Select>> {
    (is_asked(paths) && is_root(select)).then(|| Box::new(select.clone()))
}

/// Whether one of the paths is loaded so.
fn is_asked(paths: &[LoadPath]) -> bool {
    paths.iter().any(|path| path.strategy == Strategy::Subquery || is_asked(&path.then))
}

/// Whether the query can stand in another one for its parents' keys.
fn is_root(select: &Select) -> bool {
    let takes_some = select.limit.is_some();
    let is_label = |order: &tree::OrderBy| matches!(order.expr, Expr::Label(_));
    select.group_by.is_empty()
        && select.having.is_none()
        && !matches!(select.distinct, Some(Distinct::On(_)))
        // Other columns would be told apart, and other names be missing.
        && !(takes_some && (select.distinct.is_some() || select.order_by.iter().any(is_label)))
}

/// `SELECT parent's key, target FROM (SELECT key FROM the query's own) AS anon_1 JOIN … LEFT OUTER JOIN target ON …`;
/// `None` where that cannot be.
///
/// The join is an outer one so that a parent without targets is told from one that the subquery has not: its query may
/// take other rows the second time, and what the session holds may be older than the rows.
pub(super) fn query(chain: &Chain<'_>, route: &Route<'_>, reading: &Reading) -> Option<OverQuery> {
    let root = reading.root.as_deref()?;
    if route.path.limit.is_some() {
        return None;
    }
    let hops: Vec<Route<'_>> = chain.hops.iter().map(|path| Route::new(path)).collect::<Option<_>>()?;
    let first = hops.first().unwrap_or(route);
    let anon = SourceRef::named("anon_1");
    let (parents, mut repeats) = parents(root, first);
    let mut near = anon.clone();
    let mut select = Select { from: vec![From::query(parents, anon.name)], ..Select::default() };
    for (number, hop) in (1..).zip(&hops) {
        let target = SourceRef::named(format!("{}_{number}", hop.target.table.name));
        let link = hop
            .link
            .map_or(near.clone(), |link| SourceRef::named(format!("{}_{number}", link.entity.table.name)));
        select.joins.extend(hop.joins(JoinKind::Inner, &near, &link, &target));
        repeats |= hop.link.is_some() || hop.is_to_parent();
        near = target;
    }
    let source = (route.relationship.source)();
    let keys: Vec<tree::ColumnRef> = route.near.iter().map(|name| source.column_ref(&near, name)).collect();
    let link = SourceRef::named(match route.link {
        Some(link) => format!("{}_{}", link.entity.table.name, hops.len() + 1),
        None => String::new(),
    });
    select.joins.extend(route.joins(JoinKind::Left, &near, &link, &route.path.target));
    select.columns.extend(keys.iter().cloned().map(|column| SelectItem::from(Expr::Column(column))));
    select.columns.extend(route.columns());
    if !route.is_to_parent() {
        select.order_by = route.order_by();
    }
    let target = keys.len();
    let present = route.target.table.primary_key().next().map_or(0, |(position, _)| position);
    let layout = Layout {
        key: keys.into_iter().map(|column| column.data_type).enumerate().collect(),
        target,
        present: Some(target + present),
    };
    Some(OverQuery { select, layout, repeats })
}

/// The query that gives the keys of its parents alone, and whether it may give one several times.
fn parents(root: &Select, route: &Route<'_>) -> (Select, bool) {
    let source = (route.relationship.source)();
    let column = |name: &Name| SelectItem::from(Expr::Column(source.column_ref(&route.path.source, name)));
    let mut select = root.clone();
    select.columns = route.near.iter().map(column).collect();
    select.lock = None;
    select.prefixes.clear();
    select.suffixes.clear();
    let is_one_table = matches!(select.from.as_slice(), [From::Table(_)]) && select.joins.is_empty();
    let has_key = source.table.primary_key().all(|(_, column)| route.near.contains(&column.name));
    let repeats = !(is_one_table && has_key);
    if select.limit.is_some() {
        return (select, repeats);
    }
    // Without a limit the order says nothing.
    select.order_by.clear();
    select.distinct = repeats.then_some(Distinct::Rows);
    (select, false)
}
