//! SQL text cut into words, for those who must not look into quotes and comments.

/// A piece of SQL text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A keyword, or an identifier without quotes.
    Word(&'a str),
    /// An identifier between double quotes, with them.
    Quoted(&'a str),
    /// A text between quotes or dollars, with them and whatever stands before the first.
    Text(&'a str),
    /// A number.
    Number(&'a str),
    /// `$1`
    Placeholder(&'a str),
    /// An operator.
    Operator(&'a str),
    /// One of `( ) [ ] , ; . :`, or a sign that SQL does not know.
    Sign(&'a str),
    /// A comment; `open` where what follows would belong to it.
    Comment {
        /// Whether the text ends in it.
        open: bool,
    },
}

/// The pieces of a text, without the spaces between them.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Lexer { rest: sql }
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.rest = self.rest.trim_start();
        let (length, make) = token(self.rest)?;
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(match make {
            Kind::Word => Token::Word(text),
            Kind::Quoted => Token::Quoted(text),
            Kind::Text => Token::Text(text),
            Kind::Number => Token::Number(text),
            Kind::Placeholder => Token::Placeholder(text),
            Kind::Operator => Token::Operator(text),
            Kind::Sign => Token::Sign(text),
            Kind::Comment { open } => Token::Comment { open },
        })
    }
}

enum Kind {
    Word,
    Quoted,
    Text,
    Number,
    Placeholder,
    Operator,
    Sign,
    Comment { open: bool },
}

/// The length in bytes of the first token, and what it is.
fn token(sql: &str) -> Option<(usize, Kind)> {
    let bytes = sql.as_bytes();
    let second = bytes.get(1).copied();
    Some(match *bytes.first()? {
        b'\'' => (quoted(bytes, 0, false), Kind::Text),
        b'e' | b'E' if second == Some(b'\'') => (quoted(bytes, 1, true), Kind::Text),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if second == Some(b'\'') => {
            (quoted(bytes, 1, false), Kind::Text)
        }
        b'u' | b'U' if bytes[1..].starts_with(b"&'") => (quoted(bytes, 2, false), Kind::Text),
        b'u' | b'U' if bytes[1..].starts_with(b"&\"") => (quoted(bytes, 2, false), Kind::Quoted),
        b'"' => (quoted(bytes, 0, false), Kind::Quoted),
        b'-' if second == Some(b'-') => match sql.find('\n') {
            Some(end) => (end, Kind::Comment { open: false }),
            None => (sql.len(), Kind::Comment { open: true }),
        },
        b'/' if second == Some(b'*') => match comment(bytes) {
            Some(end) => (end, Kind::Comment { open: false }),
            None => (sql.len(), Kind::Comment { open: true }),
        },
        b'$' if second.is_some_and(|b| b.is_ascii_digit()) => {
            (1 + count(&bytes[1..], |b| b.is_ascii_digit()), Kind::Placeholder)
        }
        b'$' => match dollars(sql) {
            Some(end) => (end, Kind::Text),
            None => (1, Kind::Sign),
        },
        b if b.is_ascii_digit() || (b == b'.' && second.is_some_and(|b| b.is_ascii_digit())) => {
            (number(bytes), Kind::Number)
        }
        b if is_word(b) => (count(bytes, |b| is_word(b) || b == b'$' || b.is_ascii_digit()), Kind::Word),
        b if is_operator(b) => (operator(bytes), Kind::Operator),
        _ => (sql.chars().next()?.len_utf8(), Kind::Sign),
    })
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || !b.is_ascii()
}

fn is_operator(b: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&b)
}

fn count(bytes: &[u8], is_part: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|b| !is_part(*b)).unwrap_or(bytes.len())
}

/// An operator ends before a comment, and before a sign behind itself: `=-1` is two of them.
fn operator(bytes: &[u8]) -> usize {
    let mut length = count(bytes, is_operator);
    for pair in [b"--", b"/*"] {
        if let Some(at) = bytes[..length].windows(2).position(|window| window == pair) {
            length = length.min(at.max(1));
        }
    }
    let may_end_in_sign = bytes[..length].iter().any(|b| b"~!@#%^&|`?".contains(b));
    while length > 1 && !may_end_in_sign && matches!(bytes[length - 1], b'+' | b'-') {
        length -= 1;
    }
    length
}

/// The length up to and with the closing quote; `start` is where the opening one stands.
fn quoted(bytes: &[u8], start: usize, backslashes: bool) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(b) = bytes.get(at) {
        match *b {
            b'\\' if backslashes => at += 2,
            b if b == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            b if b == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Comments nest.
fn comment(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// `$tag$ … $tag$`
fn dollars(sql: &str) -> Option<usize> {
    let tag = 1 + count(&sql.as_bytes()[1..], |b| is_word(b) || b.is_ascii_digit());
    if sql.as_bytes().get(tag) != Some(&b'$') {
        return None;
    }
    let fence = &sql[..=tag];
    Some(sql[fence.len()..].find(fence).map_or(sql.len(), |end| end + 2 * fence.len()))
}

fn number(bytes: &[u8]) -> usize {
    let mut length = count(bytes, |b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_');
    if bytes[length - 1].eq_ignore_ascii_case(&b'e') && matches!(bytes.get(length), Some(b'+' | b'-')) {
        length += 1 + count(&bytes[length + 1..], |b| b.is_ascii_digit());
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &[Token<'_>]) {
        assert_eq!(Lexer::new(sql).collect::<Vec<_>>(), expected, "{sql}");
    }

    #[test]
    fn tokens() {
        use Token::*;
        check(
            "a.b1$ = $12 || 'it''s'::text",
            &[
                Word("a"),
                Sign("."),
                Word("b1$"),
                Operator("="),
                Placeholder("$12"),
                Operator("||"),
                Text("'it''s'"),
                Sign(":"),
                Sign(":"),
                Word("text"),
            ],
        );
        check("E'a\\'$1' x\"$1\"", &[Text("E'a\\'$1'"), Word("x"), Quoted("\"$1\"")]);
        check("$$ $1 $$ $a$ $$ $a$ $b", &[Text("$$ $1 $$"), Text("$a$ $$ $a$"), Sign("$"), Word("b")]);
        check(
            "/* a /* $1 */ */ 1 -- $2\n2",
            &[Comment { open: false }, Number("1"), Comment { open: false }, Number("2")],
        );
        check(
            "1.5e-3 a<=-1 b@-1",
            &[
                Number("1.5e-3"),
                Word("a"),
                Operator("<="),
                Operator("-"),
                Number("1"),
                Word("b"),
                Operator("@-"),
                Number("1"),
            ],
        );
        check("-- open", &[Comment { open: true }]);
        check("/* open", &[Comment { open: true }]);
    }

    #[test]
    fn nothing_that_is_cut_off_panics() {
        for sql in ["'", "E'\\", "\"", "$a$ b", "$", "U&'", "1e", "/*/", "é'é", "b'", "é$1", "x/*é"] {
            assert!(Lexer::new(sql).count() > 0, "{sql}");
        }
    }
}
