use orm_query::{Features, IsolationLevel, LikeCase};

/// What SQLite can do.
pub(super) static FEATURES: Features = features();

const fn features() -> Features {
    let mut features = Features::standard();
    features.max_binds = 32_766;
    features.null_is_least = true;
    // There is no limit on rows but that of the binds.
    features.max_rows = features.max_binds;
    features.update_rows = true;
    features.compound_parentheses = false;
    features.except_all = false;
    features.cte_materialized = true;
    features.derived_columns = false;
    features.insert_returning = true;
    features.update_returning = true;
    features.delete_returning = true;
    features.alter_constraints = false;
    features.full_join = true;
    features.tuple_in = true;
    // An attached database is named like a schema, but none can be created.
    features.schemas = false;
    features.comments = false;
    features.memory_databases = true;
    features.transactional_ddl = true;
    // Of foreign keys only: a UNIQUE constraint is checked at once.
    features.deferrable_constraints = true;
    features.virtual_columns = true;
    features.partial_indexes = true;
    features.expression_indexes = true;
    features.exact_text_equality = true;
    features.exact_text_order = true;
    features.exact_collations = &["BINARY"];
    features.like = LikeCase::IgnoresAscii;
    features.ascii_letters = true;
    // They are texts, of which arithmetic makes doubles.
    features.exact_decimals = false;
    features.row_locks = false;
    features.concurrent_writers = false;
    features.isolation_levels = &[IsolationLevel::Serializable];
    features.read_only_transactions = true;
    features.statement_timeout = true;
    features.conflict_targets = true;
    features.update_from = true;
    features.joined_returning = true;
    features.row_assignment = true;
    features.json_arrows = true;
    features.names_columns_in_errors = true;
    features
}
