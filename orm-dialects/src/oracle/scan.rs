//! A look over SQL of the user's own: what stands outside of quotes and comments.

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scan {
    /// The number of `:name` and `:1`.
    pub(super) placeholders: usize,
    /// The text ends in a comment, which would swallow what comes next.
    pub(super) open_comment: bool,
}

/// Looks over `sql`, in which a backslash is a character like any other.
pub(super) fn scan(sql: &str) -> Scan {
    let mut found = Scan::default();
    let mut rest = sql.as_bytes();
    let mut in_word = false;
    while let [first, tail @ ..] = rest {
        let is_word = first.is_ascii_alphanumeric() || matches!(first, b'_' | b'$' | b'#' | 0x80..);
        let length = match first {
            b'q' | b'Q' if !in_word && matches!(tail, [b'\'', _, ..]) => alternative(rest),
            b'n' | b'N' if !in_word && matches!(tail, [b'q' | b'Q', b'\'', _, ..]) => 1 + alternative(tail),
            b'\'' | b'"' => quoted(rest, *first),
            b'-' if tail.first() == Some(&b'-') => line(rest, &mut found),
            b'/' if tail.first() == Some(&b'*') => {
                match rest[2..].windows(2).position(|pair| pair == b"*/") {
                    Some(end) => end + 4,
                    None => {
                        found.open_comment = true;
                        rest.len()
                    }
                }
            }
            b':' => {
                let name = tail.iter().find(|b| !b.is_ascii_whitespace());
                found.placeholders +=
                    usize::from(name.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'"'));
                1
            }
            _ => 1,
        };
        in_word = is_word && length == 1;
        rest = &rest[length..];
    }
    found
}

/// The length up to and with the closing quote; a doubled quote reads as two texts side by side.
fn quoted(text: &[u8], quote: u8) -> usize {
    text.iter().skip(1).position(|b| *b == quote).map_or(text.len(), |end| end + 2)
}

/// The length of `q'[…]'`, at whose `q` the text starts.
fn alternative(text: &[u8]) -> usize {
    let close = match text[2] {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    };
    text[3..].windows(2).position(|pair| pair == [close, b'\'']).map_or(text.len(), |end| end + 5)
}

/// The length of a comment that ends with its line.
fn line(text: &[u8], found: &mut Scan) -> usize {
    text.iter().position(|b| *b == b'\n').unwrap_or_else(|| {
        found.open_comment = true;
        text.len()
    })
}

#[test]
fn placeholders_are_counted_outside_of_quotes_and_comments() {
    for (sql, placeholders, open_comment) in [
        ("", 0, false),
        ("a = :1 AND b IN (:b, : c)", 3, false),
        (r#"a = ':1' AND b = ":b""#, 0, false),
        (r"a = 'it''s :x\' AND b = :x", 1, false),
        ("-- :1\n :1 /* :1 */ :1 -- :1", 2, true),
        ("a := 1", 0, false),
        ("a = q'[it's :x]' AND b = :x", 1, false),
        ("a = Nq'!it's :x!' AND eq ':x'", 0, false),
        ("q'", 0, false),
        ("q'[:x", 0, false),
        ("/* :x", 0, true),
        ("':x", 0, false),
        ("é:x 'ü:x'", 1, false),
    ] {
        assert_eq!(scan(sql), Scan { placeholders, open_comment }, "{sql}");
    }
}
