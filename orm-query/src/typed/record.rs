use super::nullness::Nullness;
use super::row_in::{Convert, Mode};
use super::source::Source;
use crate::mapping::EntityDef;
use crate::schema::Name;
use crate::tree::{self, SelectItem, SourceRef};
use crate::{DataType, DecodeError, Mapped, Row};

/// A struct that stands for a row of a subquery, a CTE or a `VALUES` list, or of any query. `#[derive(Record)]`
/// implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record",
    label = "no columns are known of it",
    note = "a struct with named fields becomes one by `#[derive(Record)]`"
)]
pub trait Record: Source<Record = Self, Kind = Records> + Nameable + Sized + Send + 'static {
    /// The types of its columns, as a tuple.
    type Columns;
    /// What it is called in FROM.
    const NAME: &'static str;
    /// Its columns, in the order of its fields.
    const COLUMNS: &'static [RecordColumn];

    /// Reads it from position `at` on.
    ///
    /// # Errors
    /// When a value does not fit its field.
    fn decode(row: &dyn Row, at: usize) -> Result<Self, DecodeError>;
}

/// A column of a [`Record`].
#[derive(Debug, Clone, PartialEq)]
pub struct RecordColumn {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub data_type: DataType,
}

/// What can name a subquery, a CTE or a table function: a record, or an alias.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot name a subquery",
    label = "not a record and not an alias",
    note = "derive `Record` on a struct with the columns of the query; a query for whole entities of a mapped struct is named by an alias: `alias!(Name = {Self})`"
)]
pub trait Nameable: Source {}

/// The kind of a source whose rows are entities.
#[derive(Debug)]
pub enum Entities {}

/// The kind of a source whose rows are plain structs.
#[derive(Debug)]
pub enum Records {}

/// How rows of the struct `R` are selected and read; implemented by the two kinds, [`Entities`] and [`Records`].
#[diagnostic::on_unimplemented(
    message = "`{R}` cannot be selected",
    label = "not a mapped struct and not a record"
)]
pub trait RowKind<R>: 'static {
    /// What a row becomes.
    type Row<M: Mode>: Send + 'static;
    /// The types of the columns: an entity counts as one.
    type Columns;

    /// The columns: names and types.
    fn columns() -> Vec<(Name, DataType)>;
    /// How many there are.
    fn width() -> usize;
    /// The entity, if it is one.
    fn entity() -> Option<&'static EntityDef>;
    /// How it stands in FROM under an alias.
    fn aliased(alias: Name) -> tree::From;
    /// Reads a row from position `at` on.
    ///
    /// # Errors
    /// When a value does not fit.
    fn read<M: Mode, N: Nullness>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<N::Entity<Self::Row<M>>, M::Error>;
    /// The row in another mode.
    fn convert<M: Mode, N: Mode>(row: Self::Row<M>, change: &mut impl Convert<M, N>) -> Self::Row<N>;
}

impl<E: Mapped> RowKind<E> for Entities {
    type Row<M: Mode> = M::Entity<E>;
    type Columns = (E,);

    fn columns() -> Vec<(Name, DataType)> {
        let columns = E::TABLE.columns.iter().map(|column| (column.name.clone(), column.data_type.clone()));
        let properties = E::PROPERTIES.iter().map(|property| (property.name.into(), (property.data_type)()));
        columns.chain(properties).collect()
    }

    fn width() -> usize {
        E::ENTITY.width()
    }

    fn entity() -> Option<&'static EntityDef> {
        Some(E::ENTITY)
    }

    fn aliased(alias: Name) -> tree::From {
        tree::From::Table(tree::TableRef::new(E::TABLE).alias(alias))
    }

    fn read<M: Mode, N: Nullness>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<N::Entity<M::Entity<E>>, M::Error> {
        N::entity::<M, E>(context, row, at)
    }

    fn convert<M: Mode, N: Mode>(row: M::Entity<E>, change: &mut impl Convert<M, N>) -> N::Entity<E> {
        change.entity::<E>(row)
    }
}

impl<R: Record> RowKind<R> for Records {
    type Row<M: Mode> = R;
    type Columns = R::Columns;

    fn columns() -> Vec<(Name, DataType)> {
        R::COLUMNS.iter().map(|column| (column.name.into(), column.data_type.clone())).collect()
    }

    fn width() -> usize {
        R::COLUMNS.len()
    }

    fn entity() -> Option<&'static EntityDef> {
        None
    }

    fn aliased(alias: Name) -> tree::From {
        tree::From::Cte { name: R::NAME.into(), alias: Some(alias) }
    }

    fn read<M: Mode, N: Nullness>(
        _: &mut M::Context<'_>,
        row: &dyn Row,
        at: usize,
    ) -> Result<N::Entity<R>, M::Error> {
        Ok(N::record::<R>(row, at)?)
    }

    fn convert<M: Mode, N: Mode>(row: R, _: &mut impl Convert<M, N>) -> R {
        row
    }
}

/// A record as it stands in FROM by its own name: a CTE of the `WITH` around it.
pub fn record_from<R: Record>() -> tree::From {
    tree::From::Cte { name: R::NAME.into(), alias: None }
}

/// The name of a record.
pub fn record_source<R: Record>() -> SourceRef {
    SourceRef::named(R::NAME)
}

/// The columns of the source `S` as items of a select list.
pub(super) fn items<S: Source<Kind: RowKind<S::Record>>>(list: &mut Vec<SelectItem>) {
    let source = S::source_ref();
    if let Some(entity) = <S::Kind as RowKind<S::Record>>::entity() {
        list.extend(entity.items(&source));
        return;
    }
    list.extend(<S::Kind as RowKind<S::Record>>::columns().into_iter().map(|(name, data_type)| {
        SelectItem::from(tree::Expr::Column(tree::ColumnRef { source: source.clone(), name, data_type }))
    }));
}

/// The types of the columns of the source `S`, as a tuple.
pub type ColumnsOf<S> = <<S as Source>::Kind as RowKind<<S as Source>::Record>>::Columns;
