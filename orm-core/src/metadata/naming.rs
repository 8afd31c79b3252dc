use orm_query::schema::{List, Name, TableDef};

/// The longest name that every database takes, in bytes.
const LONGEST: usize = 63;

/// How constraints and indexes are named that have no name of their own, so that later migrations can name them.
///
/// A template holds `{table}`, `{columns}` (all, between `_`), `{column_0}`, `{referred_table}`, `{constraint}` (the name
/// that a CHECK was given). Names of more than 63 bytes are cut, with a hash of the rest at their end.
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
    pub(super) fn apply(&self, table: &mut TableDef) {
        if *self == Self::default() {
            return;
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
            table.primary_key_name = Some(parts(&key).fill(template));
        }
        if let Some(template) = &self.unique {
            let mut uniques = table.uniques.to_vec();
            for unique in uniques.iter_mut().filter(|unique| unique.name.is_none()) {
                unique.name = Some(parts(&unique.columns).fill(template));
            }
            table.uniques = List::Owned(uniques);
        }
        if let Some(template) = &self.foreign_key {
            let mut keys = table.foreign_keys.to_vec();
            for key in keys.iter_mut().filter(|key| key.name.is_none()) {
                let referred = key.target.clone();
                key.name = Some(Parts { referred, ..parts(&key.columns) }.fill(template));
            }
            table.foreign_keys = List::Owned(keys);
        }
        if let Some(template) = &self.check {
            let mut checks = table.checks.to_vec();
            for check in &mut checks {
                if let Some(constraint) = check.name.take() {
                    check.name = Some(Parts { constraint, ..parts(&[]) }.fill(template));
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
                index.name = Some(parts(&columns).fill(template));
            }
            table.indexes = List::Owned(indexes);
        }
    }
}

#[derive(Default)]
struct Parts {
    table: Name,
    columns: Vec<Name>,
    referred: Name,
    constraint: Name,
}

impl Parts {
    fn fill(&self, template: &str) -> Name {
        let first = self.columns.first().map_or("", |name| name.as_ref());
        let name = template
            .replace("{table}", &self.table)
            .replace("{columns}", &self.columns.join("_"))
            .replace("{column_0}", first)
            .replace("{referred_table}", &self.referred)
            .replace("{constraint}", &self.constraint);
        short(name).into()
    }
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
