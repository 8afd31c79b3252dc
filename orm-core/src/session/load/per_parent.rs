//! The first targets of each parent.

use orm_query::DataType;
use orm_query::schema::Name;
use orm_query::tree::{
    self, BinaryOperator, ColumnRef, Expr, From, Function, Limit, OrderBy, Select, SelectItem, SourceRef,
    Window,
};
use orm_query::typed::PerParent;

/// `SELECT … FROM (SELECT …, row_number() OVER (PARTITION BY key ORDER BY order) AS place FROM …) AS anon_1 WHERE place …`:
/// the rows of `select`, a list of columns, that come first for each key, in the order in which they come.
pub(super) fn first_of_each(
    mut select: Select,
    key: Vec<ColumnRef>,
    order: Vec<OrderBy>,
    limit: PerParent,
) -> Select {
    let source = SourceRef::named("anon_1");
    let mut labels: Vec<Name> = Vec::with_capacity(select.columns.len() + 1);
    let mut columns = Vec::with_capacity(select.columns.len());
    for item in &mut select.columns {
        let (own, data_type) = match (&item.label, &item.expr) {
            (None, Expr::Column(column)) => (Some(column.name.clone()), column.data_type.clone()),
            (label, expr) => (label.clone(), expr.data_type().unwrap_or(DataType::Text)),
        };
        let label = free_label(&labels, own.as_ref().unwrap_or(&Name::from("column")));
        if own.as_ref() != Some(&label) {
            item.label = Some(label.clone());
        }
        let outer = ColumnRef { source: source.clone(), name: label.clone(), data_type };
        columns.push(SelectItem { left_out: item.left_out, ..Expr::Column(outer).into() });
        labels.push(label);
    }
    let place = free_label(&labels, &Name::from("place"));
    let mut number = Function::new("row_number", Vec::new(), DataType::BigInt);
    number.over = Some(Window {
        partition_by: key.into_iter().map(Expr::Column).collect(),
        order_by: order,
        frame: None,
    });
    let number = Expr::Function(Box::new(number));
    select.columns.push(SelectItem { expr: number, label: Some(place.clone()), left_out: false });
    let place = || {
        Expr::Column(ColumnRef { source: source.clone(), name: place.clone(), data_type: DataType::BigInt })
    };
    let last = limit.offset.saturating_add(limit.count);
    let mut filter = Expr::And(Vec::new());
    if limit.offset > 0 {
        filter = filter.and(place().binary(BinaryOperator::Gt, Limit::rows(limit.offset)));
    }
    if i64::try_from(last).is_ok() {
        filter = filter.and(place().binary(BinaryOperator::Le, Limit::rows(last)));
    }
    tree::Select {
        columns,
        from: vec![From::query(select, source.name.clone())],
        filter: Some(filter),
        order_by: vec![place().into()],
        ..Select::default()
    }
}

/// The name, with a number behind it where it is taken.
fn free_label(taken: &[Name], name: &Name) -> Name {
    let is_free = |name: &str| !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    if is_free(name) {
        return name.clone();
    }
    let mut number = 1;
    loop {
        let label = format!("{name}_{number}");
        if is_free(&label) {
            return label.into();
        }
        number += 1;
    }
}
