//! Needless parentheses: those around what the signs beside them would not tear apart in any database.
//!
//! From the loosest: OR, AND, NOT, comparisons, all other operators, `+ -`, `* / %`, a sign before an operand. Of the other
//! operators (`||`, `->`, `&`, COLLATE) only this is the same everywhere: that they bind closer than comparisons. Beside
//! arithmetic or each other their parentheses stay.

use super::Token;
use super::{KEYWORDS, RESERVED};

/// How close an operator binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Or,
    And,
    Not,
    Comparison,
    Other,
    Sum,
    Product,
    Sign,
    /// No operator at all.
    Operand,
}

/// What stands beside a pair.
#[derive(Debug, Clone, Copy)]
enum Side {
    /// A place where any expression may stand.
    Open,
    Operator(Class),
    /// The pair belongs to what stands there: a call, a list, a subquery.
    Bound,
}

/// Removes them, until none is left.
pub(super) fn remove(list: &mut Vec<Token>) {
    let is_index = list.iter().take(4).any(|t| t.is("INDEX")) && list.first().is_some_and(|t| t.is("CREATE"));
    // There they part columns from expressions.
    if is_index {
        return;
    }
    while let Some((open, close)) = pairs(list).into_iter().find(|&pair| is_needless(list, pair)) {
        list.remove(close);
        list.remove(open);
    }
}

fn pairs(list: &[Token]) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    for (i, token) in list.iter().enumerate() {
        if token.is("(") {
            open.push(i);
        } else if token.is(")")
            && let Some(start) = open.pop()
        {
            pairs.push((start, i));
        }
    }
    pairs
}

fn is_needless(list: &[Token], (open, close): (usize, usize)) -> bool {
    let Some(inside) = loosest(list, open + 1, close) else { return false };
    if is_row(list, open) {
        return false;
    }
    let fits = |side: Side, also: &[Class]| match side {
        Side::Open => true,
        Side::Bound => false,
        Side::Operator(Class::Other) => inside == Class::Operand,
        Side::Operator(class) => inside > class || (inside == class && also.contains(&class)),
    };
    fits(left(list, open), &[Class::Or, Class::And])
        && fits(right(list, close), &[Class::Or, Class::And, Class::Sum, Class::Product])
}

/// The loosest operator between two places; `None` where that is no expression, or more than one.
fn loosest(list: &[Token], from: usize, to: usize) -> Option<Class> {
    if from == to {
        return None;
    }
    let (mut depth, mut cases, mut loosest) = (0, 0, Class::Operand);
    for i in from..to {
        let token = &list[i];
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth -= 1;
        } else if depth == 0 && token.is("CASE") {
            cases += 1;
        } else if depth == 0 && cases > 0 && token.is("END") {
            cases -= 1;
        } else if depth == 0 && cases == 0 {
            match class(list, i) {
                _ if token.is(",") || matches!(token, Token::Comment(_)) => return None,
                Some(class) => loosest = loosest.min(class),
                None if !is_part(list, i) => return None,
                None => {}
            }
        }
    }
    Some(loosest)
}

/// Whether the token may stand inside of an expression without being an operator.
fn is_part(list: &[Token], i: usize) -> bool {
    let Token::Word(word) = &list[i] else {
        return !list[i].is(";");
    };
    let before = |text: &str| i > 0 && list[i - 1].is(text);
    let calls = list.get(i + 1).is_some_and(|t| t.is("("));
    match word.as_str() {
        "NULL" | "TRUE" | "FALSE" | "CURRENT_DATE" | "CURRENT_TIME" | "CURRENT_TIMESTAMP" | "UNKNOWN" => true,
        "EXISTS" | "ANY" | "ALL" | "SOME" | "CAST" | "EXTRACT" | "OVER" | "FILTER" | "REPLACE" | "ROW"
        | "LEFT" | "RIGHT" | "ARRAY" | "IF" => calls || word == "ARRAY",
        "DISTINCT" => before("IS") || before("NOT"),
        "FROM" => before("DISTINCT"),
        "WITHIN" => true,
        "GROUP" => before("WITHIN"),
        // A column that is called like a keyword stands behind a point.
        other => {
            let lower = other.to_ascii_lowercase();
            before(".") || !(RESERVED.contains(&lower.as_str()) || KEYWORDS.contains(&lower.as_str()))
        }
    }
}

/// The class of an operator; `None` for what is none.
fn class(list: &[Token], i: usize) -> Option<Class> {
    let behind_operand = i > 0 && ends_operand(list, i - 1);
    let sign = |prefix: Class, between: Class| if behind_operand { between } else { prefix };
    match &list[i] {
        Token::Word(word) => match word.as_str() {
            "OR" => Some(Class::Or),
            "AND" if is_of_between(list, i) => Some(Class::Comparison),
            "AND" => Some(Class::And),
            "NOT" => Some(sign(Class::Not, Class::Comparison)),
            "IS" | "IN" | "LIKE" | "ILIKE" | "BETWEEN" | "REGEXP" | "RLIKE" | "ESCAPE" | "MATCH"
            | "OVERLAPS" => Some(Class::Comparison),
            "COLLATE" | "AT" => Some(Class::Other),
            "div" | "mod" | "DIV" | "MOD" if behind_operand => Some(Class::Product),
            _ => None,
        },
        Token::Sign(text) => match text.as_str() {
            "=" | "<>" | "<" | ">" | "<=" | ">=" | "<=>" => Some(Class::Comparison),
            "+" | "-" => Some(sign(Class::Sign, Class::Sum)),
            "*" if !behind_operand => None,
            "*" | "/" | "%" => Some(Class::Product),
            "." | "," | "(" | ")" | "[" | "]" | ";" => None,
            // `::` and `:` among them.
            _ => Some(Class::Other),
        },
        _ => None,
    }
}

/// Whether the AND is that of `BETWEEN … AND …`.
fn is_of_between(list: &[Token], and: usize) -> bool {
    let (mut depth, mut ands) = (0, 0);
    for token in list[..and].iter().rev() {
        if token.is(")") {
            depth += 1;
        } else if token.is("(") {
            depth -= 1;
            if depth < 0 {
                return false;
            }
        } else if depth == 0 && token.is("AND") {
            ands += 1;
        } else if depth == 0 && token.is("BETWEEN") {
            return ands == 0;
        }
    }
    false
}

fn ends_operand(list: &[Token], i: usize) -> bool {
    match &list[i] {
        Token::Word(word) => {
            matches!(
                word.as_str(),
                "END" | "NULL" | "TRUE" | "FALSE" | "CURRENT_DATE" | "CURRENT_TIMESTAMP" | "CURRENT_TIME"
            ) || is_part(list, i) && !matches!(word.as_str(), "DISTINCT" | "FROM")
        }
        Token::Quoted(_) | Token::Literal(_) | Token::Bind(_) => true,
        Token::Sign(text) => matches!(text.as_str(), ")" | "]"),
        Token::Comment(_) => false,
    }
}

fn left(list: &[Token], open: usize) -> Side {
    let Some(i) = open.checked_sub(1) else { return Side::Open };
    let before = |text: &str| i > 0 && list[i - 1].is(text);
    if list[i].is("(") || list[i].is(",") {
        return Side::Open;
    }
    if let Token::Word(word) = &list[i] {
        match word.as_str() {
            "SELECT" | "WHERE" | "HAVING" | "BY" | "WHEN" | "THEN" | "ELSE" | "CASE" | "RETURNING"
            | "LIMIT" | "OFFSET" | "FIRST" | "NEXT" => return Side::Open,
            "ON" if !before("DISTINCT") => return Side::Open,
            "FROM" if before("DISTINCT") => return Side::Operator(Class::Comparison),
            "IN" | "COLLATE" | "AT" => return Side::Bound,
            _ => {}
        }
    }
    match class(list, i) {
        // The pair is a list of types or of bounds there.
        Some(_) if list[i].is("::") || list[i].is(":") => Side::Bound,
        Some(class) => Side::Operator(class),
        None => Side::Bound,
    }
}

fn right(list: &[Token], close: usize) -> Side {
    let i = close + 1;
    let Some(token) = list.get(i) else { return Side::Open };
    if token.is(")") || token.is(",") || token.is(";") || token.is("]") {
        return Side::Open;
    }
    if let Token::Word(word) = token
        && [
            "FROM",
            "AS",
            "THEN",
            "ELSE",
            "END",
            "WHEN",
            "WHERE",
            "ORDER",
            "GROUP",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "FETCH",
            "DESC",
            "ASC",
            "NULLS",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "MINUS",
            "RETURNING",
            "ROWS",
            "ROW",
            "PERCENT",
            "ON",
            "JOIN",
            "LEFT",
            "RIGHT",
            "INNER",
            "FULL",
            "CROSS",
            "FOR",
            "WINDOW",
            "RANGE",
            "GROUPS",
        ]
        .contains(&word.as_str())
    {
        return Side::Open;
    }
    match class(list, i) {
        Some(_) if token.is("::") || token.is(":") => Side::Bound,
        Some(class) => Side::Operator(class),
        None => Side::Bound,
    }
}

/// Whether the pair is a row of VALUES: behind the word itself, or behind another row.
fn is_row(list: &[Token], open: usize) -> bool {
    let mut at = open;
    loop {
        match at.checked_sub(1).map(|i| &list[i]) {
            Some(token) if token.is("VALUES") => return true,
            Some(token) if token.is(",") && at >= 2 && list[at - 2].is(")") => {
                match pairs(list).into_iter().find(|(_, close)| *close == at - 2) {
                    Some((open, _)) => at = open,
                    None => return false,
                }
            }
            _ => return false,
        }
    }
}
