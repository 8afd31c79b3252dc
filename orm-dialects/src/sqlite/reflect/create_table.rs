//! What only the text of CREATE TABLE tells: the names of constraints, conditions, expressions and collations.

use orm_query::schema::{CheckDef, Deferrable, Name, UniqueDef};

use super::tokens::{Tokens, tokens};

/// What a CREATE TABLE says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct CreateTable {
    /// The columns, in their order.
    pub(super) columns: Vec<Column>,
    /// The name of the primary key's constraint.
    pub(super) primary_key_name: Option<Name>,
    /// The UNIQUE constraints, those of columns too.
    pub(super) uniques: Vec<UniqueDef>,
    /// The CHECK constraints, but those of enums.
    pub(super) checks: Vec<CheckDef>,
    /// The foreign keys, in their order.
    pub(super) foreign_keys: Vec<ForeignKey>,
}

/// What it says of a column.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Column {
    /// Its name.
    pub(super) name: String,
    /// Its collation.
    pub(super) collation: Option<String>,
    /// The expression that it is computed from.
    pub(super) computed: Option<String>,
    /// `CHECK (column IN ('a', 'b'))` without a name, which an enum has.
    pub(super) values: Option<Values>,
}

/// The values that a column may have.
#[derive(Debug, PartialEq)]
pub(super) struct Values {
    /// The values.
    pub(super) values: Vec<Name>,
    /// The condition.
    pub(super) sql: String,
}

/// What it says of a foreign key that SQLite does not tell elsewhere.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ForeignKey {
    /// The constraint's name.
    pub(super) name: Option<Name>,
    /// Whether it is checked at COMMIT.
    pub(super) deferrable: Option<Deferrable>,
}

impl CreateTable {
    /// What the text says; nothing for what is no list of columns, as of a virtual table.
    pub(super) fn parse(sql: &str) -> Self {
        let mut table = CreateTable::default();
        let tokens = tokens(sql);
        let mut head = Tokens::new(sql, &tokens);
        while let Some(token) = head.peek() {
            if token.is("VIRTUAL") {
                return table;
            }
            if let Some(body) = head.take_group() {
                body.split().into_iter().for_each(|part| table.part(part));
                return table;
            }
            head.next();
        }
        table
    }

    fn part(&mut self, mut part: Tokens<'_, '_>) {
        let Some(first) = part.peek() else { return };
        // Reserved words: a column of that name has quotes.
        if ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| first.is(word)) {
            self.constraints(part, None);
            return;
        }
        let mut column = Column { name: part.take_name().unwrap_or_default(), ..Column::default() };
        self.constraints(part, Some(&mut column));
        self.columns.push(column);
    }

    /// The type and the constraints of a column, or constraints of the table, which need no comma between them.
    fn constraints(&mut self, mut rest: Tokens<'_, '_>, mut column: Option<&mut Column>) {
        let mut name: Option<Name> = None;
        while let Some(token) = rest.peek() {
            if rest.take_group().is_some() {
                continue;
            }
            rest.next();
            if token.is("CONSTRAINT") {
                name = rest.take_name().map(Name::Owned);
                continue;
            }
            if token.is("NOT") && rest.take("DEFERRABLE") {
                initially(&mut rest);
            } else if token.is("NOT") {
                rest.take("NULL");
                name = None;
            } else if token.is("NULL") {
                name = None;
            } else if token.is("PRIMARY") {
                rest.take("KEY");
                self.primary_key_name = name.take();
            } else if token.is("UNIQUE") {
                let columns = match (rest.take_group(), &column) {
                    (Some(group), _) => names(&group),
                    (None, Some(column)) => vec![column.name.clone().into()],
                    (None, None) => continue,
                };
                self.uniques.push(UniqueDef::new(name.take(), columns.into()));
            } else if token.is("CHECK") {
                let Some(condition) = rest.take_group() else { continue };
                let sql = condition.text().to_owned();
                match column.as_deref_mut() {
                    Some(column) if name.is_none() && column.values.is_none() => {
                        match values(condition, &column.name) {
                            Some(values) => column.values = Some(Values { values, sql }),
                            None => self.checks.push(CheckDef::new(None, sql.into())),
                        }
                    }
                    _ => self.checks.push(CheckDef::new(name.take(), sql.into())),
                }
            } else if token.is("REFERENCES") {
                rest.take_name();
                self.foreign_keys.push(ForeignKey { name: name.take(), deferrable: None });
            } else if token.is("ON") {
                // ON DELETE SET DEFAULT, ON CONFLICT IGNORE
                rest.next();
                _ = rest.take("SET") || rest.take("NO");
                rest.next();
            } else if token.is("DEFERRABLE") {
                let deferrable = initially(&mut rest);
                if let Some(key) = self.foreign_keys.last_mut() {
                    key.deferrable = Some(deferrable);
                }
            } else if let Some(column) = column.as_deref_mut() {
                if token.is("DEFAULT") {
                    if rest.take_group().is_none() {
                        rest.next();
                    }
                    name = None;
                } else if token.is("COLLATE") {
                    column.collation = rest.take_name();
                } else if token.is("AS") {
                    column.computed = rest.take_group().map(|expression| expression.text().to_owned());
                }
            }
        }
    }
}

/// `INITIALLY DEFERRED`, `INITIALLY IMMEDIATE`, or nothing.
fn initially(rest: &mut Tokens<'_, '_>) -> Deferrable {
    let deferred = rest.take("INITIALLY") && rest.next().is_some_and(|token| token.is("DEFERRED"));
    if deferred { Deferrable::InitiallyDeferred } else { Deferrable::InitiallyImmediate }
}

/// The columns between the parentheses of a constraint.
fn names(group: &Tokens<'_, '_>) -> Vec<Name> {
    group.split().iter_mut().filter_map(|part| part.take_name().map(Name::Owned)).collect()
}

/// The values of `column IN ('a', 'b')`.
fn values(mut condition: Tokens<'_, '_>, column: &str) -> Option<Vec<Name>> {
    if !condition.take_name()?.eq_ignore_ascii_case(column) || !condition.take("IN") {
        return None;
    }
    let list = condition.take_group().filter(|_| condition.is_empty())?;
    let value = |mut part: Tokens<'_, '_>| {
        let value = part.next()?.literal()?;
        part.is_empty().then_some(Name::Owned(value))
    };
    list.split().into_iter().map(value).collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Option<Name> {
        Some(name.to_owned().into())
    }

    fn unique(unique: Option<Name>, columns: &[&str]) -> UniqueDef {
        UniqueDef::new(
            unique,
            columns.iter().map(|c| Name::Owned((*c).to_owned())).collect::<Vec<_>>().into(),
        )
    }

    fn check(check: Option<Name>, sql: &str) -> CheckDef {
        CheckDef::new(check, sql.to_owned().into())
    }

    fn column(name: &str) -> Column {
        Column { name: name.into(), ..Column::default() }
    }

    #[test]
    fn what_orm_writes() {
        let sql = "CREATE TABLE \"T(\" (id INTEGER NOT NULL, \"a b\" VARCHAR(4) DEFAULT ('x,' || ')') NOT NULL \
                   CHECK (\"a b\" IN ('red', 'it''s')), c TEXT COLLATE nocase, d INTEGER GENERATED ALWAYS AS \
                   (id + (1)) VIRTUAL, CONSTRAINT pk PRIMARY KEY (id), UNIQUE (c), CONSTRAINT uq UNIQUE (c, \"a b\"), \
                   CONSTRAINT ck CHECK (c != ')' AND d > 0), FOREIGN KEY(id) REFERENCES u (id) ON DELETE SET DEFAULT \
                   DEFERRABLE INITIALLY DEFERRED, CONSTRAINT fk FOREIGN KEY(d) REFERENCES u (id) ON UPDATE NO ACTION)";
        let values =
            Values { values: vec!["red".into(), "it's".into()], sql: "\"a b\" IN ('red', 'it''s')".into() };
        assert_eq!(
            CreateTable::parse(sql),
            CreateTable {
                columns: vec![
                    column("id"),
                    Column { values: Some(values), ..column("a b") },
                    Column { collation: Some("nocase".into()), ..column("c") },
                    Column { computed: Some("id + (1)".into()), ..column("d") },
                ],
                primary_key_name: name("pk"),
                uniques: vec![unique(None, &["c"]), unique(name("uq"), &["c", "a b"])],
                checks: vec![check(name("ck"), "c != ')' AND d > 0")],
                foreign_keys: vec![
                    ForeignKey { name: None, deferrable: Some(Deferrable::InitiallyDeferred) },
                    ForeignKey { name: name("fk"), deferrable: None },
                ],
            }
        );
    }

    #[test]
    fn what_others_write() {
        let sql = "create table [t] -- (\n(a integer constraint pk primary key autoincrement on conflict ignore,\n\
                   b unsigned big int constraint nn not null constraint uq unique check(b>0) default -1.5e-3,\n\
                   /* , c */ 'c' decimal(10,2) references u on delete set null not null deferrable,\n\
                   `d``` text as (a || ',') stored collate rtrim references u(x) not deferrable initially deferred,\n\
                   e check (e in ('a', 1)) check (e in ('a')) constraint x check (e in ('b')),\n\
                   \"unique\" blob default x'2c' unique,\n\
                   constraint two unique(a collate nocase desc, b) check(a>b) constraint f foreign key(a) references v)\n\
                   strict, without rowid";
        let values = Values { values: vec!["a".into()], sql: "e in ('a')".into() };
        assert_eq!(
            CreateTable::parse(sql),
            CreateTable {
                columns: vec![
                    column("a"),
                    column("b"),
                    column("c"),
                    Column {
                        collation: Some("rtrim".into()),
                        computed: Some("a || ','".into()),
                        ..column("d`")
                    },
                    Column { values: Some(values), ..column("e") },
                    column("unique"),
                ],
                primary_key_name: name("pk"),
                uniques: vec![
                    unique(name("uq"), &["b"]),
                    unique(None, &["unique"]),
                    unique(name("two"), &["a", "b"]),
                ],
                checks: vec![
                    check(None, "b>0"),
                    check(None, "e in ('a', 1)"),
                    check(name("x"), "e in ('b')"),
                    check(None, "a>b"),
                ],
                foreign_keys: vec![
                    ForeignKey { name: None, deferrable: Some(Deferrable::InitiallyImmediate) },
                    ForeignKey::default(),
                    ForeignKey { name: name("f"), deferrable: None },
                ],
            }
        );
    }

    #[test]
    fn what_has_no_columns() {
        let nothing = CreateTable::default();
        for sql in
            ["", "CREATE TABLE t", "CREATE VIRTUAL TABLE t USING fts5(a, unique)", "CREATE TABLE t (", ")"]
        {
            assert_eq!(CreateTable::parse(sql), nothing, "{sql}");
        }
    }
}
