use super::{Compound, Select, Text, Values};

/// Whatever gives rows and may stand inside of a statement: in FROM, behind IN, as a value, in a CTE.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// `SELECT`
    Select(Box<Select>),
    /// `UNION` and its like.
    Compound(Box<Compound>),
    /// `VALUES`
    Values(Values),
    /// SQL as the user wrote it.
    Text(Box<Text>),
}

impl Query {
    /// How many columns its rows have; `None` for text.
    pub fn width(&self) -> Option<usize> {
        match self {
            Query::Select(select) => Some(select.columns.len()),
            Query::Compound(compound) => compound.queries.first().and_then(Query::width),
            Query::Values(values) => values.rows.first().map(Vec::len),
            Query::Text(_) => None,
        }
    }

    /// Whether it takes some of its rows only.
    pub fn is_limited(&self) -> bool {
        match self {
            Query::Select(select) => select.limit.is_some(),
            Query::Compound(compound) => compound.limit.is_some(),
            Query::Values(_) | Query::Text(_) => false,
        }
    }
}

impl From<Select> for Query {
    fn from(select: Select) -> Self {
        let mut query = Query::Select(Box::new(select));
        query.keep_all_items();
        query
    }
}

impl From<Compound> for Query {
    fn from(compound: Compound) -> Self {
        Query::Compound(Box::new(compound))
    }
}

impl From<Values> for Query {
    fn from(values: Values) -> Self {
        Query::Values(values)
    }
}

impl From<Text> for Query {
    fn from(text: Text) -> Self {
        Query::Text(Box::new(text))
    }
}
