//! The names that an error's message tells.

use orm_core::IntegrityKind;

use crate::mysql::Flavor;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) constraint: Option<String>,
    pub(super) table: Option<String>,
    pub(super) column: Option<String>,
}

/// Messages are translated where the server's `lc_messages` says so; then nothing is found, and nothing is wrong.
pub(super) fn names(kind: IntegrityKind, number: u16, message: &str, flavor: Flavor) -> Names {
    match (kind, number) {
        (IntegrityKind::Unique, _) => unique(message, flavor),
        (IntegrityKind::ForeignKey, _) => foreign_key(message),
        // `Column 'a' cannot be null`, `Field 'a' doesn't have a default value`
        (IntegrityKind::NotNull, _) => Names { column: quoted(message), ..Names::default() },
        // `Check constraint 'c' is violated.`
        (IntegrityKind::Check, 3819) => Names { constraint: quoted(message), ..Names::default() },
        (IntegrityKind::Check, _) => check(message),
        _ => Names::default(),
    }
}

/// `Duplicate entry 'x' for key 'users_name'`; MySQL says `'users.users_name'` since 8.0.19.
fn unique(message: &str, flavor: Flavor) -> Names {
    // The entry may hold anything, so the last one counts.
    let key =
        message.rsplit_once(" for key '").and_then(|(_, rest)| rest.rsplit_once('\'')).map(|(key, _)| key);
    let Some(key) = key else { return Names::default() };
    let (table, key) = match (flavor, key.split_once('.')) {
        (Flavor::MySql, Some((table, key))) => (Some(table.to_owned()), key),
        _ => (None, key),
    };
    Names { constraint: Some(key.to_owned()), table, column: None }
}

/// ``… fails (`db`.`child`, CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES …)``
fn foreign_key(message: &str) -> Names {
    let Some((_, rest)) = message.split_once(" fails (`") else { return Names::default() };
    let Some((_, rest)) = identifier(rest) else { return Names::default() };
    let Some((table, rest)) = rest.strip_prefix(".`").and_then(identifier) else { return Names::default() };
    let mut names = Names { table: Some(table), ..Names::default() };
    let Some((constraint, rest)) = rest.strip_prefix(", CONSTRAINT `").and_then(identifier) else {
        return names;
    };
    names.constraint = Some(constraint);
    let mut columns = Vec::new();
    let mut next = rest.strip_prefix(" FOREIGN KEY (`").and_then(identifier);
    while let Some((column, rest)) = next {
        columns.push(column);
        next = rest.strip_prefix(", `").and_then(identifier);
    }
    names.column = (!columns.is_empty()).then(|| columns.join(", "));
    names
}

/// ``CONSTRAINT `c` failed for `db`.`table` ``
fn check(message: &str) -> Names {
    let read = || {
        let (constraint, rest) = identifier(message.strip_prefix("CONSTRAINT `")?)?;
        let (_, rest) = identifier(rest.strip_prefix(" failed for `")?)?;
        let (table, _) = identifier(rest.strip_prefix(".`")?)?;
        Some((constraint, table))
    };
    match read() {
        // A condition of a column alone is named `table.column`.
        Some((constraint, table)) => match constraint
            .strip_prefix(&table)
            .and_then(|rest| rest.strip_prefix('.'))
        {
            Some(column) => Names { constraint: None, column: Some(column.to_owned()), table: Some(table) },
            None => Names { constraint: Some(constraint), table: Some(table), column: None },
        },
        None => Names::default(),
    }
}

/// The rest of an identifier whose first backtick was taken off, and what comes after it.
fn identifier(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('`')?;
        name.push_str(part);
        match after.strip_prefix('`') {
            Some(more) => {
                name.push('`');
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}

/// What stands between the first `'` and the last one.
fn quoted(message: &str) -> Option<String> {
    let (_, rest) = message.split_once('\'')?;
    // `doesn't` has one too.
    let rest = rest.split_once("' doesn't").map_or(rest, |(name, _)| name);
    Some(rest.rsplit_once('\'').map_or(rest, |(name, _)| name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: IntegrityKind, number: u16, flavor: Flavor, message: &str) -> [Option<String>; 3] {
        let names = names(kind, number, message, flavor);
        [names.constraint, names.table, names.column]
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn names_in_messages() {
        use Flavor::{MariaDb, MySql};
        use IntegrityKind::{Check, ForeignKey, NotNull, Unique};
        let entry = "Duplicate entry 'it''s for key 'x'' for key 'users.name'";
        assert_eq!(told(Unique, 1062, MySql, entry), [some("name"), some("users"), None]);
        assert_eq!(told(Unique, 1062, MariaDb, entry), [some("users.name"), None, None]);
        let child = "Cannot add or update a child row: a foreign key constraint fails (`d`.`chi``ld`, CONSTRAINT `fk` \
                     FOREIGN KEY (`a`, `b`) REFERENCES `parent` (`a`, `b`) ON DELETE CASCADE)";
        assert_eq!(told(ForeignKey, 1452, MariaDb, child), [some("fk"), some("chi`ld"), some("a, b")]);
        assert_eq!(told(ForeignKey, 1216, MariaDb, "a foreign key constraint fails"), [None, None, None]);
        assert_eq!(told(NotNull, 1048, MySql, "Column 'it's' cannot be null"), [None, None, some("it's")]);
        assert_eq!(
            told(NotNull, 1364, MySql, "Field 'a' doesn't have a default value"),
            [None, None, some("a")]
        );
        assert_eq!(told(Check, 3819, MySql, "Check constraint 'c' is violated."), [some("c"), None, None]);
        let failed = "CONSTRAINT `positive` failed for `d`.`t`";
        assert_eq!(told(Check, 4025, MariaDb, failed), [some("positive"), some("t"), None]);
        let failed = "CONSTRAINT `t.a` failed for `d`.`t`";
        assert_eq!(told(Check, 4025, MariaDb, failed), [None, some("t"), some("a")]);
        assert_eq!(told(Unique, 1062, MySql, "Doppelter Eintrag"), [None, None, None]);
    }
}
