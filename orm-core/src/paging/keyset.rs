//! The order of a query as a key, by which it is read on from any of its rows.

use hashbrown::HashSet;
use orm_query::mapping::{EntityDef, JoinOn};
use orm_query::schema::{ColumnDef, TableDef};
use orm_query::tree::{
    BinaryOperator, Distinct, Expr, From, Join, JoinKind, NullsOrder, OrderBy, Select, SourceRef, TableRef,
    UnaryOperator,
};
use orm_query::typed::EntityAt;
use orm_query::{Bind, DataType, Features, Row, Value, read_value};

use super::{Cursor, PagingError};
use crate::Result;

/// What the rows of a query are ordered by, to the last: no two rows are equal in all of it.
#[derive(Debug)]
pub(crate) struct Keyset {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    expr: Expr,
    data_type: DataType,
    descending: bool,
    /// Where NULLs go; `None` where there are none.
    nulls: Option<NullsOrder>,
    /// The position of the value in the row.
    at: usize,
}

impl Keyset {
    /// Completes the order of a query by the keys of its tables, and has it select what it is ordered by.
    pub(crate) fn plan(
        select: &mut Select,
        entities: &[EntityAt],
        features: &Features,
    ) -> Result<Keyset, PagingError> {
        let refuse = |reason: &str| PagingError::NoKeyset { reason: reason.to_owned() };
        if !select.group_by.is_empty() || select.having.is_some() {
            return Err(refuse("it groups rows"));
        }
        if let Some(Distinct::On(_)) = select.distinct {
            return Err(refuse("it is DISTINCT ON"));
        }
        let ordered = select.order_by.iter().map(|order| &order.expr);
        if select.columns.iter().map(|item| &item.expr).chain(ordered).any(Expr::has_window_function) {
            return Err(refuse("a window function counts the rows before it"));
        }
        let tables = Tables::of(select, entities)?;
        let mut planned = Planned { select, tables: &tables, features, parts: Vec::new() };
        for order in planned.select.order_by.clone() {
            planned.add(order)?;
        }
        let descending = planned.select.order_by.last().is_some_and(|order| order.descending);
        let by = |source: &SourceRef, column: &ColumnDef| {
            let (source, name) = (source.clone(), column.name.clone());
            let expr = Expr::Column(orm_query::tree::ColumnRef {
                source,
                name,
                data_type: column.data_type.clone(),
            });
            OrderBy { expr, descending, nulls: None }
        };
        let mut keys = Vec::new();
        if planned.select.distinct.is_some() {
            // Rows that are equal in all columns are one: an entity's by its key, the others by themselves.
            let mut is_entity = vec![false; planned.select.columns.len()];
            for at in entities {
                let width = at.entity.table.columns.len();
                is_entity.iter_mut().skip(at.at).take(width).for_each(|is_entity| *is_entity = true);
                keys.extend(at.entity.table.primary_key().map(|(_, column)| by(&at.source, column)));
            }
            let others = planned.select.columns.iter().zip(is_entity).filter(|(_, is_entity)| !is_entity);
            keys.extend(others.map(|(item, _)| OrderBy { expr: item.expr.clone(), descending, nulls: None }));
        } else {
            for table in tables.list.iter().filter(|table| table.tells_rows) {
                keys.extend(table.def.primary_key().map(|(_, column)| by(&table.source, column)));
            }
        }
        for key in keys {
            if planned.add(key.clone())? {
                planned.select.order_by.push(key);
            }
        }
        Ok(Keyset { parts: planned.parts })
    }

    /// Turns the order of the query round.
    pub(crate) fn reverse(select: &mut Select) {
        for order in &mut select.order_by {
            order.descending = !order.descending;
            order.nulls = order.nulls.map(other_end);
        }
    }

    /// The key of a row of the query.
    pub(crate) fn read(&self, row: &dyn Row) -> Result<Vec<Value>> {
        self.parts.iter().map(|part| Ok(read_value(row, part.at, &part.data_type)?)).collect()
    }

    /// The key as text.
    pub(crate) fn cursor(&self, key: &[Value]) -> Cursor {
        Cursor::new(self.tag(), key)
    }

    /// The key that a cursor holds.
    pub(crate) fn key(&self, cursor: &Cursor) -> Result<Vec<Value>, PagingError> {
        let (tag, key) = cursor.read()?;
        if tag == self.tag() && key.len() == self.parts.len() {
            Ok(key)
        } else {
            Err(PagingError::OtherOrder)
        }
    }

    /// The condition on the rows behind the one of that key, or before it.
    pub(crate) fn behind(&self, key: &[Value], backwards: bool) -> Expr {
        let mut condition = None;
        for (part, value) in self.parts.iter().zip(key).rev() {
            let beyond = part.beyond(value, backwards);
            condition = Some(match condition {
                None => beyond,
                Some(rest) => beyond.or(part.equals(value).and(rest)),
            });
        }
        let condition = condition.unwrap_or(Expr::Bool(false));
        match (self.parts.first().zip(key.first()), self.parts.len()) {
            // What the rest implies, said once more in a form that an index serves.
            (Some((first, value)), 2..) if first.nulls.is_none() => {
                let operator = match first.descending != backwards {
                    false => BinaryOperator::Ge,
                    true => BinaryOperator::Le,
                };
                first.expr.clone().binary(operator, first.bind(value)).and(condition)
            }
            _ => condition,
        }
    }

    /// What tells this order from others.
    fn tag(&self) -> u32 {
        let mut tag = 0x811c_9dc5_u32;
        for part in &self.parts {
            let text = format!("{} {} {:?}", part.expr, part.descending, part.nulls);
            for byte in text.bytes().chain([0]) {
                tag = (tag ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
        tag
    }
}

impl Part {
    fn bind(&self, value: &Value) -> Expr {
        Expr::Bind(Bind::new(value.clone(), self.data_type.clone()))
    }

    fn equals(&self, value: &Value) -> Expr {
        match value {
            Value::Null => self.expr.clone().unary(UnaryOperator::IsNull),
            value => self.expr.clone().binary(BinaryOperator::Eq, self.bind(value)),
        }
    }

    /// What stands strictly behind the value in the order, or before it.
    fn beyond(&self, value: &Value, backwards: bool) -> Expr {
        let descending = self.descending != backwards;
        let nulls = if backwards { self.nulls.map(other_end) } else { self.nulls };
        match (value, nulls) {
            (Value::Null, Some(NullsOrder::First)) => self.expr.clone().unary(UnaryOperator::IsNotNull),
            (Value::Null, _) => Expr::Bool(false),
            (value, nulls) => {
                let operator = if descending { BinaryOperator::Lt } else { BinaryOperator::Gt };
                let beyond = self.expr.clone().binary(operator, self.bind(value));
                match nulls {
                    Some(NullsOrder::Last) => beyond.or(self.expr.clone().unary(UnaryOperator::IsNull)),
                    Some(NullsOrder::First) | None => beyond,
                }
            }
        }
    }
}

const fn other_end(nulls: NullsOrder) -> NullsOrder {
    match nulls {
        NullsOrder::First => NullsOrder::Last,
        NullsOrder::Last => NullsOrder::First,
    }
}

/// A keyset that is being planned.
struct Planned<'q> {
    select: &'q mut Select,
    tables: &'q Tables,
    features: &'q Features,
    parts: Vec<Part>,
}

impl Planned<'_> {
    /// Adds to the key what the rows are ordered by; whether it was not in the key before.
    fn add(&mut self, order: OrderBy) -> Result<bool, PagingError> {
        let OrderBy { expr, descending, nulls } = order;
        let labeled = match &expr {
            Expr::Label(label) => {
                self.select.columns.iter().position(|item| item.label.as_ref() == Some(label))
            }
            expr => self.select.columns.iter().position(|item| item.expr == *expr),
        };
        let expr = match (expr, labeled) {
            (Expr::Label(_), Some(at)) => self.select.columns[at].expr.clone(),
            (expr, _) => expr,
        };
        if self.parts.iter().any(|part| part.expr == expr) {
            return Ok(false);
        }
        let refuse =
            |why: &str| PagingError::NoKeyset { reason: format!("`{expr}`, which it is ordered by, {why}") };
        let data_type = match &expr {
            Expr::Column(column) => Some(column.data_type.clone()),
            expr => expr.data_type(),
        };
        let Some(data_type) = data_type else { return Err(refuse("has no type that is known")) };
        if !is_comparable(&data_type, self.features) {
            return Err(refuse("has no order that its values tell"));
        }
        let at = match labeled {
            Some(at) => at,
            None if self.select.distinct.is_some() => {
                return Err(refuse("is not among the columns of a DISTINCT"));
            }
            None => {
                self.select.columns.push(expr.clone().into());
                self.select.columns.len() - 1
            }
        };
        let habit = match self.features.null_is_least != descending {
            true => NullsOrder::First,
            false => NullsOrder::Last,
        };
        let nulls = self.tables.may_be_null(&expr).then(|| nulls.unwrap_or(habit));
        self.parts.push(Part { expr, data_type, descending, nulls, at });
        Ok(true)
    }
}

/// Whether values are ordered as they compare.
fn is_comparable(data_type: &DataType, features: &Features) -> bool {
    match data_type {
        DataType::Boolean
        | DataType::SmallInt
        | DataType::Integer
        | DataType::BigInt
        | DataType::UnsignedSmallInt
        | DataType::UnsignedInteger
        | DataType::UnsignedBigInt
        | DataType::Real
        | DataType::Double
        | DataType::Numeric { .. }
        | DataType::Text
        | DataType::Varchar(_)
        | DataType::Bytes
        | DataType::Date
        | DataType::Time
        | DataType::Timestamp
        | DataType::TimestampTz
        | DataType::Uuid => true,
        // Where an enum is no type of its own, it is ordered by its position and compared by its name.
        DataType::Enum(enum_type) => features.enum_types || !enum_type.native,
        DataType::Converted(converted) => is_comparable(&converted.data_type, features),
        _ => false,
    }
}

/// What stands in FROM.
struct Tables {
    list: Vec<Table>,
}

struct Table {
    source: SourceRef,
    def: &'static TableDef,
    /// Whether an outer join may leave it out.
    is_optional: bool,
    /// Whether the other tables do not tell which of its rows is meant.
    tells_rows: bool,
}

impl Tables {
    fn of(select: &Select, entities: &[EntityAt]) -> Result<Tables, PagingError> {
        if entities.is_empty() {
            let reason = "it selects no entity, whose key would tell its rows apart".to_owned();
            return Err(PagingError::NoKeyset { reason });
        }
        let known = related(entities);
        let mut tables = Tables { list: Vec::new() };
        for from in &select.from {
            tables.add(from, None, &known)?;
        }
        for join in &select.joins {
            tables.join(join, &known)?;
        }
        Ok(tables)
    }

    fn join(&mut self, join: &Join, known: &[&'static EntityDef]) -> Result<(), PagingError> {
        if join.kind == JoinKind::Full {
            self.list.iter_mut().for_each(|table| table.is_optional = true);
        }
        let first = self.list.len();
        self.add(&join.to, join.on.as_ref().filter(|_| join.kind != JoinKind::Full), known)?;
        if matches!(join.kind, JoinKind::Left | JoinKind::Full) {
            self.list[first..].iter_mut().for_each(|table| table.is_optional = true);
        }
        Ok(())
    }

    fn add(
        &mut self,
        from: &From,
        on: Option<&Expr>,
        known: &[&'static EntityDef],
    ) -> Result<(), PagingError> {
        let refuse =
            |what: &str, why: &str| PagingError::NoKeyset { reason: format!("`{what}` in FROM {why}") };
        let table = match from {
            From::Table(table) => table,
            From::Sample(sample) => &sample.table,
            From::Joined(joined) => {
                let first = self.list.len();
                self.add(&joined.from, None, known)?;
                joined.joins.iter().try_for_each(|join| self.join(join, known))?;
                self.list[first..].iter_mut().for_each(|table| table.is_optional = true);
                return Ok(());
            }
            From::Query { .. } | From::Cte { .. } | From::Function(_) => {
                let mut name = String::new();
                from.each_source(&mut |source, _| name = source.to_string());
                return Err(refuse(&name, "is not a table, so that its rows have no key"));
            }
        };
        let Some(def) = definition(known, table) else {
            let why = "is a table that no relationship leads to, so that its key is not known; select it too";
            return Err(refuse(&table.name, why));
        };
        if def.primary_key().next().is_none() {
            return Err(refuse(&table.name, "has no primary key"));
        }
        let source = table.source();
        let tells_rows = !on.is_some_and(|on| finds_one(on, &source, def));
        self.list.push(Table { source, def, is_optional: false, tells_rows });
        Ok(())
    }

    fn may_be_null(&self, expr: &Expr) -> bool {
        let Expr::Column(column) = expr else { return true };
        let Some(table) = self.list.iter().find(|table| table.source == column.source) else { return true };
        let nullable = |position: usize| table.def.columns[position].nullable;
        table.is_optional || table.def.position(&column.name).is_none_or(nullable)
    }
}

fn definition(known: &[&'static EntityDef], table: &TableRef) -> Option<&'static TableDef> {
    let is_it = |def: &&TableDef| def.name == table.name && def.schema == table.schema;
    known.iter().map(|entity| entity.table).find(is_it)
}

/// The entities, and all that relationships lead to from them.
fn related(entities: &[EntityAt]) -> Vec<&'static EntityDef> {
    let mut known: Vec<&'static EntityDef> = Vec::new();
    let mut seen = HashSet::new();
    let mut next: Vec<&'static EntityDef> = entities.iter().map(|at| at.entity).collect();
    while let Some(entity) = next.pop() {
        if !seen.insert((entity.type_id)()) {
            continue;
        }
        known.push(entity);
        for relationship in entity.relationships {
            next.push((relationship.target)());
            if let JoinOn::Secondary { link, .. } = relationship.join {
                next.push(link());
            }
        }
    }
    known
}

/// Whether a join's condition names the whole key of what is joined, so that it finds one row at most.
fn finds_one(on: &Expr, joined: &SourceRef, def: &TableDef) -> bool {
    let mut named = HashSet::new();
    let mut terms = vec![on];
    while let Some(term) = terms.pop() {
        match term {
            Expr::And(list) => terms.extend(list),
            Expr::Binary(binary) if binary.operator == BinaryOperator::Eq => {
                for (one, other) in [(&binary.left, &binary.right), (&binary.right, &binary.left)] {
                    let is_given = match other {
                        Expr::Column(column) => column.source != *joined,
                        other => matches!(other, Expr::Bind(_) | Expr::Literal(_)),
                    };
                    if let Expr::Column(column) = one
                        && column.source == *joined
                        && is_given
                    {
                        named.insert(&*column.name);
                    }
                }
            }
            _ => {}
        }
    }
    def.primary_key().all(|(_, column)| named.contains(&*column.name))
}
