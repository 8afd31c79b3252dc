//! The types of columns that one database has: constructors for
//! [`ColumnDef::declared`](orm_query::schema::ColumnDef::declared), one module for each.
//!
//! A column of such a type is there on its database only; elsewhere it is an error, unless it is the variant of another:
//! `ColumnType::from(DataType::Text).with_variant(mysql::mediumtext())`.

pub mod mssql;
pub mod mysql;
pub mod oracle;
pub mod postgres;
pub mod sqlite;

/// Functions that give a type in a database's own words, with the type of its values.
macro_rules! native {
    ($dialect:literal; $($(#[$doc:meta])* $name:ident => $data_type:expr, $sql:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name() -> orm_query::schema::ColumnType {
            orm_query::schema::ColumnType::native($dialect, $data_type, $sql)
        }
    )*};
}

use native;

/// `word(digits)`, or the word alone.
fn digits(word: &str, digits: Option<u32>) -> String {
    digits.map_or_else(|| word.to_owned(), |digits| format!("{word}({digits})"))
}
