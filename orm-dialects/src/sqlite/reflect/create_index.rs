//! What only the text of CREATE INDEX and CREATE VIEW tells.

use super::tokens::{Tokens, tokens};

/// What a CREATE INDEX says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct CreateIndex {
    /// The columns and expressions, without their collation and direction.
    pub(super) terms: Vec<String>,
    /// The condition of the rows that are in it.
    pub(super) filter: Option<String>,
}

impl CreateIndex {
    /// What the text says.
    pub(super) fn parse(sql: &str) -> Self {
        let tokens = tokens(sql);
        let mut rest = Tokens::new(sql, &tokens);
        // `CREATE INDEX name ON table (…)`; a name that is a keyword has quotes.
        while let Some(token) = rest.next() {
            if token.is("ON") {
                break;
            }
        }
        rest.next();
        let Some(list) = rest.take_group() else { return CreateIndex::default() };
        let terms = list.split().into_iter().map(term).collect();
        let filter = rest.take("WHERE").then(|| rest.text().to_owned());
        CreateIndex { terms, filter }
    }
}

fn term(mut term: Tokens<'_, '_>) -> String {
    _ = term.drop_last_if(|last| last.is("ASC") || last.is("DESC"));
    let mut without = term.clone();
    if without.drop_last_if(|last| last.name().is_some()) && without.drop_last_if(|last| last.is("COLLATE")) {
        term = without;
    }
    loop {
        let mut inner = term.clone();
        match inner.take_group() {
            Some(group) if inner.is_empty() => term = group,
            _ => return term.text().to_owned(),
        }
    }
}

/// The SELECT of a CREATE VIEW.
pub(super) fn view_definition(sql: &str) -> Option<String> {
    let tokens = tokens(sql);
    let mut rest = Tokens::new(sql, &tokens);
    while let Some(token) = rest.next() {
        if token.is("AS") {
            return Some(rest.text().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_filters() {
        for (sql, terms, filter) in [
            ("CREATE INDEX ix ON t (a)", &["a"][..], None),
            (
                "CREATE UNIQUE INDEX \"on\" on \"t (\"(a COLLATE nocase DESC, ((lower(b))) desc, b+(1) asc, x) WHERE a > ')' OR b",
                &["a", "lower(b)", "b+(1)", "x"],
                Some("a > ')' OR b"),
            ),
            (
                "CREATE INDEX ix ON t ((a) || (b), coalesce(a, b) COLLATE x)",
                &["(a) || (b)", "coalesce(a, b)"],
                None,
            ),
        ] {
            let parsed = CreateIndex::parse(sql);
            assert_eq!(parsed.terms, terms, "{sql}");
            assert_eq!(parsed.filter.as_deref(), filter, "{sql}");
        }
        assert_eq!(CreateIndex::parse("CREATE INDEX"), CreateIndex::default());
    }

    #[test]
    fn definitions_of_views() {
        let view = |sql| view_definition(sql);
        assert_eq!(view("CREATE VIEW v(a, \"as\") AS SELECT 1 AS a, 2").as_deref(), Some("SELECT 1 AS a, 2"));
        assert_eq!(view("CREATE VIEW \"as\" as\n  select 1 -- x\n ").as_deref(), Some("select 1"));
        assert_eq!(view("CREATE VIEW v"), None);
    }
}
