use orm_query::schema::{List, TableDef};
use orm_query::tree::{CreateTableAs, CreateView, DropView};

use super::{Result, Syntax, Writer, columns, invalid, qualified, query, unsupported};

/// What a database can do with views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewSupport {
    /// `CREATE OR REPLACE VIEW`
    pub or_replace: bool,
    /// `CREATE VIEW IF NOT EXISTS`
    pub if_not_exists: bool,
    /// `CREATE TEMPORARY VIEW`
    pub temporary: bool,
    /// `CREATE MATERIALIZED VIEW`
    pub materialized: bool,
    /// `CREATE MATERIALIZED VIEW IF NOT EXISTS`
    pub materialized_if_not_exists: bool,
    /// `DROP VIEW CASCADE`
    pub cascade: bool,
}

impl ViewSupport {
    /// What the standard has.
    pub const STANDARD: ViewSupport = ViewSupport {
        or_replace: false,
        if_not_exists: false,
        temporary: false,
        materialized: false,
        materialized_if_not_exists: false,
        cascade: true,
    };
}

/// `CREATE [OR REPLACE] [TEMPORARY | MATERIALIZED] VIEW [IF NOT EXISTS] name [(columns)] AS query`
///
/// # Errors
/// Where the database has no such view.
pub fn create_view<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateView) -> Result {
    let has = s.view_support();
    let if_not_exists = if c.materialized { has.materialized_if_not_exists } else { has.if_not_exists };
    let wanted = [
        (c.materialized, has.materialized, "CREATE MATERIALIZED VIEW"),
        (c.temporary, has.temporary && !c.materialized, "CREATE TEMPORARY VIEW"),
        (c.or_replace, has.or_replace && !c.materialized, "CREATE OR REPLACE VIEW"),
        (c.if_not_exists, if_not_exists, "CREATE VIEW IF NOT EXISTS"),
    ];
    if let Some((_, _, feature)) = wanted.iter().find(|(wanted, has, _)| *wanted && !has) {
        return Err(unsupported(s, feature, None));
    }
    if c.or_replace && c.if_not_exists {
        return Err(invalid("a view is either replaced or left as it is"));
    }
    w.push("CREATE ");
    for (is, word) in
        [(c.or_replace, "OR REPLACE "), (c.temporary, "TEMPORARY "), (c.materialized, "MATERIALIZED ")]
    {
        if is {
            w.push(word);
        }
    }
    w.push("VIEW ");
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    qualified(s, w, c.view.schema.as_deref(), &c.view.name)?;
    if !c.columns.is_empty() {
        w.push(" ");
        columns(s, w, &c.columns)?;
    }
    w.push(" AS ");
    w.inlined(|w| query(s, w, &c.query))
}

/// `DROP [MATERIALIZED] VIEW [IF EXISTS] name [CASCADE]`
///
/// # Errors
/// Where the database has no such view.
pub fn drop_view<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropView) -> Result {
    let has = s.view_support();
    if d.materialized && !has.materialized {
        return Err(unsupported(s, "DROP MATERIALIZED VIEW", None));
    }
    if d.cascade && !has.cascade {
        return Err(unsupported(s, "DROP VIEW CASCADE", None));
    }
    w.push(if d.materialized { "DROP MATERIALIZED VIEW " } else { "DROP VIEW " });
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    qualified(s, w, d.view.schema.as_deref(), &d.view.name)?;
    if d.cascade {
        w.push(" CASCADE");
    }
    Ok(())
}

/// `CREATE [TEMPORARY] TABLE [IF NOT EXISTS] name [options] AS query [WITH NO DATA]`
///
/// # Errors
/// Where the database has no such table.
pub fn create_table_as<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateTableAs) -> Result {
    let mut table = TableDef::new(c.table.name.clone(), List::Borrowed(&[]));
    (table.temporary, table.on_commit) = (c.temporary, c.on_commit);
    s.create_table_words(w, &table)?;
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    qualified(s, w, c.table.schema.as_deref(), &c.table.name)?;
    s.table_options(w, &table)?;
    w.push(" AS ");
    w.inlined(|w| query(s, w, &c.query))?;
    if c.without_data {
        s.with_no_data(w)?;
    }
    Ok(())
}

/// ` WITH NO DATA`
///
/// # Errors
/// None here.
pub fn with_no_data(w: &mut Writer) -> Result {
    w.push(" WITH NO DATA");
    Ok(())
}
