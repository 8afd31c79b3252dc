use orm_query::schema::{DialectOption, Name, OptionValue};

use super::{Result, Syntax, Writer, invalid};

/// What an option belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptionPlace {
    /// A table.
    Table,
    /// A column.
    Column,
    /// An index that is created.
    Index,
    /// An index that is dropped.
    DropIndex,
    /// A UNIQUE constraint.
    Unique,
    /// A CHECK constraint.
    Check,
    /// A foreign key.
    ForeignKey,
}

/// What an option says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OptionKind {
    /// That it is there.
    Flag,
    /// A number.
    Number,
    /// A name.
    Name,
    /// Several names.
    Names,
    /// SQL.
    Sql,
}

/// The options of one thing that are this dialect's, each one known to it.
#[derive(Debug)]
pub struct Options<'o>(Vec<&'o DialectOption>);

/// The options of `options` that are for this dialect.
///
/// # Errors
/// Where it does not know one of them at that place, or one says another kind of thing.
pub fn options<'o, S: Syntax + ?Sized>(
    s: &S,
    place: OptionPlace,
    options: &'o [DialectOption],
) -> Result<Options<'o>> {
    let own: Vec<&DialectOption> = options.iter().filter(|option| s.is_called(&option.dialect)).collect();
    for option in &own {
        let known = s.known_options(place).iter().find(|(key, _)| *key == option.key);
        let Some((_, kind)) = known else {
            let place = place.words();
            return Err(invalid(format!("{} has no option `{}` of {place}", s.name(), option.key)));
        };
        if OptionKind::of(&option.value) != *kind {
            return Err(invalid(format!("the option `{}` of {} says a {kind:?}", option.key, s.name())));
        }
    }
    Ok(Options(own))
}

/// The options of a constraint; standard SQL has none.
///
/// # Errors
/// Where the dialect does not know one of them.
pub fn constraint_options<S: Syntax + ?Sized>(
    s: &S,
    _: &mut Writer,
    place: OptionPlace,
    of: &[DialectOption],
) -> Result {
    options(s, place, of).map(drop)
}

impl OptionPlace {
    fn words(self) -> &'static str {
        match self {
            OptionPlace::Table => "a table",
            OptionPlace::Column => "a column",
            OptionPlace::Index => "an index",
            OptionPlace::DropIndex => "DROP INDEX",
            OptionPlace::Unique => "a UNIQUE constraint",
            OptionPlace::Check => "a CHECK constraint",
            OptionPlace::ForeignKey => "a foreign key",
        }
    }
}

impl OptionKind {
    fn of(value: &OptionValue) -> Self {
        match value {
            OptionValue::Flag => OptionKind::Flag,
            OptionValue::Number(_) => OptionKind::Number,
            OptionValue::Name(_) => OptionKind::Name,
            OptionValue::Names(_) => OptionKind::Names,
            OptionValue::Sql(_) => OptionKind::Sql,
        }
    }
}

impl Options<'_> {
    fn get(&self, key: &str) -> Option<&OptionValue> {
        self.0.iter().rev().find(|option| option.key == key).map(|option| &option.value)
    }

    /// Whether it is there.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Its SQL, or its name.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            OptionValue::Sql(text) | OptionValue::Name(text) => Some(text),
            OptionValue::Flag | OptionValue::Number(_) | OptionValue::Names(_) => None,
        }
    }

    /// Its number.
    pub fn number(&self, key: &str) -> Option<u64> {
        match self.get(key)? {
            OptionValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Its names.
    pub fn names(&self, key: &str) -> Option<&[Name]> {
        match self.get(key)? {
            OptionValue::Names(names) => Some(names),
            _ => None,
        }
    }
}
