use super::{List, Name};
use crate::DataType;

/// The type of a column, where more is to be said of it than its [`DataType`]: a standard type by its own name, a type of
/// one database, or different types in different ones.
///
/// The `DataType` says what the values are in Rust, and how they are bound and read; the rest is what stands in DDL.
/// `orm::types` has a constructor for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnType {
    /// What the values are.
    pub data_type: DataType,
    /// How it is declared.
    pub declared: Declared,
}

/// How a column's type is declared, where that is not what its [`DataType`] says by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Declared {
    /// A type of the standard.
    pub standard: Option<StandardType>,
    /// Types of single databases, which go before it.
    pub native: List<NativeType>,
    /// Whether the databases that `native` does not name have no such type.
    pub is_only_native: bool,
}

/// A type in one database's own words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NativeType {
    /// The name of the dialect.
    pub dialect: Name,
    /// The type, in SQL.
    pub sql: Name,
}

/// A type of the SQL standard or of most databases, which each spells in its way: what it keeps is what it keeps there.
///
/// A [`DataType`] promises that what is stored comes back; these promise a name. `NUMERIC(10, 2)` of SQLite is a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StandardType {
    /// `NUMERIC(p, s)`
    Numeric(Option<u8>, Option<u8>),
    /// `DECIMAL(p, s)`
    Decimal(Option<u8>, Option<u8>),
    /// `FLOAT(p)`, the precision in bits.
    Float(Option<u8>),
    /// `REAL`
    Real,
    /// `DOUBLE PRECISION`
    Double,
    /// `CHAR(n)`
    Char(u32),
    /// `VARCHAR(n)`
    Varchar(Option<u32>),
    /// `NCHAR(n)`
    NChar(u32),
    /// `NVARCHAR(n)`
    NVarchar(Option<u32>),
    /// `TEXT(n)`
    Text(Option<u32>),
    /// `BINARY(n)`
    Binary(u32),
    /// `VARBINARY(n)`
    Varbinary(u32),
    /// `BLOB(n)`
    Blob(Option<u32>),
    /// `TIME(digits) [WITH TIME ZONE]`
    Time {
        /// The digits of the seconds' fraction.
        digits: Option<u8>,
        /// Whether it has a zone.
        zone: bool,
    },
    /// A date and time, `TIMESTAMP(digits) [WITH TIME ZONE]` in the standard, and `DATETIME` where both are there.
    DateTime {
        /// The digits of the seconds' fraction.
        digits: Option<u8>,
        /// Whether it has a zone.
        zone: bool,
    },
    /// The type that is called `TIMESTAMP`, with a zone where the database has such.
    Timestamp {
        /// The digits of the seconds' fraction.
        digits: Option<u8>,
        /// Whether it has a zone.
        zone: bool,
    },
}

impl ColumnType {
    /// A standard type whose values are of `data_type`.
    pub const fn standard(data_type: DataType, standard: StandardType) -> Self {
        let declared =
            Declared { standard: Some(standard), native: List::Borrowed(&[]), is_only_native: false };
        ColumnType { data_type, declared }
    }

    /// A type of the database of that name alone, in its own words, whose values are of `data_type`.
    pub fn native(dialect: &'static str, data_type: DataType, sql: impl Into<Name>) -> Self {
        let native = vec![NativeType { dialect: dialect.into(), sql: sql.into() }];
        let declared = Declared { standard: None, native: native.into(), is_only_native: true };
        ColumnType { data_type, declared }
    }

    /// Declares it as that type of one database's there; it keeps its values' own type.
    ///
    /// ```
    /// use orm_query::DataType;
    /// use orm_query::schema::{ColumnDef, ColumnType};
    ///
    /// let body = ColumnType::from(DataType::Text)
    ///     .with_variant(ColumnType::native("mysql", DataType::Text, "MEDIUMTEXT"));
    /// ColumnDef::declared("body".into(), body);
    /// ```
    #[must_use]
    pub fn with_variant(mut self, variant: impl Into<ColumnType>) -> Self {
        let mut native = variant.into().declared.native.into_owned();
        native.extend(self.declared.native.into_owned());
        self.declared.native = native.into();
        self
    }
}

impl From<DataType> for ColumnType {
    fn from(data_type: DataType) -> Self {
        ColumnType { data_type, declared: Declared::default() }
    }
}
