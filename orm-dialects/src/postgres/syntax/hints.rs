//! `ONLY` before a table of FROM, which leaves out what inherits from it.

use orm_query::tree::{From, Select};

use crate::postgres::Postgres;
use crate::syntax::{self, Result, Syntax, Writer, unsupported};

pub(super) fn from_clause(s: &Postgres, w: &mut Writer, q: &Select) -> Result {
    let own = q.hints.iter().filter(|hint| *hint.dialect == *Syntax::name(s));
    let hints = own.filter_map(|hint| Some((Some(hint.source.clone()?), hint.sql.to_string()))).collect();
    w.table_hints(hints, |w| syntax::from_clause(s, w, q))
}

pub(super) fn from_item(s: &Postgres, w: &mut Writer, from: &From) -> Result {
    let hints = match from {
        From::Table(table) => w.hints_of(&table.source()),
        From::Query { .. } | From::Cte { .. } | From::Function(_) | From::Sample(_) | From::Joined(_) => {
            Vec::new()
        }
    };
    for hint in hints {
        if !hint.eq_ignore_ascii_case("only") {
            return Err(unsupported(s, "hint about a table but ONLY", None));
        }
        w.push("ONLY ");
    }
    syntax::from_item(s, w, from)
}
