use std::sync::Arc;
use std::time::Duration;

use orm_core::Result;

use super::scan::Kind;
use super::state::State;
use crate::mysql::{Flavor, MySql};
use crate::syntax::unsupported;

/// How long a statement may take.
#[derive(Debug)]
pub(super) enum Limit {
    /// As long as it wants.
    None,
    /// MariaDB: it stands before the statement.
    Before(Duration),
    /// MySQL: the session has one, for what is only read.
    Session(u64),
    /// MySQL: it is not of the statements that the session's is for.
    Untouched,
}

impl Limit {
    pub(super) fn new(dialect: &MySql, timeout: Option<Duration>, kind: Kind) -> Result<Limit> {
        match (dialect.flavor(), timeout) {
            (Flavor::MariaDb, None) => Ok(Limit::None),
            (Flavor::MariaDb, Some(timeout)) => Ok(Limit::Before(timeout)),
            (Flavor::MySql, None) if kind == Kind::Read => Ok(Limit::Session(0)),
            (Flavor::MySql, None) => Ok(Limit::Untouched),
            // 0 would be no limit.
            (Flavor::MySql, Some(timeout)) if kind == Kind::Read => {
                let milliseconds = timeout.as_micros().div_ceil(1_000).clamp(1, u32::MAX.into());
                Ok(Limit::Session(milliseconds.try_into().unwrap_or(u64::MAX)))
            }
            (Flavor::MySql, Some(_)) => {
                let hint = "only a SELECT can be given one";
                Err(unsupported(dialect, "time limit for a statement that writes", Some(hint)).into())
            }
        }
    }

    /// The statement with its limit.
    pub(super) fn apply(&self, sql: &Arc<str>) -> Arc<str> {
        match self {
            Limit::Before(timeout) => {
                // 0 would be no limit, and a year is the longest.
                let micros = timeout.as_micros().clamp(1, 31_536_000_000_000);
                let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
                format!("SET STATEMENT max_statement_time = {seconds}.{micros:06} FOR {sql}").into()
            }
            Limit::None | Limit::Session(_) | Limit::Untouched => sql.clone(),
        }
    }

    /// What must be set in the session first.
    pub(super) fn select_limit(&self, state: &State) -> Option<u64> {
        match self {
            Limit::Session(milliseconds) if *milliseconds != state.select_limit => Some(*milliseconds),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        let second = Some(Duration::from_millis(1500));
        let sql: Arc<str> = "SELECT 1".into();
        let maria = Limit::new(&MySql::mariadb(), second, Kind::Write).unwrap();
        assert_eq!(&*maria.apply(&sql), "SET STATEMENT max_statement_time = 1.500000 FOR SELECT 1");
        let least = Limit::new(&MySql::mariadb(), Some(Duration::ZERO), Kind::Read).unwrap();
        assert_eq!(&*least.apply(&sql), "SET STATEMENT max_statement_time = 0.000001 FOR SELECT 1");
        let mut state = State::new(Flavor::MySql);
        let mysql = Limit::new(&MySql::mysql(), second, Kind::Read).unwrap();
        assert_eq!((&*mysql.apply(&sql), mysql.select_limit(&state)), ("SELECT 1", Some(1500)));
        state.select_limit = 1500;
        assert_eq!(mysql.select_limit(&state), None);
        let none = |kind| Limit::new(&MySql::mysql(), None, kind).unwrap().select_limit(&state);
        assert_eq!((none(Kind::Read), none(Kind::Write)), (Some(0), None));
        assert!(Limit::new(&MySql::mysql(), second, Kind::Write).is_err());
    }
}
