use super::Expr;
use crate::{Bind, DataType, Value};

/// `LIMIT … OFFSET …`, or `OFFSET … FETCH …`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limit {
    /// The most rows; all where `None`.
    pub count: Option<Expr>,
    /// The rows to skip.
    pub offset: Option<Expr>,
    /// It is said by `FETCH FIRST`.
    pub fetch: bool,
    /// `count` is a percentage of the rows.
    pub percent: bool,
    /// Rows that are equal to the last one in the ordering are taken too.
    pub with_ties: bool,
}

impl Limit {
    /// A number of rows as it is sent. No table has more than a BIGINT can count.
    pub fn rows(rows: u64) -> Expr {
        Expr::Bind(Bind::new(Value::I64(rows.try_into().unwrap_or(i64::MAX)), DataType::BigInt))
    }

    /// No more rows than these in `place`, where it is known how many it takes.
    pub(super) fn at_most(place: &mut Option<Limit>, rows: u64) {
        let limit = place.get_or_insert_default();
        let fewer = match &limit.count {
            None => true,
            Some(Expr::Bind(bind)) => {
                !limit.percent
                    && matches!(bind.value, Value::I64(n) if u64::try_from(n).is_ok_and(|n| n > rows))
            }
            Some(_) => false,
        };
        if fewer {
            limit.count = Some(Limit::rows(rows));
        }
    }
}
