use super::{CheckDef, ColumnType, Declared, DialectOption, IdentityDef, List, Name, SequenceDef};
use crate::mapping::Deferral;
use crate::{DataType, Value};

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ColumnDef {
    /// The name in the database.
    pub name: Name,
    /// The SQL type of its values.
    pub data_type: DataType,
    /// How the type is declared, where that is not what `data_type` says by itself.
    pub declared: Declared,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// Whether it is (part of) the primary key.
    pub primary_key: bool,
    /// Whether the database counts it up by itself.
    pub autoincrement: bool,
    /// Whether a value may be left to the database or to a default (`Auto<T>` in Rust).
    pub auto: bool,
    /// A default in SQL, part of the table.
    pub server_default: Option<Name>,
    /// A default that is computed in Rust when an object is inserted without a value.
    pub default: Option<Default>,
    /// A value that is computed in Rust whenever an object is updated.
    pub on_update: Option<Default>,
    /// How its value tells one state of a row from the next, where this is the version of an optimistic lock.
    pub version: Option<Version>,
    /// An expression in SQL that the database computes the value from.
    pub computed: Option<Name>,
    /// Whether a computed value is computed when it is read and not stored.
    pub is_virtual: bool,
    /// How an identity column counts, where it is not the database's default way of `autoincrement`.
    pub identity: Option<IdentityDef>,
    /// The sequence that its default is taken from.
    pub sequence: Option<SequenceDef>,
    /// Conditions in SQL that stand with the column, and not with the table.
    pub checks: List<CheckDef>,
    /// Whether the database has it by itself, so that CREATE TABLE leaves it out.
    pub is_system: bool,
    /// The collation of text, where it is not the database's own.
    pub collation: Option<Name>,
    /// Whether, and when, a query leaves it out (`Deferred<T>` in Rust).
    pub deferral: Option<Deferral>,
    /// A comment, where the database keeps them.
    pub comment: Option<Name>,
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
}

/// Who gives a row its next version.
#[derive(Clone, Copy)]
pub enum Version {
    /// A function in Rust, from the version before; from `None` for a new row.
    Next(fn(Option<Value>) -> Value),
    /// The database: the value is read back after each write.
    Server,
}

impl std::fmt::Debug for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Version::Next(_) => "Next(fn)",
            Version::Server => "Server",
        })
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Version::Next(one), Version::Next(other)) => std::ptr::fn_addr_eq(*one, *other),
            (Version::Server, Version::Server) => true,
            (Version::Next(_), Version::Server) | (Version::Server, Version::Next(_)) => false,
        }
    }
}

/// A function that makes a value, as `default = path` names it.
#[derive(Clone, Copy)]
pub struct Default(pub fn() -> Value);

impl std::fmt::Debug for Default {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Default(fn)")
    }
}

impl PartialEq for Default {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl ColumnDef {
    /// A column that allows no NULL.
    pub const fn new(name: &'static str, data_type: DataType) -> Self {
        Self::named(Name::Borrowed(name), data_type)
    }

    /// A column whose name is made at run time.
    pub const fn named(name: Name, data_type: DataType) -> Self {
        ColumnDef {
            name,
            data_type,
            declared: Declared { standard: None, native: List::Borrowed(&[]), is_only_native: false },
            nullable: false,
            primary_key: false,
            autoincrement: false,
            auto: false,
            server_default: None,
            default: None,
            on_update: None,
            version: None,
            computed: None,
            is_virtual: false,
            identity: None,
            sequence: None,
            checks: List::Borrowed(&[]),
            is_system: false,
            collation: None,
            deferral: None,
            comment: None,
            options: List::Borrowed(&[]),
        }
    }

    /// A column of a type that says how it is declared.
    pub fn declared(name: Name, column_type: impl Into<ColumnType>) -> Self {
        let ColumnType { data_type, declared } = column_type.into();
        let mut column = Self::named(name, data_type);
        column.declared = declared;
        column
    }

    /// A column of a mapped field: type, NULL and `Auto` from the field's type.
    pub const fn of<F: crate::Field>(name: &'static str) -> Self {
        let mut column = Self::new(name, <F::Sql as crate::SqlType>::DATA_TYPE);
        column.nullable = <F::Sql as crate::SqlType>::NULLABLE;
        column.auto = F::AUTO;
        if F::DEFERRABLE {
            column.deferral = Some(Deferral { by_default: true, group: None });
        }
        column
    }

    /// Allows NULL, or not.
    #[must_use]
    pub const fn nullable(mut self, nullable: bool) -> Self {
        self.nullable = nullable;
        self
    }

    /// Makes it part of the primary key.
    #[must_use]
    pub const fn primary_key(mut self) -> Self {
        self.primary_key = true;
        self
    }

    /// Has the database count it up.
    #[must_use]
    pub const fn autoincrement(mut self) -> Self {
        self.autoincrement = true;
        self
    }

    /// Has the database count it up, if it is an integer.
    #[must_use]
    pub const fn autoincrement_if_integer(mut self) -> Self {
        self.autoincrement = self.data_type.is_integer();
        self
    }

    /// Limits the length of text or of bits.
    ///
    /// # Panics
    /// Where the column is of another type.
    #[must_use]
    pub const fn length(mut self, length: u32) -> Self {
        let limited = match self.data_type {
            DataType::Text | DataType::Varchar(_) => DataType::Varchar(length),
            DataType::Bit(_) | DataType::BitVarying(_) => DataType::BitVarying(Some(length)),
            _ => panic!("`length` is for columns of text and of bits only"),
        };
        put(&mut self.data_type, limited);
        self
    }

    /// Fixes the number of bits.
    ///
    /// # Panics
    /// Where the column is of another type.
    #[must_use]
    pub const fn bits(mut self, bits: u32) -> Self {
        assert!(
            matches!(self.data_type, DataType::Bit(_) | DataType::BitVarying(_)),
            "`bits` is for `BitString` columns only"
        );
        put(&mut self.data_type, DataType::Bit(bits));
        self
    }

    /// Fixes the digits of a decimal.
    #[must_use]
    pub const fn numeric(mut self, precision: u8, scale: u8) -> Self {
        assert!(
            matches!(self.data_type, DataType::Numeric { .. }),
            "`precision` and `scale` are for `Decimal` columns only"
        );
        put(&mut self.data_type, DataType::Numeric { precision: Some(precision), scale: Some(scale) });
        self
    }

    /// Gives it a default in SQL.
    #[must_use]
    pub const fn server_default(mut self, sql: &'static str) -> Self {
        put(&mut self.server_default, Some(Name::Borrowed(sql)));
        self
    }

    /// Gives it a default in Rust.
    #[must_use]
    pub const fn default(mut self, make: fn() -> Value) -> Self {
        self.default = Some(Default(make));
        self
    }

    /// Gives it a value in Rust at each update.
    #[must_use]
    pub const fn on_update(mut self, make: fn() -> Value) -> Self {
        self.on_update = Some(Default(make));
        self
    }

    /// Makes it the version of an optimistic lock, which Rust gives.
    #[must_use]
    pub const fn version(mut self, next: fn(Option<Value>) -> Value) -> Self {
        self.version = Some(Version::Next(next));
        self
    }

    /// Makes it the version of an optimistic lock, which the database gives.
    #[must_use]
    pub const fn server_version(mut self) -> Self {
        self.version = Some(Version::Server);
        self
    }

    /// Has the database compute it.
    #[must_use]
    pub const fn computed(mut self, sql: &'static str) -> Self {
        put(&mut self.computed, Some(Name::Borrowed(sql)));
        self
    }

    /// Has the database compute it whenever it is read, and not store it.
    #[must_use]
    pub const fn computed_virtual(mut self, sql: &'static str) -> Self {
        self.is_virtual = true;
        self.computed(sql)
    }

    /// Has the database count it up as an identity column with settings of its own.
    #[must_use]
    pub const fn identity(mut self, identity: IdentityDef) -> Self {
        self.autoincrement = true;
        self.identity = Some(identity);
        self
    }

    /// Takes its default from a sequence, where the database has sequences; elsewhere an integer that is the primary key
    /// is counted up in the database's own way.
    #[must_use]
    pub fn sequence(mut self, sequence: SequenceDef) -> Self {
        self.sequence = Some(sequence);
        self
    }

    /// A condition in SQL that stands with the column.
    #[must_use]
    pub fn check(mut self, check: CheckDef) -> Self {
        self.checks.to_mut().push(check);
        self
    }

    /// Says that the database has the column by itself, so that CREATE TABLE leaves it out.
    #[must_use]
    pub const fn system(mut self) -> Self {
        self.is_system = true;
        self
    }

    /// Says what one database has beyond this.
    #[must_use]
    pub fn option(mut self, option: DialectOption) -> Self {
        self.options.to_mut().push(option);
        self
    }

    /// Compares and orders its text by a collation of the database's.
    #[must_use]
    pub const fn collation(mut self, collation: &'static str) -> Self {
        put(&mut self.collation, Some(Name::Borrowed(collation)));
        self
    }

    /// Reads it with every row or not, where the field is a [`Deferred`](crate::Deferred) and a query says nothing.
    ///
    /// # Panics
    /// Where the field is no `Deferred`.
    #[must_use]
    pub const fn deferred(mut self, by_default: bool) -> Self {
        match &mut self.deferral {
            Some(deferral) => deferral.by_default = by_default,
            None => panic!("`deferred` is for a `Deferred` field: make it one"),
        }
        self
    }

    /// Puts it into a group that a query asks for as one.
    ///
    /// # Panics
    /// Where the field is no `Deferred`.
    #[must_use]
    pub const fn deferred_group(mut self, group: &'static str) -> Self {
        match &mut self.deferral {
            Some(deferral) => deferral.group = Some(group),
            None => panic!("`deferred_group` is for a `Deferred` field: make it one"),
        }
        self
    }

    /// Comments on it.
    #[must_use]
    pub const fn comment(mut self, comment: &'static str) -> Self {
        put(&mut self.comment, Some(Name::Borrowed(comment)));
        self
    }
}

/// Overwrites a place in a `const fn`, where destructors cannot run; what stood there is borrowed and owns nothing.
pub(super) const fn put<T>(place: &mut T, value: T) {
    std::mem::forget(std::mem::replace(place, value));
}
