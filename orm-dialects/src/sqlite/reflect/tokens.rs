//! SQL that SQLite has stored, word by word.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A keyword, a name, or a number.
    Word,
    /// What stands between quotes: a name, or a text.
    Quoted,
    /// Any other character.
    Sign,
}

/// A word of SQL, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'s> {
    kind: Kind,
    text: &'s str,
    start: usize,
}

impl<'s> Token<'s> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this character.
    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    /// What it names, without its quotes.
    pub(super) fn name(&self) -> Option<String> {
        match self.kind {
            Kind::Word => Some(self.text.to_owned()),
            Kind::Quoted => Some(self.unquoted()),
            Kind::Sign => None,
        }
    }

    /// The text between its single quotes.
    pub(super) fn literal(&self) -> Option<String> {
        (self.kind == Kind::Quoted && self.text.starts_with('\'')).then(|| self.unquoted())
    }

    fn unquoted(&self) -> String {
        let mut inner = self.text.chars();
        let (open, close) = (inner.next().unwrap_or_default(), inner.next_back().unwrap_or_default());
        match open {
            '[' => inner.as_str().to_owned(),
            _ => inner.as_str().replace(&format!("{close}{close}"), &close.to_string()),
        }
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text, without spaces and comments.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = sql[start..].chars().next() {
        let rest = &sql[start..];
        let (kind, length) = match first {
            c if c.is_ascii_whitespace() => (None, 1),
            '-' if rest.starts_with("--") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, rest[2..].find("*/").map_or(rest.len(), |end| end + 4)),
            '\'' | '"' | '`' => (Some(Kind::Quoted), quoted(rest, first)),
            '[' => (Some(Kind::Quoted), rest.find(']').map_or(rest.len(), |end| end + 1)),
            c if is_word(c) => (Some(Kind::Word), rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
            c => (Some(Kind::Sign), c.len_utf8()),
        };
        if let Some(kind) = kind {
            tokens.push(Token { kind, text: &rest[..length], start });
        }
        start += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// The length up to the quote that closes; a doubled one does not.
fn quoted(text: &str, quote: char) -> usize {
    let mut rest = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        if c == quote && rest.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// Some of the tokens of a text, read one after the other.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'t, 's> {
    sql: &'s str,
    rest: &'t [Token<'s>],
}

impl<'t, 's> Tokens<'t, 's> {
    pub(super) fn new(sql: &'s str, tokens: &'t [Token<'s>]) -> Self {
        Tokens { sql, rest: tokens }
    }

    /// The next one, which stays.
    pub(super) fn peek(&self) -> Option<&'t Token<'s>> {
        self.rest.first()
    }

    /// Takes the next one.
    pub(super) fn next(&mut self) -> Option<&'t Token<'s>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Takes the next one if it is this keyword.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.is(word));
        if is {
            self.next();
        }
        is
    }

    /// Takes a name.
    pub(super) fn take_name(&mut self) -> Option<String> {
        self.next()?.name()
    }

    /// Takes what is between the parenthesis that comes next and the one that closes it.
    pub(super) fn take_group(&mut self) -> Option<Tokens<'t, 's>> {
        let open = self.peek().filter(|token| token.is_sign("("))?;
        let mut depth = 0_usize;
        for (position, token) in self.rest.iter().enumerate() {
            depth = depth + usize::from(token.is_sign("(")) - usize::from(token.is_sign(")"));
            if depth == 0 {
                let inner = Tokens { sql: self.sql, rest: &self.rest[1..position] };
                debug_assert!(open.start < token.start);
                self.rest = &self.rest[position + 1..];
                return Some(inner);
            }
        }
        None
    }

    /// The parts between commas that are not between parentheses.
    pub(super) fn split(&self) -> Vec<Tokens<'t, 's>> {
        let mut parts = Vec::new();
        let mut depth = 0_usize;
        let mut start = 0;
        for (position, token) in self.rest.iter().enumerate() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.is_sign(",") {
                parts.push(Tokens { sql: self.sql, rest: &self.rest[start..position] });
                start = position + 1;
            }
        }
        if start < self.rest.len() {
            parts.push(Tokens { sql: self.sql, rest: &self.rest[start..] });
        }
        parts
    }

    /// Drops the last one if `drops` says so of it.
    pub(super) fn drop_last_if(&mut self, drops: impl Fn(&Token<'s>) -> bool) -> bool {
        match self.rest.split_last() {
            Some((last, rest)) if drops(last) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Whether there is none left.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The text from the first to the last of them, as it was written.
    pub(super) fn text(&self) -> &'s str {
        match (self.rest.first(), self.rest.last()) {
            (Some(first), Some(last)) => &self.sql[first.start..last.end()],
            _ => "",
        }
    }
}
