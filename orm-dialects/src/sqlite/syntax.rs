use orm_query::schema::{ColumnDef, ForeignKeyDef, TableDef};
use orm_query::tree::{Binary, Cast, CreateIndex, Expr, Function, InList, InQuery, Lock, Quantified, Select};
use orm_query::{Bind, DataType, Dialect, Features};

use super::scan::scan;
use super::{Sqlite, ddl, types};
use crate::syntax::{
    self, Comparable, Level, Place, Result, Syntax, Writer, as_double, compared, expr, infix, invalid,
    operand, unsupported,
};

mod cast;
mod function;
mod reserved;

pub(super) use function::clock;

impl Syntax for Sqlite {
    fn name(&self) -> &'static str {
        Dialect::name(self)
    }

    fn features(&self) -> &Features {
        Dialect::features(self)
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::WORDS.binary_search(&word).is_ok()
    }

    fn fits(&self, bind: &Bind, place: Place) -> Result {
        types::fits(bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        w.push(&types::declared(data_type));
        Ok(())
    }

    /// A computed decimal is a double; a column with a scale gets it rounded, as elsewhere.
    fn stored(&self, w: &mut Writer, value: &Expr) -> Result {
        match (value, value.data_type()) {
            (Expr::Bind(_) | Expr::Column(_), _) => syntax::stored(self, w, value),
            (value, Some(DataType::Numeric { scale: Some(scale), .. })) => {
                w.push("round(");
                expr(self, w, value)?;
                w.push(&format!(", {scale})"));
                Ok(())
            }
            (value, _) => syntax::stored(self, w, value),
        }
    }

    /// Decimals are text. Beside a column its collation compares them as numbers; without one nothing would.
    fn comparable(&self, w: &Writer, sides: &[&Expr]) -> Comparable {
        if !sides.iter().any(|side| is_numeric(side)) {
            return Comparable::AsTheyAre;
        }
        let plain = |side: &Expr| w.is_table_column(side) || matches!(side, Expr::Bind(_));
        let collated = sides.iter().any(|side| w.is_table_column(side));
        if collated && sides.iter().all(|side| plain(side)) {
            Comparable::AsTheyAre
        } else {
            Comparable::AsDouble
        }
    }

    fn key(&self, w: &mut Writer, key: &Expr) -> Result {
        number(self, w, key)
    }

    fn distinct_from(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result {
        self.comparison(w, binary, if negated { "IS" } else { "IS NOT" })
    }

    fn regexp(&self, w: &mut Writer, binary: &Binary, negated: bool) -> Result {
        operand(self, w, &binary.left, Level::Concat)?;
        w.push(if negated { " NOT REGEXP " } else { " REGEXP " });
        operand(self, w, &binary.right, Level::Concat)
    }

    /// Decimals too are integers to SQLite where their text has no point.
    fn divide(&self, w: &mut Writer, binary: &Binary) -> Result {
        let exact = |e: &Expr| is_numeric(e) || e.data_type().is_some_and(|t| t.is_integer());
        if !(exact(&binary.left) && exact(&binary.right)) {
            return infix(self, w, binary, "/");
        }
        operand(self, w, &binary.left, Level::Product)?;
        w.push(" / (");
        operand(self, w, &binary.right, Level::Sum)?;
        w.push(" + 0.0)");
        Ok(())
    }

    /// SQLite's `%` cuts the fractions of its operands off first.
    fn modulo(&self, w: &mut Writer, binary: &Binary) -> Result {
        let fraction = |e: &Expr| {
            matches!(e.data_type(), Some(DataType::Real | DataType::Double | DataType::Numeric { .. }))
        };
        if fraction(&binary.left) || fraction(&binary.right) {
            return Err(unsupported(self, "remainder of fractions", Some("cast both sides to integers")));
        }
        infix(self, w, binary, "%")
    }

    /// A list of tuples is a query to SQLite.
    fn in_list(&self, w: &mut Writer, e: &InList) -> Result {
        let (Expr::Tuple(_), false) = (&e.operand, e.list.is_empty()) else {
            return syntax::in_list(self, w, e);
        };
        expr(self, w, &e.operand)?;
        w.push(if e.negated { " NOT IN (VALUES " } else { " IN (VALUES " });
        w.list(&e.list, ", ", |w, item| expr(self, w, item))?;
        w.push(")");
        Ok(())
    }

    /// A column's collation reaches over to what the query gives.
    fn in_query(&self, w: &mut Writer, e: &InQuery) -> Result {
        let how = self.comparable(w, &[&e.operand]);
        compared(self, w, &e.operand, how)?;
        w.push(if e.negated { " NOT IN " } else { " IN " });
        syntax::subquery(self, w, &e.query)
    }

    fn quantified(&self, _: &mut Writer, _: &Quantified) -> Result {
        Err(unsupported(
            self,
            "ANY (SELECT …) and ALL (SELECT …)",
            Some("use IN, EXISTS, or min() and max()"),
        ))
    }

    fn cast(&self, w: &mut Writer, e: &Cast) -> Result {
        cast::cast(self, w, e)
    }

    fn function(&self, w: &mut Writer, f: &Function) -> Result {
        function::function(self, w, f)
    }

    fn argument(&self, w: &mut Writer, f: &Function, argument: &Expr) -> Result {
        function::argument(self, w, f, argument)
    }

    /// OFFSET stands only behind LIMIT.
    fn limit(&self, w: &mut Writer, q: &Select) -> Result {
        if q.limit.is_none() && q.offset.is_some() {
            w.push(" LIMIT -1");
        }
        syntax::limit(self, w, q)
    }

    fn lock(&self, _: &mut Writer, _: &Lock) -> Result {
        Err(unsupported(
            self,
            "FOR UPDATE or FOR SHARE",
            Some(
                "a transaction that has written locks the whole database; `?transaction=immediate` locks it from BEGIN on",
            ),
        ))
    }

    /// A placeholder of the user's own would shift all others, or be NULL.
    fn raw(&self, w: &mut Writer, sql: &str) -> Result {
        let found = scan(sql);
        if found.placeholders > 0 || found.named {
            return Err(invalid(format!(
                "the SQL text `{sql}` has a placeholder of its own; write `:name` in a text and bind it"
            )));
        }
        w.push(sql);
        if found.open_comment {
            w.push("\n");
        }
        Ok(())
    }

    fn column_type(&self, w: &mut Writer, table: &TableDef, column: &ColumnDef) -> Result {
        ddl::column_type(self, w, table, column)
    }

    fn server_default(&self, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
        ddl::server_default(self, w, column, sql)
    }

    fn foreign_key(&self, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
        ddl::foreign_key(self, w, table, key)
    }

    fn create_index(&self, w: &mut Writer, c: &CreateIndex) -> Result {
        syntax::create_index_in_schema(self, w, c)
    }
}

fn is_numeric(e: &Expr) -> bool {
    matches!(e.data_type(), Some(DataType::Numeric { .. }))
}

/// A decimal that is no column, and so has no collation, as a double; anything else as it is.
fn number(s: &Sqlite, w: &mut Writer, e: &Expr) -> Result {
    if is_numeric(e) && !w.is_table_column(e) { as_double(s, w, e) } else { expr(s, w, e) }
}
