//! What single databases have beyond SQL for tables, columns, constraints and indexes: constructors for their `option`
//! methods, one module for each. The other databases pass over them.

pub mod mssql;
pub mod mysql;
pub mod oracle;
pub mod postgres;
pub mod sqlite;

/// Functions that give an option.
macro_rules! options {
    ($dialect:literal; $($(#[$doc:meta])* $kind:ident $name:ident;)*) => {$(
        options!(@ $dialect, $kind, $name, $(#[$doc])*);
    )*};
    (@ $dialect:literal, flag, $name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        pub const fn $name() -> orm_query::schema::DialectOption {
            orm_query::schema::DialectOption::flag($dialect, stringify!($name))
        }
    };
    (@ $dialect:literal, number, $name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        pub const fn $name(number: u64) -> orm_query::schema::DialectOption {
            orm_query::schema::DialectOption::new(
                $dialect,
                stringify!($name),
                orm_query::schema::OptionValue::Number(number),
            )
        }
    };
    (@ $dialect:literal, name, $name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        pub fn $name(name: impl Into<orm_query::schema::Name>) -> orm_query::schema::DialectOption {
            orm_query::schema::DialectOption::name($dialect, stringify!($name), name)
        }
    };
    (@ $dialect:literal, names, $name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        pub fn $name<N: Into<orm_query::schema::Name>>(
            names: impl IntoIterator<Item = N>,
        ) -> orm_query::schema::DialectOption {
            let names: Vec<orm_query::schema::Name> = names.into_iter().map(Into::into).collect();
            orm_query::schema::DialectOption::new(
                $dialect,
                stringify!($name),
                orm_query::schema::OptionValue::Names(names.into()),
            )
        }
    };
    (@ $dialect:literal, sql, $name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        pub fn $name(sql: impl Into<orm_query::schema::Name>) -> orm_query::schema::DialectOption {
            orm_query::schema::DialectOption::sql($dialect, stringify!($name), sql)
        }
    };
}

use options;
