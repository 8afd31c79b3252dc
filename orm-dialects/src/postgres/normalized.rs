//! SQL in the form in which PostgreSQL gives it back, or at least alike in both: for comparisons of what was written with
//! what was reflected.
//!
//! Casts and parentheses are left out, since PostgreSQL adds them everywhere; two texts that differ in nothing else are
//! taken as alike.

use super::lexer::{Lexer, Token};

/// A token in one form: lower case, texts without escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Word(String),
    Sign(String),
}

impl Part {
    fn is(&self, what: &str) -> bool {
        match self {
            Part::Word(word) | Part::Sign(word) => word == what,
            Part::Text(_) => false,
        }
    }

    fn is_one_of(&self, list: &[&str]) -> bool {
        list.iter().any(|what| self.is(what))
    }

    fn word(word: &str) -> Self {
        Part::Word(word.to_owned())
    }

    fn sign(sign: &str) -> Self {
        Part::Sign(sign.to_owned())
    }
}

/// The SQL without casts, parentheses and spaces, in PostgreSQL's own operators.
pub(super) fn normalized(sql: &str) -> String {
    let parts = lists(ranges(uncast(parts(sql))));
    let mut out = String::with_capacity(sql.len());
    for part in parts.iter().filter(|part| !part.is_one_of(&["(", ")"])) {
        if !out.is_empty() {
            out.push(' ');
        }
        match part {
            Part::Text(text) => {
                out.push('\'');
                out.push_str(&text.replace('\'', "''"));
                out.push('\'');
            }
            Part::Word(word) | Part::Sign(word) => out.push_str(word),
        }
    }
    out
}

fn parts(sql: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for token in Lexer::new(sql) {
        match token {
            Token::Word(word) => parts.push(Part::Word(word.to_lowercase())),
            Token::Quoted(name) => {
                parts.push(Part::Word(name.trim_matches('"').replace("\"\"", "\"").to_lowercase()));
            }
            Token::Text(text) => parts.push(Part::Text(content(text))),
            Token::Number(number) => parts.push(Part::Word(number.to_lowercase())),
            Token::Placeholder(sign) => parts.push(Part::sign(sign)),
            Token::Operator("!=") => parts.push(Part::sign("<>")),
            Token::Operator("~~") => parts.push(Part::word("like")),
            Token::Operator("!~~") => parts.extend([Part::word("not"), Part::word("like")]),
            Token::Operator("~~*") => parts.push(Part::word("ilike")),
            Token::Operator("!~~*") => parts.extend([Part::word("not"), Part::word("ilike")]),
            Token::Operator(sign) => parts.push(Part::sign(sign)),
            Token::Sign(":") if parts.last().is_some_and(|last| last.is(":")) => {
                parts.pop();
                parts.push(Part::sign("::"));
            }
            // What is found without a schema anyway.
            Token::Sign(".") if parts.last().is_some_and(|last| last.is("pg_catalog")) => {
                parts.pop();
            }
            Token::Sign(")") if is_call_of_now(&parts) => {
                parts.truncate(parts.len() - 2);
                parts.push(Part::word("current_timestamp"));
            }
            Token::Sign(sign) => parts.push(Part::sign(sign)),
            Token::Comment { .. } => {}
        }
    }
    parts
}

fn is_call_of_now(parts: &[Part]) -> bool {
    matches!(parts, [.., name, open] if open.is("(") && name.is_one_of(&["now", "transaction_timestamp"]))
}

/// The characters between the quotes.
fn content(text: &str) -> String {
    let is_escaped = text.starts_with(['e', 'E']);
    let Some((_, rest)) = text.split_once('\'').filter(|_| !text.starts_with('$')) else {
        return text.to_owned();
    };
    let inside = rest.strip_suffix('\'').unwrap_or(rest).replace("''", "'");
    if is_escaped { inside.replace("\\\\", "\\").replace("\\'", "'") } else { inside }
}

/// Where the parenthesis or bracket that opens at `open` closes; the end where it does not.
fn closing(parts: &[Part], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, part) in parts.iter().enumerate().skip(open) {
        if part.is_one_of(&["(", "["]) {
            depth += 1;
        } else if part.is_one_of(&[")", "]"]) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    parts.len()
}

/// Without `::type`, `CAST(… AS type)` and the type before a text; a number's text with a cast is the number.
fn uncast(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    // Where the types in `CAST(… AS type)` begin, and the parentheses at which they end.
    let mut types: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        if part.is("::") {
            let end = type_end(&parts, at + 1);
            if parts[at + 1..end].first().is_some_and(is_numeric) {
                unquote(&mut out);
            }
            at = end;
            continue;
        }
        if part.is("cast") && parts.get(at + 1).is_some_and(|next| next.is("(")) {
            let close = closing(&parts, at + 1);
            if let Some(word) = (at + 2..close).rev().find(|place| parts[*place].is("as")) {
                types.push((word, close));
                at += 1;
                continue;
            }
        }
        if let Some((_, close)) = types.iter().find(|(start, _)| *start == at) {
            if parts.get(at + 1).is_some_and(is_numeric) {
                unquote(&mut out);
            }
            at = *close;
            continue;
        }
        let literals = ["interval", "date", "time", "timestamp", "timestamptz"];
        if part.is_one_of(&literals) && matches!(parts.get(at + 1), Some(Part::Text(_))) {
            at += 1;
            continue;
        }
        out.push(part.clone());
        at += 1;
    }
    out
}

fn is_numeric(name: &Part) -> bool {
    name.is_one_of(&["smallint", "integer", "bigint", "numeric", "real", "double", "int", "decimal"])
}

/// A text of a number at the end becomes the number.
fn unquote(out: &mut Vec<Part>) {
    let at = match &**out {
        [.., Part::Text(_)] => out.len() - 1,
        [.., open, Part::Text(_), close] if open.is("(") && close.is(")") => out.len() - 2,
        _ => return,
    };
    let Part::Text(text) = &out[at] else { return };
    if !text.starts_with(|c: char| c.is_ascii_digit() || "-.".contains(c)) {
        return;
    }
    let number = match text.strip_prefix('-') {
        Some(number) => vec![Part::sign("-"), Part::word(number)],
        None => vec![Part::word(text)],
    };
    out.splice(at..=at, number);
}

/// Where the type that starts at `start` ends.
fn type_end(parts: &[Part], start: usize) -> usize {
    let is = |at: usize, list: &[&str]| parts.get(at).is_some_and(|part| part.is_one_of(list));
    let mut at = start + 1;
    while is(at, &["."]) {
        at += 2;
    }
    while is(at, &["varying", "precision"]) {
        at += 1;
    }
    if is(at, &["("]) {
        at = closing(parts, at) + 1;
    }
    if is(at, &["with", "without"]) && is(at + 1, &["time"]) && is(at + 2, &["zone"]) {
        at += 3;
    }
    while is(at, &["["]) {
        at = closing(parts, at) + 1;
    }
    at.min(parts.len())
}

/// `a BETWEEN b AND c` is `a >= b AND a <= c`.
fn ranges(mut parts: Vec<Part>) -> Vec<Part> {
    let mut from = 0;
    while let Some(at) = (from..parts.len()).find(|at| parts[*at].is("between")) {
        let negated = at > 0 && parts[at - 1].is("not");
        let operand_end = if negated { at - 1 } else { at };
        let operand_start = operand_start(&parts, operand_end);
        let and = until(&parts, at + 1, &["and"]);
        if and == parts.len() || operand_start == operand_end {
            from = at + 1;
            continue;
        }
        let ends = ["and", "or", ",", "then", "when", "else", "end", "=", "<>", "<", ">", "<=", ">=", "is"];
        let end = until(&parts, and + 1, &ends);
        let operand = parts[operand_start..operand_end].to_vec();
        let words = if negated { ("<", "or", ">") } else { (">=", "and", "<=") };
        let mut both = operand.clone();
        both.push(Part::sign(words.0));
        both.extend_from_slice(&parts[at + 1..and]);
        both.push(Part::word(words.1));
        both.extend(operand);
        both.push(Part::sign(words.2));
        both.extend_from_slice(&parts[and + 1..end]);
        from = operand_start;
        parts.splice(operand_start..end, both);
    }
    parts
}

/// Where the operand that ends before `end` starts.
fn operand_start(parts: &[Part], end: usize) -> usize {
    let stops =
        ["and", "or", "not", "when", "then", "else", "case", "where", ",", "=", "<>", "<", ">", "<=", ">="];
    let mut depth = 0_usize;
    for at in (0..end).rev() {
        if parts[at].is_one_of(&[")", "]"]) {
            depth += 1;
        } else if parts[at].is_one_of(&["(", "["]) {
            if depth == 0 {
                return at + 1;
            }
            depth -= 1;
        } else if depth == 0 && parts[at].is_one_of(&stops) {
            return at + 1;
        }
    }
    0
}

/// The first of these outside of parentheses, or the parenthesis around them all.
fn until(parts: &[Part], start: usize, stops: &[&str]) -> usize {
    let mut depth = 0_usize;
    for (at, part) in parts.iter().enumerate().skip(start) {
        if part.is_one_of(&["(", "["]) {
            depth += 1;
        } else if part.is_one_of(&[")", "]"]) {
            if depth == 0 {
                return at;
            }
            depth -= 1;
        } else if depth == 0 && part.is_one_of(stops) {
            return at;
        }
    }
    parts.len()
}

/// `= ANY (ARRAY[a, b])` is `IN (a, b)`, `<> ALL (ARRAY[a, b])` is `NOT IN (a, b)`, and a list of one is a comparison.
fn lists(mut parts: Vec<Part>) -> Vec<Part> {
    let mut at = 0;
    while at + 1 < parts.len() {
        let quantified = [("=", "any"), ("<>", "all")];
        let in_list = parts[at].is("in") && parts[at + 1].is("(");
        if in_list && !parts.get(at + 2).is_some_and(|next| next.is("select")) {
            let close = closing(&parts, at + 1);
            let negated = at > 0 && parts[at - 1].is("not");
            let start = if negated { at - 1 } else { at };
            let operator = list_operator(&parts, at + 1, close, negated);
            let next = start + operator.len();
            parts.splice(start..=at, operator);
            at = next;
        } else if quantified.iter().any(|(sign, word)| parts[at].is(sign) && parts[at + 1].is(word)) {
            let array = (at + 2..parts.len()).find(|place| !parts[*place].is("(")).unwrap_or(parts.len());
            let is_array = parts.get(array).is_some_and(|part| part.is("array"))
                && parts.get(array + 1).is_some_and(|part| part.is("["));
            if is_array {
                let close = closing(&parts, array + 1);
                let operator = list_operator(&parts, array + 1, close, parts[at].is("<>"));
                if close < parts.len() {
                    parts.remove(close);
                }
                parts.splice(at..array + 2, operator);
            }
            at += 1;
        } else {
            at += 1;
        }
    }
    parts
}

/// The operator before a list between two parentheses or brackets.
fn list_operator(parts: &[Part], open: usize, close: usize, negated: bool) -> Vec<Part> {
    let several = until(&parts[..close], open + 1, &[","]) < close;
    match (several, negated) {
        (true, false) => vec![Part::word("in")],
        (true, true) => vec![Part::word("not"), Part::word("in")],
        (false, false) => vec![Part::sign("=")],
        (false, true) => vec![Part::sign("<>")],
    }
}
