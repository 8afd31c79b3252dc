use orm_query::tree::Custom;

use super::{Level, Result, Syntax, Writer, invalid, operand};

/// `left operator right`, for an operator of the user's own.
///
/// # Errors
/// Where the operator is not made of words, or of the characters of operators; where an operand cannot be said.
pub fn custom<S: Syntax + ?Sized>(s: &S, w: &mut Writer, e: &Custom) -> Result {
    if !is_operator(&e.operator) {
        return Err(invalid(format!(
            "`{}` is no operator: it is made of words, or of the characters `+-*/<>=~!@#%^&|?:`, and begins no comment",
            e.operator.escape_debug()
        )));
    }
    operand(s, w, &e.left, Level::Unary)?;
    w.push(" ");
    // A character of it may be a placeholder to the database.
    s.raw(w, &e.operator)?;
    w.push(" ");
    operand(s, w, &e.right, Level::Unary)
}

fn is_operator(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_symbol = text.chars().all(|c| "+-*/<>=~!@#%^&|?:".contains(c))
        && !["--", "/*", "*/"].iter().any(|comment| text.contains(comment))
        // A comment to MySQL.
        && !text.starts_with('#');
    !text.is_empty() && (is_symbol || text.split(' ').all(is_word))
}

#[test]
fn nothing_breaks_out() {
    for operator in ["@@", "AT TIME ZONE", "->>", "?|", "!~*", "SOUNDS LIKE", "<->"] {
        assert!(is_operator(operator), "{operator}");
    }
    for text in
        ["", " ", "a  b", "--", "+ 1 --", "/*", "a;b", "a'b", "(", "= ANY(", "1", "#", "a\nb", "$1", "é"]
    {
        assert!(!is_operator(text), "{text}");
    }
}
