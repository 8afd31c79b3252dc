use crate::Bind;
use crate::schema::Name;

/// SQL as the user wrote it, cut at its named parameters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// The pieces, in their order.
    pub parts: Vec<TextPart>,
    /// The values of the parameters; a name may stand in the text more than once.
    pub binds: Vec<(Name, Bind)>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextPart {
    /// SQL that is sent as it is.
    Sql(String),
    /// A parameter, by its name.
    Parameter(Name),
    /// A list of values, between parentheses, as IN takes it.
    Values(Vec<Bind>),
}

impl Text {
    /// Whether its first word is one of DDL's.
    pub fn is_ddl(&self) -> bool {
        let Some(TextPart::Sql(sql)) = self.parts.first() else { return false };
        let word: String =
            sql.trim_start().chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_uppercase();
        matches!(word.as_str(), "CREATE" | "ALTER" | "DROP" | "RENAME" | "VACUUM" | "REINDEX" | "TRUNCATE")
    }
}
