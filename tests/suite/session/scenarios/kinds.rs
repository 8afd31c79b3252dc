//! What of a statement is compared: its verb, its tables, and the columns that it writes.

/// `INSERT address (email, user_id)`, `UPDATE address (user_id)`, `DELETE address`, `SELECT address, user_account`, `COMMIT`.
pub(super) fn kind(sql: &str) -> String {
    let sql = sql.replace('"', "");
    let words: Vec<&str> = sql.split_whitespace().collect();
    match words.as_slice() {
        ["INSERT", "INTO", table, ..] => {
            let columns = between(&sql, "(", ")").unwrap_or_default();
            format!("INSERT {table} ({columns})")
        }
        ["UPDATE", table, "SET", ..] => {
            let set = sql.split_once(" SET ").map_or("", |(_, set)| set);
            let set = [" FROM ", " WHERE ", " RETURNING "]
                .iter()
                .fold(set, |set, end| set.split_once(end).map_or(set, |(set, _)| set));
            let columns: Vec<&str> = assigned(set);
            format!("UPDATE {table} ({})", columns.join(", "))
        }
        ["DELETE", "FROM", table, ..] => format!("DELETE {table}"),
        ["SELECT", ..] => format!("SELECT {}", tables(&words).join(", ")),
        ["ROLLBACK", "TO", ..] => "ROLLBACK TO SAVEPOINT".to_owned(),
        ["RELEASE", ..] => "RELEASE SAVEPOINT".to_owned(),
        [verb, ..] => (*verb).to_owned(),
        [] => String::new(),
    }
}

/// The tables that a SELECT reads, in one order, however they are joined.
fn tables<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let mut tables: Vec<&str> = Vec::new();
    let mut listed = false;
    for pair in words.windows(2) {
        if matches!(pair[0], "FROM" | "JOIN") || listed {
            // What stands in parentheses is a join, or a subquery, whose own FROM comes further on.
            tables.push(pair[1].trim_start_matches('(').trim_end_matches([',', ')']));
            listed = pair[1].ends_with(',');
        }
    }
    tables.retain(|table| *table != "SELECT");
    tables.sort_unstable();
    tables.dedup();
    tables
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inside, _)| inside)
}

/// The columns on the left of `a = …, b = …`, commas inside of parentheses apart.
fn assigned(set: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in set.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&set[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&set[start..]);
    parts.iter().filter_map(|part| part.split_once('=')).map(|(column, _)| column.trim()).collect()
}

/// Neighbours of one kind become one: what is one batch here may be several statements there.
pub(super) fn batched(kinds: &[String]) -> Vec<&str> {
    let mut kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_statement_is_told_by_what_it_writes() {
    for (sql, expected) in [
        ("INSERT INTO a (x, \"y\") VALUES (?, ?) RETURNING id", "INSERT a (x, y)"),
        ("UPDATE a SET x=?, y = upper(?, ?) WHERE a.id = ?", "UPDATE a (x, y)"),
        ("UPDATE a SET x = v.column2 FROM (VALUES (?, ?)) AS v WHERE a.id = v.column1", "UPDATE a (x)"),
        ("DELETE FROM a WHERE a.id = ?", "DELETE a"),
        ("SELECT a.x, b.y FROM a, b WHERE ? = a.id", "SELECT a, b"),
        ("SELECT a.x FROM b AS b_1 JOIN a ON a.id = b_1.a_id", "SELECT a, b"),
        (
            "SELECT n.x FROM (SELECT a.x FROM a) AS n LEFT OUTER JOIN (b AS b_1 JOIN c ON true) ON true",
            "SELECT a, b, c",
        ),
        ("ROLLBACK TO SAVEPOINT sa_savepoint_1", "ROLLBACK TO SAVEPOINT"),
        ("COMMIT", "COMMIT"),
    ] {
        assert_eq!(kind(sql), expected);
    }
}
