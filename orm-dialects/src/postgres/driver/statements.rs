//! What a connection knows of the statements that it has prepared.

use std::collections::HashMap;
use std::sync::Arc;

use orm_core::{Error, Result};
use orm_query::{Bind, CompileError, Compiled};

use super::scan::{Scan, scan};
use super::wire::oid;

/// The statements that sqlx may have in its cache, which it knows by their text alone.
///
/// The server has fixed the types of a statement's parameters when it was prepared. The same text with binds of other
/// types would be read by the first ones, and a float become an integer. So each further list of types gets a text of its
/// own, which differs in a comment.
#[derive(Debug)]
pub(super) struct Statements {
    known: HashMap<Arc<str>, Known>,
    /// The most that are kept in mind.
    limit: usize,
    /// How often everything was forgotten.
    generation: u64,
    /// The number of the last text that was made, which is never given again.
    last_text: u64,
}

#[derive(Debug)]
struct Known {
    scan: Scan,
    /// The types of the parameters, and the text that is sent with them.
    forms: Vec<Form>,
}

#[derive(Debug, Clone)]
struct Form {
    types: Arc<[u32]>,
    text: Arc<str>,
}

/// A statement, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The text, as sqlx gets it.
    pub(super) text: Arc<str>,
    pub(super) scan: Scan,
    /// It was sent before, and the server may have a plan of it.
    pub(super) is_known: bool,
    /// The text as the user has it.
    sql: Arc<str>,
    types: Arc<[u32]>,
    generation: u64,
}

/// The protocol counts the binds in 16 bits.
const MAX_BINDS: usize = 65_535;

impl Statements {
    pub(super) fn new(cache_capacity: usize) -> Self {
        // Some more than sqlx keeps, because everything is forgotten at once when there are too many.
        let limit = cache_capacity.saturating_mul(4).max(64);
        Statements { known: HashMap::new(), limit, generation: 0, last_text: 0 }
    }

    /// Whether there are too many; sqlx's cache must be cleared together with them.
    pub(super) fn is_full(&self) -> bool {
        self.known.len() >= self.limit
    }

    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.generation += 1;
    }

    /// Looks a statement up, or over.
    ///
    /// # Errors
    /// When its placeholders are not as many as its binds.
    pub(super) fn prepare(&mut self, statement: &Compiled) -> Result<Prepared> {
        let sql = &statement.sql;
        let prepared = |form: &Form, scan, is_known| Prepared {
            text: form.text.clone(),
            scan,
            is_known,
            sql: sql.clone(),
            types: form.types.clone(),
            generation: self.generation,
        };
        let types = || statement.binds.iter().map(|bind| oid::declared(&bind.data_type)).collect();
        if let Some(known) = self.known.get_mut(sql) {
            check(statement, known.scan)?;
            if let Some(form) = known.forms.iter().find(|form| fits(&form.types, &statement.binds)) {
                return Ok(prepared(form, known.scan, true));
            }
            self.last_text += 1;
            // On a line of its own: the text may end in a comment.
            let text = format!("{sql}\n/* types {} */", self.last_text).into();
            let form = Form { types: types(), text };
            known.forms.push(form.clone());
            return Ok(prepared(&form, known.scan, false));
        }
        let found = scan(sql);
        if found.nul {
            return Err(invalid("the SQL text has a NUL character".into()));
        }
        check(statement, found)?;
        let form = Form { types: types(), text: sql.clone() };
        self.known.insert(sql.clone(), Known { scan: found, forms: vec![form.clone()] });
        Ok(prepared(&form, found, false))
    }

    /// Takes note that a statement is sent, if everything was forgotten since it was looked up.
    pub(super) fn sent(&mut self, prepared: &Prepared) {
        if prepared.generation == self.generation {
            return;
        }
        let known = self.known.entry(prepared.sql.clone());
        let known = known.or_insert_with(|| Known { scan: prepared.scan, forms: Vec::new() });
        if !known.forms.iter().any(|form| form.text == prepared.text) {
            known.forms.push(Form { types: prepared.types.clone(), text: prepared.text.clone() });
        }
    }
}

fn fits(types: &[u32], binds: &[Bind]) -> bool {
    types.len() == binds.len()
        && types.iter().zip(binds).all(|(oid, bind)| *oid == oid::declared(&bind.data_type))
}

fn check(statement: &Compiled, found: Scan) -> Result<()> {
    let (placeholders, binds) = (found.placeholders, statement.binds.len());
    if placeholders != binds {
        let sql = &statement.sql;
        return Err(invalid(format!("`{sql}` has {placeholders} placeholder(s) and {binds} bind(s)")));
    }
    if binds > MAX_BINDS {
        return Err(invalid(format!("the statement has {binds} binds, and PostgreSQL takes {MAX_BINDS}")));
    }
    Ok(())
}

fn invalid(reason: String) -> Error {
    Error::Compile(CompileError::Invalid(reason))
}

#[cfg(test)]
mod tests {
    use orm_query::{DataType, Value};

    use super::*;

    #[test]
    fn another_list_of_types_gets_another_text() {
        let mut statements = Statements::new(10);
        let mut text = |data_type: DataType| {
            let statement =
                Compiled { sql: "SELECT $1".into(), binds: vec![Bind::new(Value::Null, data_type)] };
            let prepared = statements.prepare(&statement).unwrap();
            (prepared.text.to_string(), prepared.is_known)
        };
        assert_eq!(text(DataType::BigInt), ("SELECT $1".into(), false));
        assert_eq!(text(DataType::BigInt), ("SELECT $1".into(), true));
        assert_eq!(text(DataType::Double), ("SELECT $1\n/* types 1 */".into(), false));
        assert_eq!(text(DataType::Text), ("SELECT $1\n/* types 2 */".into(), false));
        assert_eq!(text(DataType::Varchar(3)), ("SELECT $1\n/* types 2 */".into(), true));
        assert_eq!(text(DataType::BigInt), ("SELECT $1".into(), true));
    }

    #[test]
    fn what_is_sent_after_everything_was_forgotten_is_known() {
        let mut statements = Statements::new(10);
        let statement =
            |data_type| Compiled { sql: "SELECT $1".into(), binds: vec![Bind::new(Value::Null, data_type)] };
        statements.prepare(&statement(DataType::BigInt)).unwrap();
        let double = statements.prepare(&statement(DataType::Double)).unwrap();
        statements.clear();
        statements.sent(&double);
        assert_eq!(statements.prepare(&statement(DataType::Double)).unwrap().text, double.text);
        let texts =
            [DataType::BigInt, DataType::Text].map(|t| statements.prepare(&statement(t)).unwrap().text);
        assert!(texts[0] != texts[1] && !texts.contains(&double.text), "{texts:?}");
    }

    #[test]
    fn placeholders_and_binds_are_counted() {
        let mut statements = Statements::new(10);
        for (sql, binds) in
            [("SELECT 1", 1), ("SELECT $1", 0), ("SELECT $2", 1), ("SELECT '$1'", 1), ("SELECT \0", 0)]
        {
            let binds = vec![Bind::new(Value::Null, DataType::Text); binds];
            let statement = Compiled { sql: sql.into(), binds };
            assert!(matches!(statements.prepare(&statement), Err(Error::Compile(_))), "{sql}");
        }
    }
}
