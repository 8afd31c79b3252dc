use orm_query::{Features, IsolationLevel, LikeCase};

/// What the server of a major version can do.
pub(super) const fn features(version: u32) -> &'static Features {
    static VERSION_13: Features = of(13);
    static VERSION_15: Features = of(15);
    static VERSION_17: Features = of(17);
    static VERSION_18: Features = of(18);
    match version {
        ..15 => &VERSION_13,
        15 | 16 => &VERSION_15,
        17 => &VERSION_17,
        18.. => &VERSION_18,
    }
}

const fn of(version: u32) -> Features {
    let mut features = Features::standard();
    // The protocol counts them in 16 bits.
    features.max_binds = 65_535;
    // There is no limit on rows but that of the binds.
    features.max_rows = features.max_binds;
    features.update_rows = true;
    features.max_update_rows = 10_000;
    features.array_binds = true;
    features.insert_returning = true;
    features.update_returning = true;
    features.delete_returning = true;
    features.comments = true;
    features.comment_statements = true;
    features.enum_types = true;
    features.sequences = true;
    features.identity_options = true;
    features.transactional_ddl = true;
    features.deferrable_constraints = true;
    features.match_full = true;
    features.virtual_columns = version >= 18;
    features.partial_indexes = true;
    features.expression_indexes = true;
    features.index_methods = true;
    features.index_nulls = true;
    features.nulls_not_distinct = version >= 15;
    features.arrays_and_ranges = true;
    features.nan_and_infinity = true;
    // A database's own collation tells all texts apart; which one comes first is the locale's to say.
    features.exact_text_equality = true;
    features.exact_collations = &["C", "POSIX", "ucs_basic"];
    features.like = LikeCase::Exact;
    // Its READ UNCOMMITTED is READ COMMITTED.
    features.isolation_levels =
        &[IsolationLevel::ReadCommitted, IsolationLevel::RepeatableRead, IsolationLevel::Serializable];
    features.read_only_transactions = true;
    features.two_phase = true;
    features.statement_timeout = true;
    features.server_cursors = true;
    features.notifications = true;
    features.copy = true;
    features.conflict_targets = true;
    features.update_from = true;
    features.delete_using = true;
    features.joined_returning = true;
    features.other_table_returning = true;
    features.row_assignment = true;
    features.element_assignment = true;
    features.merge = version >= 15;
    features.merge_returning = version >= 17;
    features.merge_by_source = version >= 17;
    features.conflict_constraints = true;
    features.update_on_any_conflict = false;
    features.lateral = true;
    features.cte_materialized = version >= 12;
    features.cte_dml = true;
    features.distinct_on = true;
    features.with_ties = version >= 13;
    features.ordinality = true;
    features.composite_fields = true;
    features.tablesample = true;
    features.json_arrows = true;
    features.names_columns_in_errors = true;
    features
}
