//! Reading the schema back from `pg_catalog`.
