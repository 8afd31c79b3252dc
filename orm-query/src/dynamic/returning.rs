use crate::Row;
use crate::tree::Statement;
use crate::typed::{Convert, EntityAt, LoadOptions, Mode, Owned, Query, RowMapping, TextRow};

/// An INSERT, UPDATE or DELETE with RETURNING, whose rows are read by the names of their columns.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct DynamicReturning(pub(super) Statement);

impl Query<()> for DynamicReturning {
    type Row<M: Mode> = RowMapping;
    type Read<M: Mode> = RowMapping;

    fn into_statement(self) -> (Statement, LoadOptions) {
        (self.0, LoadOptions::default())
    }

    fn entities() -> Vec<EntityAt> {
        Vec::new()
    }

    fn decode<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row) -> Result<RowMapping, M::Error> {
        Ok(<RowMapping as TextRow>::read(row)?)
    }

    fn convert<M: Mode, N: Mode>(row: RowMapping, _: &mut impl Convert<M, N>) -> RowMapping {
        row
    }

    fn finish<M: Mode>(row: RowMapping, _: &mut impl Convert<M, Owned>) -> RowMapping {
        row
    }
}
