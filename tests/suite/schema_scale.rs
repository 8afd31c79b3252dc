//! Large schemas check under the compiler's default `recursion_limit`, and how long that takes.
//!
//! The schemas are generated into a crate of their own, which depends on `orm` without any driver.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Instant;
use std::{env, fs};

/// How many tables each schema has.
const TABLES: usize = 100;

/// Every table has two foreign keys and is the target of two, with all four relationships declared: from each of them
/// a proof that walks the types reaches all the others.
#[test]
fn a_hundred_tables_with_two_foreign_keys_each() {
    check("net");
}

/// Each table has the one before it as its parent, and knows its children.
#[test]
fn a_chain_of_a_hundred_parents() {
    check("chain");
}

/// Prints how long a hundred structs of ten columns take, and how much memory: the numbers of ARCHITECTURE.md.
///
/// `cargo test --test suite schema_scale::measure -- --ignored --nocapture`
#[test]
#[ignore = "measures, and tests nothing"]
fn measure() {
    let measured = [
        ("empty", "nothing but `use orm::prelude::*`"),
        ("columns", "100 structs of ten columns"),
        ("plain_net", "100 structs of six columns and four relationships"),
        ("net", "the same with serde's derives"),
    ];
    for (name, what) in measured {
        check(name);
        let source = project().join(format!("src/bin/{name}.rs"));
        let mut seconds = Vec::new();
        let mut peak = String::new();
        for _ in 0..5 {
            // Cargo goes by the time of the file.
            fs::write(&source, fs::read(&source).expect("the source is there")).expect("the source is ours");
            let start = Instant::now();
            peak = check_measured(name).unwrap_or_else(|| "unknown: /usr/bin/time is not there".to_owned());
            seconds.push(start.elapsed().as_secs_f64());
        }
        seconds.sort_by(f64::total_cmp);
        println!("{what}: {:.2} s (median of 5: {seconds:.2?}), peak memory {peak}", seconds[2]);
    }
}

fn check(name: &str) {
    let output = cargo(name, Command::new(cargo_path())).output().expect("cargo starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the schema `{name}` does not check:\n{stderr}");
}

/// The most memory that a process of the check had.
fn check_measured(name: &str) -> Option<String> {
    let time = Path::new("/usr/bin/time");
    let mut command = Command::new(if time.exists() { time.into() } else { cargo_path() });
    if time.exists() {
        command.arg("-v").arg(cargo_path());
    }
    let output = cargo(name, command).output().expect("cargo starts");
    assert!(output.status.success(), "the schema `{name}` does not check");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().find(|line| line.contains("Maximum resident set size"))?;
    let kilobytes: u64 = line.rsplit(' ').next()?.parse().ok()?;
    Some(format!("{} MB", kilobytes / 1024))
}

fn cargo_path() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// `cargo check` of one schema; `--offline`, for the workspace's own lock file has it all.
fn cargo(name: &str, mut cargo: Command) -> Command {
    cargo
        .args(["check", "--offline", "--quiet", "--bin", name])
        .current_dir(project())
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("schema_scale/target"))
        .env("CARGO_INCREMENTAL", "0");
    cargo
}

/// The crate of the schemas, written once for each run of the tests.
fn project() -> &'static Path {
    static PROJECT: OnceLock<PathBuf> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schema_scale");
        let sources = project.join("src/bin");
        fs::create_dir_all(&sources).expect("the target directory is ours");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = format!(
            r#"
            [package]
            name = "schema_scale"
            edition = "2024"

            [workspace]

            [dependencies]
            orm = {{ path = {workspace:?}, default-features = false }}
            serde = {{ version = "1", features = ["derive"] }}
            "#
        );
        write(&project.join("Cargo.toml"), manifest);
        let lock = fs::read_to_string(workspace.join("Cargo.lock")).expect("the workspace has a lock file");
        if !project.join("Cargo.lock").exists() {
            write(&project.join("Cargo.lock"), lock);
        }
        let plain_derives = "#[derive(Mapped, Debug, Clone, Default)]";
        let programs = [
            ("empty", empty()),
            ("columns", columns()),
            ("net", net(DERIVES)),
            ("plain_net", net(plain_derives)),
            ("chain", chain()),
        ];
        for (name, source) in programs {
            write(&sources.join(name).with_extension("rs"), source);
        }
        project
    })
}

/// Leaves alone what is as it should be, so that cargo does not check it again.
fn write(path: &Path, content: String) {
    if fs::read_to_string(path).is_ok_and(|present| present == content) {
        return;
    }
    fs::write(path, content).expect("the target directory is ours");
}

const PREAMBLE: &str =
    "#![allow(dead_code)]\n\nuse orm::prelude::*;\nuse serde::{Deserialize, Serialize};\n\n";

const DERIVES: &str = "#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]\n";

fn empty() -> String {
    "#![allow(unused_imports)]\n\nuse orm::prelude::*;\n\nfn main() {}\n".to_owned()
}

/// Structs of ten columns, and of nothing else.
fn columns() -> String {
    let mut source = PREAMBLE.to_owned();
    for i in 0..TABLES {
        write!(
            source,
            "#[derive(Mapped, Clone)]
struct Table{i} {{
    #[column(primary_key)]
    id: i64,
    #[column(length = 30, unique)]
    name: String,
    title: Option<String>,
    amount: f64,
    count: i32,
    rank: Option<i64>,
    active: bool,
    #[column(index)]
    code: String,
    note: Option<String>,
    #[column(server_default = \"0\")]
    version: Auto<i64>,
}}

"
        )
        .expect("a string takes all");
    }
    source + &main_function()
}

/// A net of tables in which each reaches all.
fn net(derives: &str) -> String {
    let mut source = PREAMBLE.to_owned();
    for i in 0..TABLES {
        let [next, far] = [1, 10].map(|step| (i + step) % TABLES);
        let [previous, near] = [1, 10].map(|step| (i + TABLES - step) % TABLES);
        write!(
            source,
            "{derives}
struct Table{i} {{
    #[column(primary_key)]
    id: i64,
    name: String,
    title: Option<String>,
    amount: f64,
    #[column(foreign_key = Table{next}::id)]
    next_id: Option<i64>,
    #[column(foreign_key = Table{far}::id)]
    far_id: Option<i64>,
    #[relationship(back_populates = previous)]
    next: One<Option<Table{next}>>,
    #[relationship(back_populates = near)]
    far: One<Option<Table{far}>>,
    #[relationship(back_populates = next, cascade = \"all, delete-orphan\")]
    previous: Many<Table{previous}>,
    #[relationship(back_populates = far)]
    near: Many<Table{near}>,
}}

"
        )
        .expect("a string takes all");
    }
    source + &main_function()
}

/// Each table has the one before it as its parent.
fn chain() -> String {
    let mut source = PREAMBLE.to_owned();
    for i in 0..TABLES {
        write!(
            source,
            "{DERIVES}
struct Table{i} {{
    #[column(primary_key)]
    id: i64,
    name: String,
"
        )
        .expect("a string takes all");
        if let Some(parent) = i.checked_sub(1) {
            write!(
                source,
                "    #[column(foreign_key = Table{parent}::id)]
    parent_id: i64,
    #[relationship(back_populates = children)]
    parent: One<Table{parent}>,
"
            )
            .expect("a string takes all");
        }
        if i + 1 < TABLES {
            let child = i + 1;
            write!(
                source,
                "    #[relationship(back_populates = parent, cascade = \"all, delete-orphan\")]
    children: Many<Table{child}>,
"
            )
            .expect("a string takes all");
        }
        source.push_str("}\n\n");
    }
    source + &main_function()
}

/// What has the compiler prove something about all the types: that they are Send, and so are the futures over them.
fn main_function() -> String {
    let tables: Vec<_> = (0..TABLES).map(|i| format!("Table{i}")).collect();
    let last = TABLES - 1;
    format!(
        "async fn run(engine: Engine) -> orm::Result<()> {{
    metadata![{}].create_all(&engine).await?;
    let mut session = Session::new(&engine);
    let all = session.all(select((Table0, Table{last})).cross_join(Table{last})).await?;
    session.commit().await?;
    for (first, _) in all {{
        session.delete(first);
    }}
    session.commit().await
}}

fn is_send<T: Send>(_: T) {{}}

fn main() {{
    let shared = Engine::new(\"sqlite::memory:\").map(run).map(is_send);
    assert!(shared.is_err());
}}
",
        tables.join(", ")
    )
}
