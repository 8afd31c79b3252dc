//! `examples/core.rs`, step by step.

#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/core.rs"]
mod example;

use orm::IntegrityKind;
use orm::prelude::*;

use crate::support::run_example;

#[tokio::test]
async fn core_example_does_what_it_says() -> orm::Result<()> {
    let engine = Engine::new("sqlite::memory:")?;
    example::create(&engine).await?;
    assert_eq!(example::open(&engine, "carol", 2_500).await?, 4);
    assert_eq!(example::total(&engine).await?, 16_500);

    example::transfer(&engine, "alice", "bob", 3_000).await?;
    let error = example::transfer(&engine, "bob", "carol", 1_000_000).await.unwrap_err();
    assert!(matches!(error, orm::Error::Integrity { kind: IntegrityKind::Check, .. }), "{error}");

    // The refused transfer had credited carol already, and it was recorded: both are undone.
    let rich = [("alice".into(), 7_000), ("bob".into(), 7_000)];
    assert_eq!(example::at_least(&engine, 5_000).await?, rich);
    assert_eq!(example::at_least(&engine, 0).await?[2..], [("carol".into(), 2_500), ("dave".into(), 0)]);
    assert_eq!(example::history(&engine, "bob").await?, [("alice".into(), "bob".into(), 3_000)]);
    assert_eq!(example::total(&engine).await?, 16_500);

    assert_eq!(example::close_empty(&engine).await?, ["dave"]);
    assert_eq!(example::total(&engine).await?, 16_500);
    Ok(())
}

#[test]
fn core_example_runs_to_its_end() {
    let printed = run_example("core", std::env::temp_dir().as_path());
    assert!(printed.contains("refused by ck_account_solvent\n"), "{printed}");
    assert!(printed.ends_with("all in all 16500 cents\ndave closed\n"), "{printed}");
}
