use orm_query::{Features, IsolationLevel, LikeCase};

use super::Release;

/// What a release can do.
pub(super) const fn features(release: Release) -> &'static Features {
    static R19: Features = of(Release::R19);
    static R21: Features = of(Release::R21);
    static R23: Features = of(Release::R23);
    match release {
        Release::R19 => &R19,
        Release::R21 => &R21,
        Release::R23 => &R23,
    }
}

const fn of(release: Release) -> Features {
    let mut features = Features::standard();
    features.max_binds = 65_535;
    features.max_rows = 1_000;
    // By MERGE.
    features.update_rows = true;
    // Into binds, of one row each.
    features.insert_returning = true;
    features.update_returning = true;
    features.delete_returning = true;
    // A schema is a user.
    features.schemas = false;
    features.aggregate_filter = false;
    features.comments = true;
    features.comment_statements = true;
    features.sequences = true;
    features.identity_options = true;
    features.index_if_not_exists = matches!(release, Release::R23);
    features.deferrable_constraints = true;
    features.virtual_columns = true;
    features.stored_columns = false;
    features.expression_indexes = true;
    features.nan_and_infinity = true;
    features.exact_text_equality = true;
    features.exact_text_order = true;
    features.exact_collations = &["BINARY"];
    features.like = LikeCase::Exact;
    features.isolation_levels = &[IsolationLevel::ReadCommitted, IsolationLevel::Serializable];
    features.read_only_transactions = true;
    features.lateral = true;
    features.except_all = !matches!(release, Release::R19);
    features.with_ties = true;
    features.fetch_percent = true;
    features.tablesample = true;
    features.update_from = matches!(release, Release::R23);
    features.row_assignment = true;
    features.merge = true;
    features
}
