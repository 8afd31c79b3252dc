use std::borrow::Cow;
use std::collections::BTreeSet;

use orm_query::schema::{Constraint, ConstraintKind, Name, SequenceDef, TableDef};
use orm_query::tree::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, Ddl, DropConstraint,
    DropEnum, DropSequence, DropTable, SetComment, Statement, TableChange, TableRef,
};
use orm_query::{CompileError, DataType, Dialect, EnumType, Features, Mapped};

use crate::connection::Executor;
use crate::{Connection, Inspector, Result};

mod naming;
mod order;

pub use naming::NamingConvention;

use order::Order;

/// A set of tables, sequences and schemas: what a program needs its database to have.
///
/// `metadata![User, Address]` makes one of mapped structs; tables made at run time stand beside them.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[relationship(back_populates = user)]
/// #     posts: Many<Post>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     #[column(foreign_key = User::id)]
/// #     user_id: Option<i64>,
/// #     #[relationship(back_populates = posts)]
/// #     user: One<Option<User>>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post].create_all(&engine).await?;
/// let metadata = metadata![Post, User];
/// metadata.create_all(&engine).await?; // what is there already stays
/// let order: Vec<_> = metadata.sorted_tables().iter().map(|table| table.name.as_ref()).collect();
/// assert_eq!(order, ["user", "post"]);
/// metadata.drop_all(&engine).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct MetaData {
    tables: Vec<Cow<'static, TableDef>>,
    sequences: Vec<SequenceDef>,
    schemas: Vec<Name>,
    naming: NamingConvention,
}

impl MetaData {
    /// No table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the table of a mapped struct.
    #[must_use]
    pub fn with<E: Mapped>(mut self) -> Self {
        self.tables.push(Cow::Borrowed(E::TABLE));
        self
    }

    /// Adds a table that is made at run time.
    #[must_use]
    pub fn with_table(mut self, table: TableDef) -> Self {
        self.tables.push(Cow::Owned(table));
        self
    }

    /// Adds a sequence.
    #[must_use]
    pub fn with_sequence(mut self, sequence: SequenceDef) -> Self {
        self.sequences.push(sequence);
        self
    }

    /// Adds a schema, which [`create_all`](MetaData::create_all) creates before what lives in it. It is never dropped, as
    /// others may have put something into it.
    #[must_use]
    pub fn with_schema(mut self, name: impl Into<Name>) -> Self {
        self.schemas.push(name.into());
        self
    }

    /// Names what has no name of its own.
    #[must_use]
    pub fn with_naming(mut self, naming: NamingConvention) -> Self {
        self.naming = naming;
        self
    }

    /// All tables of a schema of the database, or of the connection's default schema.
    ///
    /// # Errors
    /// What the database says.
    pub async fn reflect(executor: impl Executor, schema: Option<&str>) -> Result<Self> {
        let mut inspector = Inspector::new(executor).await?;
        let tables = inspector.tables(schema).await?;
        let sequences = inspector.sequences(schema).await?;
        Ok(MetaData { tables: tables.into_iter().map(Cow::Owned).collect(), sequences, ..Self::default() })
    }

    /// The tables, in the order in which they were added.
    pub fn tables(&self) -> impl Iterator<Item = &TableDef> {
        self.tables.iter().map(Cow::as_ref)
    }

    /// The table of that name in the default schema.
    pub fn table(&self, name: &str) -> Option<&TableDef> {
        self.tables().find(|table| table.name == name && table.schema.is_none())
    }

    /// The sequences.
    pub fn sequences(&self) -> &[SequenceDef] {
        &self.sequences
    }

    /// The tables in levels: those that reference none, then those that reference these, and so on. What references in a
    /// circle, and what says [`use_alter`](orm_query::schema::ForeignKeyDef::use_alter), does not count.
    pub fn sorted_tables(&self) -> Vec<&TableDef> {
        let order = Order::of(&self.tables);
        order.tables.iter().map(|&at| order.all[at]).collect()
    }

    /// The statements that create everything, in the order in which a database with those features takes it: schemas,
    /// enum types, sequences, tables in the order of their references, each with its indexes and comments, and the
    /// foreign keys of circles at the end, where they can be added to a table.
    ///
    /// # Errors
    /// [`CompileError::Invalid`] where one name stands for two enums.
    pub fn create_statements(&self, features: &Features) -> Result<Vec<Statement>> {
        self.create_missing(features, &Existing::default(), true)
    }

    /// The texts that create everything in a database where nothing of it is: for a script, a migration, a look.
    ///
    /// # Errors
    /// As [`create_statements`](MetaData::create_statements), and [`CompileError::Unsupported`] for what the database
    /// has not.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # fn main() -> orm::Result<()> {
    /// # let dialect = orm::Sqlite;
    /// let script = metadata![User].create_script(&dialect)?.join(";\n");
    /// assert_eq!(script, "CREATE TABLE user (id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (id))");
    /// assert_eq!(metadata![User].drop_script(&dialect)?, ["DROP TABLE user"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_script(&self, dialect: &dyn Dialect) -> Result<Vec<String>> {
        let statements = self.create_missing(dialect.features(), &Existing::default(), false)?;
        texts(&statements, dialect)
    }

    /// The texts that drop everything but schemas where all of it is there, the foreign keys of circles first.
    ///
    /// # Errors
    /// [`CompileError::Invalid`] where a foreign key of a circle has no name, as nobody but the database knows it then.
    pub fn drop_script(&self, dialect: &dyn Dialect) -> Result<Vec<String>> {
        let features = dialect.features();
        let order = Order::of(&self.tables);
        let mut ddl = Vec::new();
        for &at in order.tables.iter().rev().filter(|_| features.alter_constraints) {
            let mut table = order.all[at].clone();
            self.naming.apply(&mut table)?;
            for key in
                table.foreign_keys.iter().enumerate().filter(|(i, _)| order.waits(at, *i)).map(|(_, k)| k)
            {
                let name = key.name.clone().ok_or_else(|| {
                    let (table, columns) = (table.full_name(), key.columns.join(", "));
                    CompileError::Invalid(format!(
                        "the foreign key ({columns}) of `{table}` is part of a circle and has no name to drop it by"
                    ))
                })?;
                let change =
                    TableChange::DropConstraint(DropConstraint::new(ConstraintKind::ForeignKey, name));
                ddl.push(Ddl::AlterTable(AlterTable { table: TableRef::new(&table), change }).into());
            }
        }
        ddl.extend(self.drop_all_statements(features, false)?);
        texts(&ddl, dialect)
    }

    fn create_missing(
        &self,
        features: &Features,
        existing: &Existing,
        if_not_exists: bool,
    ) -> Result<Vec<Statement>> {
        let mut ddl = Vec::new();
        for name in self.schemas.iter().filter(|name| !existing.schemas.contains(name.as_ref())) {
            ddl.push(Ddl::CreateSchema(CreateSchema { name: name.clone(), if_not_exists }));
        }
        if features.enum_types {
            for enum_type in self.enums()? {
                if !existing.enums.contains(enum_type.name.as_ref()) {
                    ddl.push(Ddl::CreateEnum(CreateEnum { schema: None, enum_type: enum_type.clone() }));
                }
            }
        }
        for sequence in self.all_sequences(features) {
            if !existing.sequences.contains(&key(&sequence.schema, &sequence.name)) {
                ddl.push(Ddl::CreateSequence(CreateSequence { sequence: sequence.clone(), if_not_exists }));
            }
        }
        let order = Order::of(&self.tables);
        let mut later = Vec::new();
        for &at in &order.tables {
            let mut table = order.all[at].clone();
            if existing.tables.contains(&key(&table.schema, &table.name)) {
                continue;
            }
            self.naming.apply(&mut table)?;
            if features.alter_constraints {
                let (waits, now): (Vec<_>, Vec<_>) =
                    table.foreign_keys.iter().cloned().enumerate().partition(|(i, _)| order.waits(at, *i));
                table.foreign_keys = now.into_iter().map(|(_, key)| key).collect();
                later.extend(waits.into_iter().map(|(_, key)| {
                    Ddl::AlterTable(AlterTable {
                        table: TableRef::new(&table),
                        change: TableChange::AddConstraint(Box::new(Constraint::ForeignKey(key))),
                    })
                }));
            }
            create_table(&mut ddl, table, features, if_not_exists);
        }
        ddl.extend(later);
        Ok(ddl.into_iter().map(Statement::Ddl).collect())
    }

    /// The sequences, and those of columns where the database has any, each once.
    fn all_sequences(&self, features: &Features) -> Vec<&SequenceDef> {
        let mut all: Vec<&SequenceDef> = self.sequences.iter().collect();
        let columns = self.tables.iter().flat_map(|table| table.columns.iter());
        for sequence in columns.filter_map(|column| column.sequence.as_ref()).filter(|_| features.sequences) {
            if !all.iter().any(|other| other.name == sequence.name && other.schema == sequence.schema) {
                all.push(sequence);
            }
        }
        all
    }

    /// The enum types of the columns and of arrays' elements, each once.
    fn enums(&self) -> Result<Vec<&EnumType>> {
        let mut enums: Vec<&EnumType> = Vec::new();
        for column in self.tables.iter().flat_map(|table| table.columns.iter()) {
            let data_type = match column.data_type.plain() {
                DataType::Array(element) => element,
                data_type => data_type,
            };
            let DataType::Enum(enum_type) = data_type else { continue };
            if !enum_type.native {
                continue;
            }
            match enums.iter().find(|other| other.name == enum_type.name) {
                None => enums.push(enum_type),
                Some(other) if *other == enum_type => {}
                Some(_) => {
                    let name = &enum_type.name;
                    let two = format!("two enums of different values have the name `{name}`");
                    return Err(CompileError::Invalid(two).into());
                }
            }
        }
        Ok(enums)
    }

    /// The statements that drop everything but schemas, in the reverse order, each only if it is there.
    ///
    /// Foreign keys of circles are not among them: their names are known to the database only, where
    /// [`drop_all`](MetaData::drop_all) looks for them.
    ///
    /// # Errors
    /// [`CompileError::Invalid`] where one name stands for two enums.
    pub fn drop_statements(&self, features: &Features) -> Result<Vec<Statement>> {
        self.drop_all_statements(features, true)
    }

    fn drop_all_statements(&self, features: &Features, if_exists: bool) -> Result<Vec<Statement>> {
        let mut ddl: Vec<Ddl> = self
            .sorted_tables()
            .into_iter()
            .rev()
            .map(|table| Ddl::DropTable(DropTable { table: TableRef::new(table), if_exists, cascade: false }))
            .collect();
        ddl.extend(self.all_sequences(features).into_iter().map(|sequence| {
            let (schema, name) = (sequence.schema.clone(), sequence.name.clone());
            Ddl::DropSequence(DropSequence { schema, name, if_exists })
        }));
        if features.enum_types {
            ddl.extend(self.enums()?.into_iter().map(|enum_type| {
                Ddl::DropEnum(DropEnum { schema: None, name: enum_type.name.clone(), if_exists })
            }));
        }
        Ok(ddl.into_iter().map(Statement::Ddl).collect())
    }

    /// Creates what is not there, in one transaction where the database has transactional DDL. It looks first; a table
    /// that is there stays as it is, with its indexes.
    ///
    /// # Errors
    /// What the database says; [`Error::Unsupported`](crate::Error::Unsupported) for what it has not.
    pub async fn create_all(&self, executor: impl Executor) -> Result<()> {
        let mut lease = executor.with_connection().await?;
        let connection = lease.connection();
        connection.begin().await?;
        let existing = self.existing(connection).await?;
        let statements = self.create_missing(connection.dialect().features(), &existing, true)?;
        run_all(&statements, connection).await?;
        lease.finish().await
    }

    /// Drops everything that is there, foreign keys of circles first.
    ///
    /// # Errors
    /// What the database says, such as a table outside this set that references one of it.
    pub async fn drop_all(&self, executor: impl Executor) -> Result<()> {
        let mut lease = executor.with_connection().await?;
        let connection = lease.connection();
        connection.begin().await?;
        let features = connection.dialect().features().clone();
        if let Some(sql) = connection.dialect().defer_constraints() {
            connection.execute(orm_query::typed::text(sql)).await?;
        }
        if features.alter_constraints {
            let statements = self.drop_circles(connection).await?;
            run_all(&statements, connection).await?;
        }
        run_all(&self.drop_statements(&features)?, connection).await?;
        lease.finish().await
    }

    /// The statements that drop the foreign keys by which tables wait for each other.
    async fn drop_circles(&self, connection: &mut Connection) -> Result<Vec<Statement>> {
        let order = Order::of(&self.tables);
        let mut statements = Vec::new();
        for &at in &order.tables {
            let table = order.all[at];
            let circular: Vec<_> = table
                .foreign_keys
                .iter()
                .enumerate()
                .filter(|(i, _)| order.waits(at, *i))
                .map(|(_, key)| (&key.columns, &key.target))
                .collect();
            if circular.is_empty() {
                continue;
            }
            let found = Inspector::new(&mut *connection)
                .await?
                .table_in(table.schema.as_deref(), &table.name)
                .await?;
            let keys = found
                .iter()
                .flat_map(|table| table.foreign_keys.iter())
                .filter(|key| circular.contains(&(&key.columns, &key.target)));
            for name in keys.filter_map(|key| key.name.clone()) {
                let change =
                    TableChange::DropConstraint(DropConstraint::new(ConstraintKind::ForeignKey, name));
                statements.push(Ddl::AlterTable(AlterTable { table: TableRef::new(table), change }).into());
            }
        }
        Ok(statements)
    }

    /// What is there of it.
    async fn existing(&self, connection: &mut Connection) -> Result<Existing> {
        let mut existing = Existing::default();
        let features = connection.dialect().features().clone();
        let mut inspector = Inspector::new(connection).await?;
        let schemas: BTreeSet<Option<&str>> = self.tables().map(|table| table.schema.as_deref()).collect();
        for schema in schemas {
            let names = inspector.table_names(schema).await?;
            existing.tables.extend(names.into_iter().map(|name| (schema.map(str::to_owned), name)));
        }
        if features.enum_types && !self.enums()?.is_empty() {
            existing.enums.extend(inspector.enums(None).await?.into_iter().map(|e| e.name.into_owned()));
        }
        let sequences = self.all_sequences(&features);
        let schemas: BTreeSet<Option<&str>> = sequences.iter().map(|s| s.schema.as_deref()).collect();
        for schema in schemas.into_iter().filter(|_| features.sequences) {
            let found = inspector.sequences(schema).await?;
            existing
                .sequences
                .extend(found.into_iter().map(|s| (schema.map(str::to_owned), s.name.into_owned())));
        }
        if !self.schemas.is_empty() && features.schemas {
            existing.schemas.extend(inspector.schema_names().await?);
        }
        Ok(existing)
    }
}

type Key = (Option<String>, String);

fn key(schema: &Option<Name>, name: &Name) -> Key {
    (schema.as_ref().map(ToString::to_string), name.to_string())
}

#[derive(Default)]
struct Existing {
    tables: BTreeSet<Key>,
    sequences: BTreeSet<Key>,
    enums: BTreeSet<String>,
    schemas: BTreeSet<String>,
}

fn create_table(ddl: &mut Vec<Ddl>, table: TableDef, features: &Features, if_not_exists: bool) {
    let place = TableRef::new(&table);
    let mut more = Vec::new();
    for index in &*table.indexes {
        let if_not_exists = if_not_exists && features.index_if_not_exists;
        let create = CreateIndex { table: place.clone(), index: index.clone(), if_not_exists };
        more.push(Ddl::CreateIndex(create));
    }
    if features.comment_statements {
        let columns = table.columns.iter().map(|column| (Some(column.name.clone()), column.comment.clone()));
        for (column, comment) in std::iter::once((None, table.comment.clone())).chain(columns) {
            if comment.is_some() {
                more.push(Ddl::SetComment(SetComment {
                    table: place.clone(),
                    column,
                    comment,
                    definition: None,
                }));
            }
        }
    }
    ddl.push(Ddl::CreateTable(CreateTable { table: Cow::Owned(table), if_not_exists }));
    ddl.extend(more);
}

fn texts(statements: &[Statement], dialect: &dyn Dialect) -> Result<Vec<String>> {
    statements.iter().map(|statement| Ok(dialect.compile(statement)?.sql.to_string())).collect()
}

async fn run_all(statements: &[Statement], connection: &mut Connection) -> Result<()> {
    for statement in statements {
        connection.run(statement).await?;
    }
    Ok(())
}

/// The [`MetaData`] of mapped structs: `metadata![User, Address].create_all(&engine).await?`.
#[macro_export]
macro_rules! metadata {
    ($($entity:ty),* $(,)?) => {
        $crate::MetaData::new()$(.with::<$entity>())*
    };
}
