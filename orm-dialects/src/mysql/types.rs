//! How each type is stored in MySQL and MariaDB.

use orm_query::DataType;

use super::MySql;

/// The type that a column is reflected as.
pub(super) fn reflected(_: &MySql, data_type: &DataType) -> DataType {
    data_type.clone()
}
