//! Expressions as the server tells them, made such that they can be sent again.

/// An expression with its texts in standard quotes: the server tells them with backslashes, which are characters like any
/// other on orm's connections.
///
/// MySQL tells some expressions inside of a text of their own, and puts a character set before each text.
pub(super) fn standard(sql: &str) -> String {
    if is_escaped_as_a_whole(sql) {
        return standard(&unescaped(sql));
    }
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        match first {
            '\'' => {
                let (text, length) = text(rest);
                without_introducer(&mut out);
                out.push_str(&literal(&text));
                rest = &rest[length..];
            }
            '`' | '"' => {
                let length = rest[1..].find(first).map_or(rest.len(), |end| end + 2);
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
            _ => {
                let length = first.len_utf8();
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    out
}

/// `'text'` with doubled quotes.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The values between the parentheses of `enum('a','b')`.
pub(super) fn values(sql: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = sql;
    while let Some(start) = rest.find('\'') {
        let (value, length) = text(&rest[start..]);
        values.push(value);
        rest = &rest[start + length..];
    }
    values
}

/// Whether the first quote outside of an identifier has a backslash before it.
fn is_escaped_as_a_whole(sql: &str) -> bool {
    let mut in_identifier = false;
    let mut before = ' ';
    for c in sql.chars() {
        match c {
            '`' => in_identifier = !in_identifier,
            '\'' if !in_identifier => return before == '\\',
            _ => {}
        }
        before = c;
    }
    false
}

/// The text that starts with a quote, and how long it is with both its quotes.
fn text(sql: &str) -> (String, usize) {
    let mut chars = sql.char_indices().skip(1).peekable();
    let mut end = sql.len();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => _ = chars.next(),
            '\'' if chars.peek().is_some_and(|(_, next)| *next == '\'') => _ = chars.next(),
            '\'' => {
                end = at + 1;
                break;
            }
            _ => {}
        }
    }
    let inner = sql[..end].strip_prefix('\'').unwrap_or(sql);
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    (unescaped(&inner.replace("''", "'")), end)
}

/// The characters that a text with backslashes means.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let escaped = if c == '\\' { chars.next() } else { None };
        out.push(match escaped {
            None => c,
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('b') => '\u{8}',
            Some('0') => '\0',
            Some('Z') => '\u{1a}',
            Some(other) => other,
        });
    }
    out
}

/// Takes back the `_utf8mb4` before a text; that of bytes says what they are, and stays.
fn without_introducer(out: &mut String) {
    let start = out.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    let word = &out[start..];
    if word.starts_with("_utf8") || word.starts_with("_latin1") || word.starts_with("_ascii") {
        out.truncate(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_in_standard_quotes() {
        for (told, sql) in [
            ("`a` > 0", "`a` > 0"),
            (r"'a\\b'", r"'a\b'"),
            ("'it''s'", "'it''s'"),
            (r"concat('it\'s\\','x')", r"concat('it''s\','x')"),
            (r"`it's` <> 'x\ny'", "`it's` <> 'x\ny'"),
            (r"(`a` in (_utf8mb4\'x\',_utf8mb4\'it\\\'s\'))", "(`a` in ('x','it''s'))"),
            ("(`a` <> _utf8mb4'')", "(`a` <> '')"),
            ("_binary'x'", "_binary'x'"),
            (r"'", "''"),
            (r"'\", r"'\'"),
            ("b'101'", "b'101'"),
        ] {
            assert_eq!(standard(told), sql, "{told}");
        }
    }

    #[test]
    fn values_of_an_enum() {
        assert_eq!(values(r"enum('a','it''s','b\\','x,y)','')"), ["a", "it's", r"b\", "x,y)", ""]);
        assert!(values("enum()").is_empty());
    }
}
