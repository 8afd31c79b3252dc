//! T-SQL goes through Microsoft's own parser (ScriptDom, as `maxdop` holds it), Oracle's SQL through the PlSql grammar of
//! `antlr4ts-sql`. `tests/corpus/install` fetches both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use orm::prelude::*;
use orm::tree::Statement;
use orm::typed::{Executable, Query};
use orm_test_servers::required;
use serde_json::json;

use crate::core::{self, Line};
use crate::schema::{Address, Keyword, User};
use crate::{compare, dialects, differences};

/// Where `install` puts the tools: beside the build that this test is of.
fn tools() -> PathBuf {
    let exe = env::current_exe().unwrap();
    let target = exe.ancestors().nth(3).unwrap();
    target.join("corpus-tools")
}

/// The tool at a path, or `None`, said loudly, where it was not installed.
fn tool(path: &str, what: &str) -> Option<PathBuf> {
    let path = tools().join(path);
    if path.exists() {
        return Some(path);
    }
    let why = format!("{} is not there; run tests/corpus/install", path.display());
    assert!(!required(), "{why}");
    let _ = writeln!(std::io::stderr(), "NOT CHECKED: {what}: {why}");
    None
}

/// The texts of all cases on a dialect, each by a name of its own.
fn texts(dialect: &str) -> BTreeMap<String, (&'static Line, String)> {
    let cases = compare::cases_by_name();
    let mut texts = BTreeMap::new();
    for line in core::lines().iter().filter(|line| core::is_wanted(line)) {
        let Some(case) = cases.get(line.name.as_str()) else { continue };
        let Some(Ok(statements)) = case.compile(dialect, &*dialects::dialect(dialect)) else { continue };
        for (place, statement) in statements.iter().enumerate() {
            texts.insert(format!("{}.{place}", line.name), (line, statement.sql.to_string()));
        }
    }
    texts
}

/// MERGE, which SQLAlchemy has not, on the corpus' schema; each with the dialects that have it.
fn merges() -> Vec<(&'static str, &'static [&'static str], Statement)> {
    const BOTH: &[&str] = &["mssql", "oracle"];
    const MSSQL: &[&str] = &["mssql"];
    let emails = || merge(User).using(Address, User::id.eq(Address::user_id));
    let words =
        || merge(Keyword).using(Address, Keyword::id.eq(Address::id).and(Address::is_primary.eq(true)));
    let new = || {
        words()
            .when_not_matched()
            .insert(|word| word.set(Keyword::id, Address::id).set(Keyword::word, Address::email))
    };
    vec![
        (
            "update",
            BOTH,
            emails().when_matched().update(|user| user.set(User::email, Address::email)).into_statement(),
        ),
        ("insert", BOTH, new().into_statement()),
        (
            "update_or_insert",
            BOTH,
            new().when_matched().update(|word| word.set(Keyword::word, Address::email)).into_statement(),
        ),
        (
            "conditions",
            BOTH,
            emails()
                .when_matched()
                .and(User::is_active.eq(true))
                .and(User::age.gt(28))
                .update(|user| user.set(User::age, User::age + 1).set(User::is_active, false))
                .into_statement(),
        ),
        (
            "update_or_delete",
            MSSQL,
            emails()
                .when_matched()
                .and(User::age.is_null())
                .delete()
                .when_matched()
                .update(|user| user.set(User::email, Address::email))
                .when_not_matched_by_source()
                .and(User::age.gt(90))
                .delete()
                .into_statement(),
        ),
        ("output", MSSQL, Query::into_statement(new().returning((Keyword::id, Keyword::word))).0),
    ]
}

/// The texts of MERGE on a dialect, beside those of the corpus.
fn add_merges(dialect: &str, texts: &mut BTreeMap<String, (&'static Line, String)>) {
    for (name, on, statement) in merges() {
        let compiled = dialects::dialect(dialect).compile(&statement);
        if on.contains(&dialect) {
            texts.insert(format!("merge_{name}.0"), (&core::lines()[0], compiled.unwrap().sql.to_string()));
        } else {
            assert!(matches!(compiled, Err(orm::CompileError::Unsupported { .. })), "{name}: {compiled:?}");
        }
    }
}

fn run(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [&*output.stdout, &*output.stderr].map(String::from_utf8_lossy).concat();
    (output, text)
}

/// Fails for the texts that were refused, by name with the message, and are in no group that is not written yet.
fn judge(
    dialect: &str,
    texts: &BTreeMap<String, (&'static Line, String)>,
    refused: &BTreeMap<String, String>,
) {
    let (mut failures, mut unwritten) = (String::new(), 0);
    for (name, message) in refused {
        let (line, sql) = &texts[name];
        if differences::is_unwritten(&line.group, dialect) && core::wanted().is_none() {
            unwritten += 1;
            continue;
        }
        let _ = writeln!(failures, "{name}: {}\n{sql}\n{message}\n", line.source);
    }
    let _ = writeln!(
        std::io::stderr(),
        "{dialect}: {} texts parsed ({unwritten} of groups not written yet are refused)",
        texts.len()
    );
    assert!(failures.is_empty(), "the parser refuses these texts for {dialect}:\n\n{failures}");
}

/// What ScriptDom says to the texts that it does not take.
fn script_dom(program: &Path, texts: &BTreeMap<String, (&'static Line, String)>) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, (_, sql)) in texts {
        fs::write(folder.path().join(format!("{name}.sql")), sql).unwrap();
    }
    let (_, said) =
        run(Command::new(program).args(["--parser-version", "2022", "--check"]).arg(folder.path()));
    let mut refused = BTreeMap::new();
    for line in said.lines().filter(|line| line.contains("could not be parsed")) {
        let (before, message) = line.split_once(".sql: ").unwrap();
        let name = before.rsplit(['/', ' ']).next().unwrap();
        refused.insert(name.to_owned(), message.to_owned());
    }
    refused
}

/// What the grammar says to the texts that it does not take.
fn plsql(modules: &Path, texts: &BTreeMap<String, (&'static Line, String)>) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let (script, file) = (folder.path().join("plsql.js"), folder.path().join("texts"));
    fs::write(&script, include_str!("plsql.js")).unwrap();
    let lines: Vec<String> =
        texts.iter().map(|(name, (_, sql))| json!({"name": name, "sql": sql}).to_string()).collect();
    fs::write(&file, lines.join("\n")).unwrap();
    let (output, said) = run(Command::new("node").arg(&script).arg(modules).arg(&file));
    assert!(output.status.success(), "{said}");
    let mut refused = BTreeMap::new();
    for line in said.lines().filter(|line| line.starts_with('{')) {
        let line: BTreeMap<String, String> = serde_json::from_str(line).unwrap();
        refused.insert(line["name"].clone(), line["message"].clone());
    }
    refused
}

/// Texts that no database takes, to see that a parser is at work.
fn wrong() -> BTreeMap<String, (&'static Line, String)> {
    let wrong = ["SELECT a FROM t WHERE", "SELECT FROM WHERE", "CREATE TABLE (a b c)"];
    let texts = wrong
        .iter()
        .enumerate()
        .map(|(i, sql)| (format!("wrong.{i}"), (&core::lines()[0], (*sql).to_owned())));
    texts.collect()
}

#[test]
fn script_dom_takes_every_t_sql_text() {
    let Some(program) = tool("maxdop-0.1.3/bin/maxdop", "the T-SQL texts of the corpus") else { return };
    assert_eq!(script_dom(&program, &wrong()).len(), 3);
    let mut texts = texts("mssql");
    add_merges("mssql", &mut texts);
    judge("mssql", &texts, &script_dom(&program, &texts));
}

#[test]
fn the_grammar_takes_every_oracle_text() {
    let Some(modules) = tool("plsql-1.1.0/node_modules", "the Oracle texts of the corpus") else { return };
    assert_eq!(plsql(&modules, &wrong()).len(), 3);
    let mut texts = texts("oracle");
    add_merges("oracle", &mut texts);
    let mut refused = plsql(&modules, &texts);
    for line in
        include_str!("plsql_gaps.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (name, _) =
            line.split_once(" · ").unwrap_or_else(|| panic!("a gap is `name · part`, not {line:?}"));
        let here = texts.keys().any(|text| text.starts_with(&format!("{name}.")));
        let was = refused.len();
        refused.retain(|text, _| !text.starts_with(&format!("{name}.")));
        assert!(!here || refused.len() < was, "the grammar takes {name}: take it from plsql_gaps.txt");
    }
    judge("oracle", &texts, &refused);
}
