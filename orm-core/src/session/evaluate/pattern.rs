use super::{Evaluated, refuse};

/// A pattern of LIKE.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// `%`
    Any,
    /// `_`
    One,
    /// Itself.
    Char(char),
}

impl Pattern {
    /// # Errors
    /// Where it ends with its escape, which databases understand differently.
    pub(super) fn new(pattern: &str, escape: Option<char>) -> Evaluated<Self> {
        let mut pieces = Vec::with_capacity(pattern.len());
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            pieces.push(match c {
                c if Some(c) == escape => match chars.next() {
                    Some(c) => Piece::Char(c),
                    None => return refuse("a pattern of LIKE that ends with its escape"),
                },
                '%' => Piece::Any,
                '_' => Piece::One,
                c => Piece::Char(c),
            });
        }
        Ok(Pattern(pieces))
    }

    /// Whether all of the text matches.
    pub(super) fn matches(&self, text: &str, ignores_ascii: bool) -> bool {
        let text: Vec<char> = text.chars().collect();
        let fits = |piece: Piece, c: char| match piece {
            Piece::Any => false,
            Piece::One => true,
            Piece::Char(p) => p == c || ignores_ascii && p.eq_ignore_ascii_case(&c),
        };
        let (mut at, mut piece) = (0, 0);
        // Where the last `%` stands, and the text that it has not taken yet.
        let mut any: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    any = Some((piece, at));
                    piece += 1;
                }
                Some(&p) if fits(p, text[at]) => {
                    at += 1;
                    piece += 1;
                }
                _ => {
                    let Some((last, taken)) = any else { return false };
                    any = Some((last, taken + 1));
                    at = taken + 1;
                    piece = last + 1;
                }
            }
        }
        self.0[piece..].iter().all(|piece| *piece == Piece::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_the_whole_text() {
        let matches = |text: &str, pattern: &str, escape, ignores_ascii| {
            Pattern::new(pattern, escape).unwrap().matches(text, ignores_ascii)
        };
        for (text, pattern, expected) in [
            ("", "", true),
            ("", "%", true),
            ("", "_", false),
            ("a", "", false),
            ("abc", "abc", true),
            ("abc", "ab", false),
            ("abc", "a%c", true),
            ("abcbc", "a%bc", true),
            ("abcb", "a%bc", false),
            ("aXbXc", "a%X%c", true),
            ("äöü", "_ö_", true),
            ("a%b", "a%%b", true),
            ("mississippi", "%ss%ppi", true),
            ("mississippi", "%ss%ssx%", false),
            ("Abc", "abc", false),
        ] {
            assert_eq!(matches(text, pattern, None, false), expected, "{text:?} LIKE {pattern:?}");
        }
        assert!(matches("ABC", "a_c", None, true));
        assert!(!matches("Ä", "ä", None, true));
        assert!(matches("50%", "50/%", Some('/'), false));
        assert!(!matches("500", "50/%", Some('/'), false));
        assert!(Pattern::new("50/", Some('/')).is_err());
    }
}
