//! A query that counts its rows, as a subquery: so that what is joined to it is not counted.

use hashbrown::HashSet;
use orm_query::DataType;
use orm_query::schema::Name;
use orm_query::tree::{self, ColumnRef, Distinct, Expr, OrderBy, Select, SelectItem, SourceRef};

use super::names::Names;

/// Makes `select` one of its own rows: `SELECT anon_1.… FROM (SELECT …) AS anon_1 ORDER BY anon_1.…`. The columns are the
/// same ones in the same places. Gives the name of the subquery; where the ordering cannot be said outside, it changes
/// nothing and gives `None`.
pub(super) fn wrap(select: &mut Select, names: &mut Names) -> Option<SourceRef> {
    let width = select.columns.len();
    let mut items = Items::of(&select.columns);
    let mut inner_order = Vec::with_capacity(select.order_by.len());
    let mut order = Vec::with_capacity(select.order_by.len());
    for each in &select.order_by {
        let each = unwrapped(each);
        let (position, is_new) = match items.position(&each.expr) {
            Some(position) => (position, false),
            None => (items.add(each.expr.clone(), select.distinct.as_ref())?, true),
        };
        // By its label, so that it is computed once; DISTINCT ON wants the expressions that it has itself.
        let by_label = is_new && !matches!(select.distinct, Some(Distinct::On(_)));
        let expr = if by_label { Expr::Label(items.names[position].clone()) } else { each.expr.clone() };
        inner_order.push(OrderBy { expr, ..each.clone() });
        order.push((position, each.descending, each.nulls));
    }
    let anon = SourceRef::named(names.fresh("anon"));
    let outer = |position: usize| Expr::Column(items.column(&anon, position));
    let columns = (0..width)
        .map(|position| SelectItem { left_out: items.items[position].left_out, ..outer(position).into() })
        .collect();
    let order_by = order
        .into_iter()
        .map(|(position, descending, nulls)| OrderBy { expr: outer(position), descending, nulls })
        .collect();
    let mut inner = std::mem::take(select);
    inner.columns = items.items;
    // Which rows there are depends on their order only where some of them are left out by it.
    let is_part = inner.limit.is_some() || matches!(inner.distinct, Some(Distinct::On(_)));
    inner.order_by = if is_part { inner_order } else { Vec::new() };
    *select = Select {
        with: std::mem::take(&mut inner.with),
        columns,
        from: vec![tree::From::query(inner, anon.name.clone())],
        order_by,
        ..Select::default()
    };
    Some(anon)
}

fn unwrapped(order: &OrderBy) -> &OrderBy {
    match &order.expr {
        Expr::Ordered(inner) => unwrapped(inner),
        _ => order,
    }
}

/// A select list in which each column has a name of its own.
struct Items {
    items: Vec<SelectItem>,
    names: Vec<Name>,
    taken: HashSet<String>,
}

impl Items {
    fn of(list: &[SelectItem]) -> Items {
        let mut items = Items {
            items: Vec::with_capacity(list.len()),
            names: Vec::with_capacity(list.len()),
            taken: HashSet::with_capacity(list.len()),
        };
        for item in list {
            items.push(item.clone());
        }
        items
    }

    fn push(&mut self, mut item: SelectItem) -> usize {
        let own = match (&item.label, &item.expr) {
            (Some(label), _) => Some(label.clone()),
            (None, Expr::Column(column)) => Some(column.name.clone()),
            (None, _) => None,
        };
        let name = match own {
            Some(name) if self.taken.insert(name.to_lowercase()) => name,
            other => {
                let name = self.fresh(other.as_deref().unwrap_or("column"));
                item.label = Some(name.clone());
                name
            }
        };
        self.items.push(item);
        self.names.push(name);
        self.names.len() - 1
    }

    fn fresh(&mut self, stem: &str) -> Name {
        let mut number = 1;
        loop {
            let name = format!("{stem}_{number}");
            if self.taken.insert(name.to_lowercase()) {
                return name.into();
            }
            number += 1;
        }
    }

    /// Where an expression of ORDER BY stands in the list.
    fn position(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::Label(label) => self.names.iter().position(|name| name == label),
            expr => self.items.iter().position(|item| item.expr == *expr),
        }
    }

    /// Adds an expression of ORDER BY under a label; `None` where a select list cannot hold it, or would say something
    /// else with it.
    fn add(&mut self, expr: Expr, distinct: Option<&Distinct>) -> Option<usize> {
        let is_other = matches!(distinct, Some(Distinct::Rows));
        // Text may be more than an expression, and a number stands for a place in the list.
        let is_no_item =
            matches!(expr, Expr::Label(_) | Expr::Text(_) | Expr::Literal(_) | Expr::Star | Expr::Tuple(_));
        if is_other || is_no_item {
            return None;
        }
        Some(self.push(SelectItem { expr, label: Some("ordered_by".into()), left_out: false }))
    }

    /// A column of the list, seen from outside.
    fn column(&self, source: &SourceRef, position: usize) -> ColumnRef {
        let expr = &self.items[position].expr;
        let data_type = match expr {
            Expr::Column(column) => column.data_type.clone(),
            expr => match expr.converted() {
                Some(converted) => DataType::Converted(converted),
                None => expr.data_type().unwrap_or(DataType::Text),
            },
        };
        ColumnRef { source: source.clone(), name: self.names[position].clone(), data_type }
    }
}
