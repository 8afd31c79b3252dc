//! Hints about indexes, which stand behind the tables of FROM.

use orm_query::tree::{From, Select};

use crate::mysql::MySql;
use crate::syntax::{self, Result, Syntax, Writer};

pub(super) fn from_clause(s: &MySql, w: &mut Writer, q: &Select) -> Result {
    let own = q.hints.iter().filter(|hint| *hint.dialect == *Syntax::name(s));
    let hints = own.filter_map(|hint| Some((Some(hint.source.clone()?), hint.sql.to_string()))).collect();
    w.table_hints(hints, |w| syntax::from_clause(s, w, q))
}

pub(super) fn from_item(s: &MySql, w: &mut Writer, from: &From) -> Result {
    syntax::from_item(s, w, from)?;
    match from {
        From::Table(table) => w.hints_of(&table.source()).iter().try_for_each(|hint| {
            w.push(" ");
            s.raw(w, hint)
        }),
        From::Query { .. } | From::Cte { .. } | From::Function(_) | From::Sample(_) | From::Joined(_) => {
            Ok(())
        }
    }
}
