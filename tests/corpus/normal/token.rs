//! The pieces of a text.

use std::fmt;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or a word of SQL, without quotes.
    Word(String),
    /// A name that was quoted, without its quotes.
    Quoted(String),
    /// A number or a text, as it stands.
    Literal(String),
    /// A placeholder, and which of the binds it is.
    Bind(usize),
    /// An operator, a comma, a parenthesis.
    Sign(String),
    /// A comment, as it stands: hints are comments.
    Comment(String),
}

impl Token {
    /// Whether it is this word or sign, as it stands.
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self, Token::Word(t) | Token::Sign(t) if t == text)
    }

    /// Whether it is this name, quoted or not.
    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self, Token::Word(t) | Token::Quoted(t) if t == name)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Word(text) | Token::Literal(text) | Token::Sign(text) | Token::Comment(text) => {
                f.write_str(text)
            }
            Token::Quoted(name) => write!(f, "\"{name}\""),
            Token::Bind(_) => f.write_str("?"),
        }
    }
}

/// Signs of more than one character, longer ones first.
const SIGNS: &[&str] = &[
    "!~~*", "->>", "#>>", "!~*", "!~~", "<=>", "-|-", "~~*", "->", "#>", "#-", "@>", "<@", "||", "!=", "<>",
    "<=", ">=", "<<", ">>", "&&", "&<", "&>", "~*", "!~", "~~", "@@", "@?", "::", ":=", "=>", "?|", "?&",
];

/// The pieces of a text, in a dialect.
pub(crate) fn tokens(sql: &str, dialect: &str) -> Vec<Token> {
    let mut list = Vec::new();
    let mut binds = 0;
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            c if c.is_whitespace() => {
                rest = &rest[c.len_utf8()..];
                continue;
            }
            '\'' => text(rest, 0),
            '"' | '`' => quoted(rest, c),
            '[' if dialect == "mssql" => quoted(rest, ']'),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            c if c.is_ascii_digit() => number(rest),
            // N'…', E'…', X'…'
            c if c.is_ascii_alphabetic() && rest[1..].starts_with('\'') => text(rest, 1),
            c if c.is_alphabetic() || c == '_' => word(rest),
            '$' | ':' | '@' if numbered(rest, dialect).is_some() => numbered(rest, dialect).unwrap_or(1),
            '?' if dialect != "postgresql" => 1,
            _ => SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or(c.len_utf8(), |sign| sign.len()),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        list.push(match c {
            '"' | '`' => Token::Quoted(unquoted(piece, c)),
            '[' if length > 1 => Token::Quoted(unquoted(piece, ']')),
            '-' if piece.starts_with("--") => Token::Comment(piece.trim_end().to_owned()),
            '/' if piece.starts_with("/*") => Token::Comment(piece.to_owned()),
            '?' if length == 1 && dialect != "postgresql" => {
                binds += 1;
                Token::Bind(binds - 1)
            }
            '$' | ':' | '@' if length > 1 && piece.ends_with(|c: char| c.is_ascii_digit()) => {
                let digits = piece.trim_start_matches(|c: char| !c.is_ascii_digit());
                Token::Bind(digits.parse::<usize>().unwrap().saturating_sub(1))
            }
            _ if c == '\'' || piece.ends_with('\'') || c.is_ascii_digit() => Token::Literal(piece.to_owned()),
            c if c.is_alphabetic() || c == '_' => Token::Word(piece.to_owned()),
            _ => Token::Sign(if piece == "!=" { "<>".to_owned() } else { piece.to_owned() }),
        });
    }
    list
}

/// The length of a placeholder with a number, in the dialect that has such.
fn numbered(rest: &str, dialect: &str) -> Option<usize> {
    let sign = match dialect {
        "postgresql" => "$",
        "oracle" => ":",
        "mssql" => "@P",
        _ => return None,
    };
    let digits = rest.strip_prefix(sign)?.chars().take_while(char::is_ascii_digit).count();
    (digits > 0).then_some(sign.len() + digits)
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$' && c != '#').unwrap_or(rest.len())
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digits(sign) > sign {
            end = digits(sign);
        }
    }
    end
}

/// The length of `'…'` behind a prefix of so many letters; a doubled quote is one of its characters. (A backslash before a
/// quote, which only E'…' has, the corpus has not.)
fn text(rest: &str, prefix: usize) -> usize {
    prefix + quoted(&rest[prefix..], '\'')
}

fn quoted(rest: &str, close: char) -> usize {
    let mut at = 1;
    while let Some(found) = rest[at..].find(close) {
        at += found + 1;
        if !rest[at..].starts_with(close) {
            return at;
        }
        at += 1;
    }
    rest.len()
}

fn unquoted(piece: &str, close: char) -> String {
    let inner = &piece[1..piece.len().saturating_sub(1).max(1)];
    inner.replace(&format!("{close}{close}"), &close.to_string())
}
