//! Each statement of the corpus in our words: a file for each group, a case for each name.

use crate::case::Case;

mod arithmetic_operators;
mod comparison_operators;
mod ctes;
mod ddl_columns;
mod ddl_constraints;
mod ddl_indexes;
mod ddl_tables;
mod ddl_types;
mod deletes;
mod expressions;
mod functions;
mod identifiers;
mod inserts;
mod joins;
mod json_operators;
mod locking;
mod ordering_and_limits;
mod postgresql_types;
mod select_basics;
mod set_operations;
mod string_operators;
mod subqueries;
mod table_functions;
mod text_and_binds;
mod type_behaviour;
mod updates;
mod upserts;
mod where_logic;
mod window_functions;

/// All of them.
pub(crate) fn all() -> Vec<Case> {
    [
        arithmetic_operators::cases(),
        comparison_operators::cases(),
        ctes::cases(),
        ddl_columns::cases(),
        ddl_constraints::cases(),
        ddl_indexes::cases(),
        ddl_tables::cases(),
        ddl_types::cases(),
        deletes::cases(),
        expressions::cases(),
        functions::cases(),
        identifiers::cases(),
        inserts::cases(),
        joins::cases(),
        json_operators::cases(),
        locking::cases(),
        ordering_and_limits::cases(),
        postgresql_types::cases(),
        select_basics::cases(),
        set_operations::cases(),
        string_operators::cases(),
        subqueries::cases(),
        table_functions::cases(),
        text_and_binds::cases(),
        type_behaviour::cases(),
        updates::cases(),
        upserts::cases(),
        where_logic::cases(),
        window_functions::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
