//! Subqueries that MySQL takes only inside of another one.

use orm_query::tree::{Expr, From, Query, Select, SelectItem, Text, TextPart};

use super::reads::Reads;
use crate::mysql::MySql;
use crate::syntax::{Result, unsupported};

/// The name of the subquery inside.
const ALIAS: &str = "derived_rows";

/// The query for `IN`, `ANY` and `ALL`, which take none with a LIMIT of its own; `None` where it has none.
pub(super) fn limited(s: &MySql, q: &Query) -> Result<Option<Query>> {
    if !q.is_limited() {
        return Ok(None);
    }
    if Reads::of_query(q).is_correlated() {
        let hint = "a query with LIMIT behind IN, ANY or ALL cannot read the outer query's columns";
        return Err(unsupported(s, "LIMIT in such a subquery", Some(hint)));
    }
    Ok(Some(derived(q, "*")))
}

/// The query computed before the statement starts to change the table that it reads.
pub(super) fn computed_before(q: &Query) -> Query {
    derived(q, "/*+ NO_MERGE(derived_rows) */ *")
}

fn derived(q: &Query, columns: &'static str) -> Query {
    let columns = Text { parts: vec![TextPart::Sql(columns.into())], binds: Vec::new() };
    let select = Select {
        columns: vec![SelectItem::from(Expr::Text(Box::new(columns)))],
        from: vec![From::query(q.clone(), ALIAS)],
        ..Select::default()
    };
    select.into()
}
