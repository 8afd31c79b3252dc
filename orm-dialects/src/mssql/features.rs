use orm_query::{Features, IsolationLevel};

/// What SQL Server can do.
pub(super) static FEATURES: Features = features();

const fn features() -> Features {
    let mut features = Features::standard();
    // 2,100, of which the call that sends the statement needs two: its text, and the types of its parameters.
    features.max_binds = 2_098;
    features.null_is_least = true;
    features.max_rows = 1_000;
    features.update_rows = true;
    features.max_update_rows = 500;
    features.insert_returning = true;
    features.update_returning = true;
    features.delete_returning = true;
    features.full_join = true;
    features.tuple_in = false;
    features.aggregate_filter = false;
    features.comments = true;
    features.comment_statements = true;
    features.sequences = true;
    features.identity_options = true;
    features.transactional_ddl = true;
    features.index_if_not_exists = false;
    features.virtual_columns = true;
    features.partial_indexes = true;
    // INCLUDE; the kinds are words before INDEX.
    features.index_methods = true;
    features.nulls_not_distinct = true;
    features.exact_collations = &["Latin1_General_BIN2", "Latin1_General_100_BIN2_UTF8"];
    features.isolation_levels = &[
        IsolationLevel::ReadCommitted,
        IsolationLevel::ReadUncommitted,
        IsolationLevel::RepeatableRead,
        IsolationLevel::Snapshot,
        IsolationLevel::Serializable,
    ];
    features.lateral = true;
    features.update_on_any_conflict = false;
    features.except_all = false;
    features.with_ties = true;
    features.fetch_percent = true;
    features.tablesample = true;
    features.update_from = true;
    features.delete_using = true;
    features.joined_returning = true;
    features.other_table_returning = true;
    features.merge = true;
    features.merge_returning = true;
    features.merge_by_source = true;
    features
}
