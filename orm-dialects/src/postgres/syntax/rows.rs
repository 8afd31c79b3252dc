//! Rows of plain values, each column of them as one array: the text is the same for any number of rows, so that one plan
//! serves all.

use orm_query::tree::{InRows, Insert, Rows, UpdateRows};
use orm_query::{Bind, DataType, Value};

use crate::postgres::{Postgres, types};
use crate::syntax::{self, Level, Place, Result, Syntax, Writer};

/// Whether the driver can send every column as an array.
pub(in crate::postgres) fn are_arrays(rows: &Rows) -> bool {
    !rows.types.is_empty() && rows.types.iter().all(types::has_array)
}

/// ` SELECT * FROM UNNEST($1, $2)`; a row by itself, and what has no arrays, is a list of values.
pub(super) fn insert(s: &Postgres, w: &mut Writer, i: &Insert, rows: &Rows) -> Result {
    if rows.len() < 2 || !are_arrays(rows) {
        return syntax::insert_rows(s, w, i, rows);
    }
    rows.rows.iter().try_for_each(|row| syntax::check_width(i, row.len()))?;
    w.push(" SELECT * FROM ");
    unnest(w, rows, |w, at| {
        array(s, w, rows, at, Place::Stored).map_err(|error| error.in_column(&i.table.name, &i.columns[at]))
    })
}

/// `UNNEST($1, $2)`, or a list of values, each as one of its type.
pub(super) fn source(s: &Postgres, w: &mut Writer, u: &UpdateRows) -> Result {
    if are_arrays(&u.rows) {
        return unnest(w, &u.rows, |w, at| match at.checked_sub(u.key.len()) {
            None => array(s, w, &u.rows, at, Place::Operand),
            Some(set) => array(s, w, &u.rows, at, Place::Stored)
                .map_err(|error| error.in_column(&u.table.name, &u.set[set])),
        });
    }
    w.push("(VALUES ");
    w.list(&u.rows.rows, ", ", |w, row| {
        w.parenthesized(|w| {
            w.list(row.iter().enumerate(), ", ", |w, (at, value)| {
                let data_type = u.rows.types[at].plain();
                // In a list by itself it would be a text.
                if types::is_inferred(data_type) {
                    return super::cast_to(s, w, data_type, |w| syntax::row_value(s, w, u, at, value));
                }
                syntax::row_value(s, w, u, at, value)
            })
        })
    })?;
    w.push(")");
    Ok(())
}

/// ` (column1, column2)`: a list of values names its columns so by itself.
pub(super) fn columns(w: &mut Writer, u: &UpdateRows) {
    if are_arrays(&u.rows) {
        let names: Vec<String> = (1..=u.rows.types.len()).map(|at| format!("column{at}")).collect();
        w.push(&format!(" ({})", names.join(", ")));
    }
}

/// `a = ANY ($1)`, `(a, b) IN (SELECT * FROM UNNEST($1, $2))`; what has no arrays is a list of values.
pub(super) fn within(s: &Postgres, w: &mut Writer, e: &InRows) -> Result {
    if !are_arrays(&e.rows) {
        return syntax::in_rows(s, w, e);
    }
    syntax::rows_fit(e)?;
    let array = |w: &mut Writer, at: usize| array(s, w, &e.rows, at, Place::Operand);
    match e.operands.as_slice() {
        [operand] => {
            syntax::operand(s, w, operand, Level::Concat)?;
            w.push(" = ANY (");
            array(w, 0)?;
            w.push(")");
            Ok(())
        }
        operands => {
            w.parenthesized(|w| w.list(operands, ", ", |w, operand| syntax::expr(s, w, operand)))?;
            w.push(" IN (SELECT * FROM ");
            unnest(w, &e.rows, array)?;
            w.push(")");
            Ok(())
        }
    }
}

fn unnest(w: &mut Writer, rows: &Rows, array: impl Fn(&mut Writer, usize) -> Result) -> Result {
    w.push("UNNEST(");
    w.list(0..rows.types.len(), ", ", array)?;
    w.push(")");
    Ok(())
}

/// The values of a column as one bind.
fn array(s: &Postgres, w: &mut Writer, rows: &Rows, at: usize, place: Place) -> Result {
    let data_type = &rows.types[at];
    let mut values = Vec::with_capacity(rows.len());
    for row in &rows.rows {
        types::fits_value(&row[at], data_type, place)?;
        values.push(row[at].clone());
    }
    let mut bind = Bind::new(Value::Null, DataType::Array(data_type.clone().into()));
    // Its type has a name.
    s.fits(&bind, place)?;
    bind.value = Value::Array(values);
    syntax::sent(s, w, bind)
}
