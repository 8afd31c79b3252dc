use super::SourceRef;
use crate::schema::Name;

/// SQL of the user's own at a set place of a statement, for every database or for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The dialect that it is for; all where `None`.
    pub dialect: Option<Name>,
    /// The SQL.
    pub sql: Name,
}

/// Advice to one database's planner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The dialect that it is for; the others leave it out.
    pub dialect: Name,
    /// The source of FROM that it is about; the statement where `None`.
    pub source: Option<SourceRef>,
    /// The advice, in that database's words.
    pub sql: Name,
}

impl Phrase {
    /// Whether the dialect of this name says it.
    pub fn is_for(&self, dialect: &str) -> bool {
        self.dialect.as_deref().is_none_or(|name| name == dialect)
    }
}
