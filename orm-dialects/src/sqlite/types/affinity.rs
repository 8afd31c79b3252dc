//! What SQLite makes of a text in a column whose declared type it takes for numbers.

/// Whether a column that is declared so turns a text that reads as a number into one.
pub(super) fn is_number(declared: &str) -> bool {
    let name = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // SQLite's own rules, in their order.
    if has(&["INT"]) {
        return true;
    }
    !has(&["CHAR", "CLOB", "TEXT", "BLOB"]) && !name.trim().is_empty()
}

/// Whether SQLite reads the text as a number.
pub(super) fn reads_as_number(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    text.contains(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affinities() {
        for declared in ["UUID", "money", "NUMERIC(1)", "POINT", "CHARINT", "INTERVAL", "REAL"] {
            assert!(is_number(declared), "{declared}");
        }
        for declared in ["", " ", "CHARACTER", "xml_text", "GEOMETRY BLOB"] {
            assert!(!is_number(declared), "{declared}");
        }
    }

    #[test]
    fn numbers() {
        for text in ["1", " 1.50\n", "-.5", "1.", "1e5", "+7", "00012"] {
            assert!(reads_as_number(text), "{text}");
        }
        for text in ["", "inf", "NaN", "0x10", "1 2", "1e", "-", ".", "one"] {
            assert!(!reads_as_number(text), "{text}");
        }
    }
}
