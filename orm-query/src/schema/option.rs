use super::{List, Name};

/// Something that one database has beyond SQL: an engine, a tablespace, a kind of index.
///
/// The others pass over it, as what it says is how that one keeps the data and not what the data are. An option that
/// the database of its name does not know at that place is an error. Each dialect has typed constructors for its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DialectOption {
    /// The name of the dialect that it is for.
    pub dialect: Name,
    /// What it is called there.
    pub key: Name,
    /// What is said.
    pub value: OptionValue,
}

/// What an option says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OptionValue {
    /// It is there.
    Flag,
    /// A number.
    Number(u64),
    /// A name.
    Name(Name),
    /// Names of tables or columns.
    Names(List<Name>),
    /// SQL.
    Sql(Name),
}

impl DialectOption {
    /// An option of a dialect.
    pub const fn new(dialect: &'static str, key: &'static str, value: OptionValue) -> Self {
        DialectOption { dialect: Name::Borrowed(dialect), key: Name::Borrowed(key), value }
    }

    /// One that is there or not.
    pub const fn flag(dialect: &'static str, key: &'static str) -> Self {
        Self::new(dialect, key, OptionValue::Flag)
    }

    /// One that is SQL.
    pub fn sql(dialect: &'static str, key: &'static str, sql: impl Into<Name>) -> Self {
        Self::new(dialect, key, OptionValue::Sql(sql.into()))
    }

    /// One that is a name.
    pub fn name(dialect: &'static str, key: &'static str, name: impl Into<Name>) -> Self {
        Self::new(dialect, key, OptionValue::Name(name.into()))
    }
}
