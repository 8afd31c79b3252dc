use orm_query::CompileError;
use orm_query::schema::{List, Name, TableDef};

/// The longest name that every database takes, in bytes.
const LONGEST: usize = 63;

/// How constraints and indexes are named that have no name of their own, so that later migrations can name them.
///
/// A template holds tokens between braces, which are SQLAlchemy's and some shorter ones:
///
/// | token | stands for |
/// | --- | --- |
/// | `{table}`, `{table_name}` | the table |
/// | `{columns}`, `{column_0_N_name}` | all columns, with `_` between them; `{column_0N_name}` without |
/// | `{column_0}`, `{column_0_name}`, `{column_1_name}` … | the first column, the second |
/// | `{column_0_label}` …, `{column_0_N_label}`, `{column_0N_label}` | the same as `table_column` |
/// | `{referred_table}`, `{referred_table_name}` | the table that a foreign key references |
/// | `{referred_column_0_name}` …, `{referred_column_0_N_name}`, `{referred_column_0N_name}` | its columns |
/// | `{constraint}`, `{constraint_name}` | the name that a CHECK was given |
///
/// `key` in the place of `name` says the same. Any other token is an error. Names of more than 63 bytes are cut, with a hash
/// of the rest at their end.
///
/// ```
/// use orm::NamingConvention;
///
/// let convention = NamingConvention::new()
///     .primary_key("pk_{table}")
///     .unique("uq_{table}_{columns}")
///     .foreign_key("fk_{table}_{columns}_{referred_table}")
///     .check("ck_{table}_{constraint}")
///     .index("ix_{table}_{columns}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamingConvention {
    primary_key: Option<Name>,
    unique: Option<Name>,
    foreign_key: Option<Name>,
    check: Option<Name>,
    index: Option<Name>,
}

impl NamingConvention {
    /// No convention: the databases make names up, apart from indexes' (`ix_<table>_<columns>`).
    pub fn new() -> Self {
        Self::default()
    }

    /// The names of primary keys.
    #[must_use]
    pub fn primary_key(mut self, template: impl Into<Name>) -> Self {
        self.primary_key = Some(template.into());
        self
    }

    /// The names of UNIQUE constraints.
    #[must_use]
    pub fn unique(mut self, template: impl Into<Name>) -> Self {
        self.unique = Some(template.into());
        self
    }

    /// The names of foreign keys.
    #[must_use]
    pub fn foreign_key(mut self, template: impl Into<Name>) -> Self {
        self.foreign_key = Some(template.into());
        self
    }

    /// The names of CHECK constraints that have a name, which the template holds as `{constraint}`.
    #[must_use]
    pub fn check(mut self, template: impl Into<Name>) -> Self {
        self.check = Some(template.into());
        self
    }

    /// The names of indexes.
    #[must_use]
    pub fn index(mut self, template: impl Into<Name>) -> Self {
        self.index = Some(template.into());
        self
    }

    /// The table with names for what has none.
    ///
    /// # Errors
    /// [`CompileError::Invalid`] where a template has a token that is none.
    pub(super) fn apply(&self, table: &mut TableDef) -> Result<(), CompileError> {
        if *self == Self::default() {
            return Ok(());
        }
        let parts = |columns: &[Name]| Parts {
            table: table.name.clone(),
            columns: columns.to_vec(),
            ..Parts::default()
        };
        if let Some(template) = &self.primary_key
            && table.primary_key_name.is_none()
        {
            let key: Vec<Name> = table.primary_key().map(|(_, column)| column.name.clone()).collect();
            table.primary_key_name = Some(parts(&key).fill(template)?);
        }
        if let Some(template) = &self.unique {
            let mut uniques = table.uniques.to_vec();
            for unique in uniques.iter_mut().filter(|unique| unique.name.is_none()) {
                unique.name = Some(parts(&unique.columns).fill(template)?);
            }
            table.uniques = List::Owned(uniques);
        }
        if let Some(template) = &self.foreign_key {
            let mut keys = table.foreign_keys.to_vec();
            for key in keys.iter_mut().filter(|key| key.name.is_none()) {
                let referred = key.target.clone();
                key.name = Some(
                    Parts { referred, referred_columns: key.target_columns.to_vec(), ..parts(&key.columns) }
                        .fill(template)?,
                );
            }
            table.foreign_keys = List::Owned(keys);
        }
        if let Some(template) = &self.check {
            let mut checks = table.checks.to_vec();
            for check in &mut checks {
                if let Some(constraint) = check.name.take() {
                    check.name = Some(Parts { constraint, ..parts(&[]) }.fill(template)?);
                }
            }
            table.checks = List::Owned(checks);
        }
        if let Some(template) = &self.index {
            let mut indexes = table.indexes.to_vec();
            for index in indexes.iter_mut().filter(|index| index.name.is_none()) {
                let name = |column: &orm_query::schema::IndexColumn| match column.is_expression {
                    true => "expr".into(),
                    false => column.name.clone(),
                };
                let columns: Vec<Name> = index.columns.iter().map(name).collect();
                index.name = Some(parts(&columns).fill(template)?);
            }
            table.indexes = List::Owned(indexes);
        }
        Ok(())
    }
}

#[derive(Default)]
struct Parts {
    table: Name,
    columns: Vec<Name>,
    referred: Name,
    referred_columns: Vec<Name>,
    constraint: Name,
}

impl Parts {
    fn fill(&self, template: &str) -> Result<Name, CompileError> {
        let mut name = String::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            name.push_str(&rest[..open]);
            let token = &rest[open + 1..];
            let close = token.find('}').ok_or_else(|| unknown(template, token))?;
            name.push_str(&self.token(&token[..close]).ok_or_else(|| unknown(template, &token[..close]))?);
            rest = &token[close + 1..];
        }
        name.push_str(rest);
        Ok(short(name).into())
    }

    fn token(&self, token: &str) -> Option<String> {
        Some(match token {
            "table" | "table_name" => self.table.to_string(),
            "referred_table" | "referred_table_name" => self.referred.to_string(),
            "constraint" | "constraint_name" => self.constraint.to_string(),
            "columns" => self.columns.join("_"),
            _ => match token.strip_prefix("referred_column_") {
                Some(token) => Self::columns(&self.referred, &self.referred_columns, token)?,
                None => Self::columns(&self.table, &self.columns, token.strip_prefix("column_")?)?,
            },
        })
    }

    /// What `0`, `0_name`, `0_N_label` and their like stand for.
    fn columns(table: &str, columns: &[Name], token: &str) -> Option<String> {
        let digits = token.len() - token.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (place, form) = token.split_at(digits);
        let place: usize = place.parse().ok()?;
        let (separator, form) = match form.strip_prefix("_N") {
            Some(form) => (Some("_"), form),
            None => match form.strip_prefix('N') {
                Some(form) => (Some(""), form),
                None => (None, form),
            },
        };
        let labelled = match form {
            "_name" | "_key" => false,
            "_label" => true,
            "" if separator.is_none() => false,
            _ => return None,
        };
        let say = |name: &Name| if labelled { format!("{table}_{name}") } else { name.to_string() };
        // An index of a table that has fewer columns has none there.
        let columns = columns.get(place..).unwrap_or_default();
        Some(match separator {
            Some(separator) => columns.iter().map(say).collect::<Vec<_>>().join(separator),
            None => columns.first().map(say).unwrap_or_default(),
        })
    }
}

fn unknown(template: &str, token: &str) -> CompileError {
    CompileError::Invalid(format!("the naming template `{template}` has an unknown token `{{{token}}}`"))
}

fn short(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    // FNV-1a, so that the same name is cut alike in each program and by each compiler.
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let end = name.floor_char_boundary(LONGEST - 9);
    format!("{}_{hash:08x}", &name[..end])
}
