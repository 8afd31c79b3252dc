//! A look over SQL of the user's own: what stands outside of quotes and comments.

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scan {
    /// The number of `?`.
    pub(super) placeholders: usize,
    /// The text ends in a comment, which would swallow what comes next.
    pub(super) open_comment: bool,
}

/// Looks over `sql`, in which a backslash is a character like any other.
pub(super) fn scan(sql: &str) -> Scan {
    let mut found = Scan::default();
    let mut rest = sql.as_bytes();
    while let [first, tail @ ..] = rest {
        let length = match first {
            b'\'' | b'"' | b'`' => quoted(rest, *first),
            b'#' => line(rest, &mut found),
            // `a--b` is `a - -b`.
            b'-' if matches!(tail, [b'-'] | [b'-', 0..=b' ', ..]) => line(rest, &mut found),
            // What stands in `/*! … */` runs.
            b'/' if matches!(tail, [b'*', b'!', ..] | [b'*', b'M', b'!', ..]) => 2,
            b'/' if tail.first() == Some(&b'*') => {
                match rest[2..].windows(2).position(|pair| pair == b"*/") {
                    Some(end) => end + 4,
                    None => {
                        found.open_comment = true;
                        rest.len()
                    }
                }
            }
            b'?' => {
                found.placeholders += 1;
                1
            }
            _ => 1,
        };
        rest = &rest[length..];
    }
    found
}

/// The length up to and with the closing quote; a doubled quote reads as two texts side by side.
fn quoted(text: &[u8], quote: u8) -> usize {
    text.iter().skip(1).position(|b| *b == quote).map_or(text.len(), |end| end + 2)
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
        ("a = ? AND b IN (?,?)", 3, false),
        (r#"a = '?' AND b = "?" AND c = `?`"#, 0, false),
        (r"a = 'it''s ?\' AND b = ?", 1, false),
        ("-- ?\n ? /* ? */ ? # ?", 2, true),
        ("a --? b", 1, false),
        ("a --", 0, true),
        ("/*! ? */ /*M! ? */", 2, false),
        ("/* ?", 0, true),
        ("'?", 0, false),
        ("é? 'ü?'", 1, false),
    ] {
        assert_eq!(scan(sql), Scan { placeholders, open_comment }, "{sql}");
    }
}
