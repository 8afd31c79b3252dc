/// SQL without what does not change its meaning, for comparisons: in lower case, without parentheses, spaces and
/// quoted identifiers' quotes; texts between quotes stay as they are.
///
/// Parentheses do change a meaning, so two texts that differ in them alone are taken as alike; a database that has
/// rewritten an expression leaves no better way.
pub fn normalized_sql(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut is_apart = false;
    while let Some(c) = rest.next() {
        match c {
            '\'' => {
                out.push(c);
                while let Some(inner) = rest.next() {
                    out.push(inner);
                    if inner == '\'' {
                        if rest.peek() != Some(&'\'') {
                            break;
                        }
                        out.extend(rest.next());
                    }
                }
            }
            '"' | '`' => {}
            c if c.is_whitespace() || matches!(c, '(' | ')') => is_apart = true,
            c => {
                // Two words that something stood between.
                if is_apart && is_word(c) && out.ends_with(is_word) {
                    out.push(' ');
                }
                is_apart = false;
                out.extend(c.to_lowercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::normalized_sql;

    #[test]
    fn what_does_not_count_is_left_out() {
        assert_eq!(normalized_sql("((`Age` >  0)  AND \"x\" = 'A ''(b)')"), "age>0 and x='A ''(b)'");
        assert_eq!(normalized_sql("a  in\n(1, 2)"), "a in 1,2");
        assert_eq!(normalized_sql("a IN(1,2)"), "a in 1,2");
    }
}
