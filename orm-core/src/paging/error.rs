/// Why a query cannot be read page by page, or partition by partition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PagingError {
    /// Its rows cannot be told apart by their order.
    #[error(
        "this query cannot be read on from one of its rows: {reason}; page it by `paginate(n).page(k)`, stream its plain \
         rows by `connection.stream(…)`, or read it by `all`"
    )]
    NoKeyset {
        /// What stands in the way.
        reason: String,
    },
    /// It has a limit of its own.
    #[error(
        "the query has a LIMIT or OFFSET of its own, and a page is a part of all rows: leave it out, or put the query into a subquery"
    )]
    OwnLimit,
    /// It is no query whose rows can be asked for in parts.
    #[error("{what} has no pages: they are of a SELECT, or by `paginate(n).page(k)` of a UNION and its like")]
    NoQuery {
        /// What it is.
        what: &'static str,
    },
    /// The cursor comes from a query of another order.
    #[error(
        "this cursor is of another order than the query: a cursor is of use with the `order_by` of the query that gave it"
    )]
    OtherOrder,
    /// The text is no cursor.
    #[error("this text is not a cursor: take it as `Page::next` or `Page::previous` gave it")]
    Malformed,
}
