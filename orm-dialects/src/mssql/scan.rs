//! A look over SQL of the user's own: what stands outside of quotes and comments.

/// What was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Scan {
    /// The number of `?` and of `@P1`.
    pub(super) placeholders: usize,
    /// The text ends in a comment, which would swallow what comes next.
    pub(super) open_comment: bool,
    /// So many comments of several lines are open at the end.
    pub(super) depth: usize,
}

/// Looks over `sql`.
pub(super) fn scan(sql: &str) -> Scan {
    let mut found = Scan::default();
    let mut rest = sql.as_bytes();
    while let [first, tail @ ..] = rest {
        let length = match (first, tail) {
            (b'\'', _) => quoted(rest, b'\''),
            (b'"', _) => quoted(rest, b'"'),
            (b'[', _) => bracketed(rest),
            (b'-', [b'-', ..]) => rest.iter().position(|b| *b == b'\n').unwrap_or_else(|| {
                found.open_comment = true;
                rest.len()
            }),
            (b'/', [b'*', ..]) => comment(rest, &mut found),
            (b'?', _) => {
                found.placeholders += 1;
                1
            }
            (b'@', [b'p' | b'P', digit, ..]) if digit.is_ascii_digit() => {
                found.placeholders += 1;
                2
            }
            // A variable of the system.
            (b'@', [b'@', ..]) => 2,
            _ => 1,
        };
        rest = &rest[length..];
    }
    found
}

/// The length up to and with the closing quote; a doubled quote reads as two texts side by side.
fn quoted(text: &[u8], close: u8) -> usize {
    text.iter().skip(1).position(|b| *b == close).map_or(text.len(), |end| end + 2)
}

/// The length up to and with the closing bracket, which is none where it is doubled.
fn bracketed(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match &text[at..] {
            [b']', b']', ..] => at += 2,
            [b']', ..] => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of a comment, which may hold others.
fn comment(text: &[u8], found: &mut Scan) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < text.len() {
        match &text[at..at + 2] {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    found.depth = depth;
    text.len()
}

#[test]
fn placeholders_are_counted_outside_of_quotes_and_comments() {
    for (sql, placeholders, open_comment, depth) in [
        ("", 0, false, 0),
        ("a = ? AND b IN (@P1,@p2)", 3, false, 0),
        (r#"a = '?' AND b = "@P1" AND c = [?]]@P2]"#, 0, false, 0),
        ("a = 'it''s ?' AND b = @P1", 1, false, 0),
        ("-- ?\n ? /* ? /* ? */ ? */ ? -- ?", 2, true, 0),
        ("@@P1 @price @p", 0, false, 0),
        ("/* /* */ ?", 0, false, 1),
        ("'?", 0, false, 0),
        ("é? 'ü?'", 1, false, 0),
    ] {
        assert_eq!(scan(sql), Scan { placeholders, open_comment, depth }, "{sql}");
    }
}
