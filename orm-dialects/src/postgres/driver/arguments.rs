use orm_core::{Error, Result};
use orm_query::{Bind, CompileError};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments, Encode, Postgres, Type};

use super::wire::encode::encode;
use super::wire::oid;
use crate::limits;
use crate::postgres::NAME;

/// The binds as sqlx takes them, encoded by their types.
pub(super) fn arguments(binds: &[Bind]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    arguments.reserve(binds.len(), binds.len() * 12);
    for bind in binds {
        arguments.add(Parameter(bind)).map_err(|error| match error.downcast::<CompileError>() {
            Ok(refused) => Error::from(*refused),
            Err(error) => Error::Database { message: error.to_string(), code: None, statement: None },
        })?;
    }
    Ok(arguments)
}

/// One bind, whose type is that of the bind and not of its value.
struct Parameter<'a>(&'a Bind);

impl Type<Postgres> for Parameter<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(oid::INFERRED))
    }
}

impl Encode<'_, Postgres> for Parameter<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Bind { value, data_type } = self.0;
        if value.is_null() {
            return Ok(IsNull::Yes);
        }
        match encode(value, data_type, buffer) {
            Ok(()) => Ok(IsNull::No),
            Err(reason) => Err(limits::refused(NAME, self.0, reason).into()),
        }
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(Oid(oid::declared(&self.0.data_type))))
    }
}
