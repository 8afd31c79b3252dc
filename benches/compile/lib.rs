//! Nothing: `cargo bench -p orm-bench-compile` is all that there is.
