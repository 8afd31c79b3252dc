use orm_query::Features;

/// What SQLite can do.
pub(super) static FEATURES: Features = features();

const fn features() -> Features {
    let mut features = Features::standard();
    features.max_binds = 32_766;
    // There is no limit on rows but that of the binds.
    features.max_rows = features.max_binds;
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
    features
}
