//! SQL that the server has rewritten, in a form for comparisons.

/// SQL in which what MySQL and MariaDB write otherwise than the user is alike: in lower case, without parentheses, spaces and
/// quotes of identifiers, with one name for each function and operator that has several. Texts stay as they are.
pub(super) fn normalized(sql: &str) -> String {
    // OceanBase writes what a LIKE without an escape means.
    let sql = &sql.replace(" escape ''", "");
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql.as_str();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => {
                let length = quoted(rest, first);
                out.push_str(&rest[..length]);
                length
            }
            '`' | '"' => {
                let length = quoted(rest, first);
                push_word(&mut out, rest[..length].trim_matches(first));
                length
            }
            c if c.is_ascii_digit() => {
                let length = length(rest, |c| c.is_ascii_alphanumeric() || c == '.');
                push_word(&mut out, number(&rest[..length]));
                length
            }
            c if is_word(c) => {
                let length = length(rest, is_word);
                let (word, tail) = rest.split_at(length);
                rest = self::word(&mut out, word, tail);
                continue;
            }
            _ => operator(&mut out, rest, first),
        };
        rest = &rest[length..];
    }
    out
}

/// Writes the sign at the start of `rest`, and gives its length.
fn operator(out: &mut String, rest: &str, first: char) -> usize {
    // `a || b` reads as `a, b` here, and so does `concat(a, b)`.
    let signs = [("!=", "<>"), ("||", ","), ("&&", " and")];
    if let Some((_, same)) = signs.iter().find(|(sign, _)| rest.starts_with(sign)) {
        out.push_str(same);
        return 2;
    }
    if !(first.is_whitespace() || matches!(first, '(' | ')')) {
        out.push(first);
    }
    first.len_utf8()
}

/// Writes the word by its one name, and gives what is left to be read.
fn word<'s>(out: &mut String, word: &str, tail: &'s str) -> &'s str {
    let lower = word.to_ascii_lowercase();
    // The character set before a text is the connection's.
    if lower.starts_with('_') && tail.starts_with('\'') {
        return tail;
    }
    let name = match lower.as_str() {
        "now" | "current_timestamp" | "localtimestamp" | "utc_timestamp" => "current_timestamp",
        "curdate" | "current_date" => "current_date",
        "curtime" | "current_time" => "current_time",
        "true" => "1",
        "false" => "0",
        "lcase" => "lower",
        "ucase" => "upper",
        "character_length" => "char_length",
        "octet_length" => "length",
        "substring" | "mid" => "substr",
        "pow" => "power",
        "rlike" => "regexp",
        "concat" if tail.starts_with('(') => return tail,
        "mod" => {
            out.push('%');
            return tail;
        }
        _ => &lower,
    };
    push_word(out, name);
    // The digits of a clock's seconds are the column's.
    if name.starts_with("current_")
        && let Some(arguments) = tail.strip_prefix('(')
        && let Some(end) = arguments.find(')')
        && arguments[..end].bytes().all(|b| b.is_ascii_digit())
    {
        return &arguments[end + 1..];
    }
    // `char charset utf8mb4`, as MariaDB has it in CAST.
    tail.trim_start().strip_prefix("charset utf8mb4").filter(|_| name == "char").unwrap_or(tail)
}

/// Writes a word, apart from the one before.
fn push_word(out: &mut String, word: &str) {
    if out.ends_with(is_word) {
        out.push(' ');
    }
    out.push_str(&word.to_lowercase());
}

/// The number without zeros behind its point that say nothing.
fn number(text: &str) -> &str {
    match text.split_once('.') {
        Some((_, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => {
            text.trim_end_matches('0').trim_end_matches('.')
        }
        _ => text,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn length(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// The length up to and with the closing quote; a doubled quote reads as two texts side by side.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}
