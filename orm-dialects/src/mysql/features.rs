use orm_query::{Features, IsolationLevel};

use super::{Flavor, Version};

/// What a version of MySQL or MariaDB can do.
pub(super) const fn features(flavor: Flavor, version: Version) -> Features {
    let mariadb = matches!(flavor, Flavor::MariaDb);
    let mut features = Features::standard();
    features.max_binds = 65_535;
    features.null_is_least = true;
    // There is no limit on rows but that of the binds.
    features.max_rows = features.max_binds;
    features.update_rows = true;
    // Each row is looked for in a list of them.
    features.max_update_rows = 100;
    features.insert_returning = mariadb && at_least(version, (10, 5, 0));
    features.update_returning = mariadb && at_least(version, (13, 0, 0));
    features.delete_returning = mariadb;
    features.update_from = true;
    features.delete_using = true;
    features.update_limit = true;
    features.full_join = false;
    features.tuple_in = true;
    features.comments = true;
    features.sequences = mariadb && at_least(version, (10, 3, 0));
    features.index_if_not_exists = mariadb;
    features.check_constraints = mariadb || at_least(version, (8, 0, 16));
    features.row_checks = true;
    features.virtual_columns = true;
    features.expression_indexes = !mariadb && at_least(version, (8, 0, 13));
    features.prefix_indexes = true;
    // `utf8mb4_bin` is none of them: it does not see spaces at the end.
    features.exact_collations = if mariadb { &["utf8mb4_nopad_bin"] } else { &["utf8mb4_0900_bin"] };
    features.isolation_levels = &[
        IsolationLevel::RepeatableRead,
        IsolationLevel::ReadUncommitted,
        IsolationLevel::ReadCommitted,
        IsolationLevel::Serializable,
    ];
    features.read_only_transactions = true;
    features.two_phase = true;
    features.statement_timeout = true;
    features.lateral = if mariadb { at_least(version, (12, 3, 0)) } else { at_least(version, (8, 0, 14)) };
    features.compound_parentheses = mariadb || at_least(version, (8, 0, 22));
    features.except_all = at_least(version, if mariadb { (10, 5, 0) } else { (8, 0, 31) });
    features.values = false;
    features.derived_columns = !mariadb && at_least(version, (8, 0, 19));
    features.table_functions = false;
    features.aggregate_filter = false;
    features.with_ties = mariadb && at_least(version, (10, 6, 0));
    features.insert_alias = !mariadb && at_least(version, (8, 0, 19));
    features.json_arrows = !mariadb;
    features
}

/// Whether a version is that one or a later one.
pub(super) const fn at_least(version: Version, other: Version) -> bool {
    let (a, b) = (version, other);
    a.0 > b.0 || (a.0 == b.0 && (a.1 > b.1 || (a.1 == b.1 && a.2 >= b.2)))
}

#[test]
fn versions_are_ordered() {
    assert!(
        at_least((8, 0, 19), (8, 0, 19))
            && at_least((8, 4, 0), (8, 0, 19))
            && at_least((9, 0, 0), (8, 0, 19))
    );
    assert!(!at_least((8, 0, 18), (8, 0, 19)) && !at_least((5, 7, 44), (8, 0, 13)));
}
