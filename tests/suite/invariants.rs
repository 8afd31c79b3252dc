//! The invariants of ARCHITECTURE.md, each as a test. Their numbers are those of that page.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder, tests of the crates left out.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut work = vec![root().join(folder)];
    while let Some(path) = work.pop() {
        if path.is_dir() {
            if !path.ends_with("tests") && !path.ends_with("target") {
                work.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if path.extension().is_some_and(|e| e == extension) && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    assert!(!found.is_empty(), "{folder} has files");
    found
}

/// The code of a file: without comments, and without what follows `#[cfg(test)]`.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// No file of these folders has one of these words in its code.
fn absent(folders: &[&str], words: &[&str]) {
    for folder in folders {
        for path in files(folder, "rs") {
            let code = code(&path);
            // An address is data.
            let code = code.replace("std::net::IpAddr", "").replace("std::net::{Ipv4Addr, Ipv6Addr}", "");
            for (number, line) in code.lines().enumerate() {
                for word in words {
                    assert!(!line.contains(word), "{}:{}: `{word}` in {line}", path.display(), number + 1);
                }
            }
        }
    }
}

fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(manifest)).unwrap();
    let section = text.split("\n[dependencies]\n").nth(1).unwrap();
    let lines = section.split("\n[").next().unwrap().lines();
    let name = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
    lines.map(name).filter(|name| !name.is_empty()).collect()
}

const LIBRARIES: &[&str] = &["src", "orm-query/src", "orm-core/src", "orm-dialects/src", "orm-derive/src"];

#[test]
fn i1_orm_core_names_no_database() {
    for path in files("orm-core/src", "rs") {
        // The hidden set-up of an example in the docs runs on whatever the facade has.
        let text = fs::read_to_string(&path).unwrap().to_lowercase();
        let text: String = text.lines().filter(|line| !line.trim_start().starts_with("/// # ")).collect();
        for name in ["sqlite", "postgres", "mysql", "mariadb", "oracle", "mssql"] {
            assert!(!text.contains(name), "{}: {name}", path.display());
        }
    }
}

#[test]
fn i2_crates_depend_one_way() {
    let ours = |manifest: &str| {
        let mut ours: Vec<String> =
            dependencies(manifest).into_iter().filter(|name| name.starts_with("orm-")).collect();
        ours.sort_unstable();
        ours
    };
    assert_eq!(ours("orm-query/Cargo.toml"), [""; 0]);
    assert_eq!(ours("orm-derive/Cargo.toml"), [""; 0]);
    assert_eq!(ours("orm-core/Cargo.toml"), ["orm-query"]);
    assert_eq!(ours("orm-dialects/Cargo.toml"), ["orm-core", "orm-query"]);
    let dialects = fs::read_to_string(root().join("orm-dialects/Cargo.toml")).unwrap();
    assert!(dialects.contains("orm-core = { workspace = true, optional = true }"));
}

#[test]
fn i3_what_is_asked_does_no_io() {
    absent(&["orm-query/src"], &["async ", ".await", "tokio", "std::fs", "std::net", "std::thread"]);
    for name in ["tokio", "sqlx", "futures-core"] {
        assert!(!dependencies("orm-query/Cargo.toml").contains(&name.to_owned()), "{name}");
    }
}

#[test]
fn i4_sqlx_stays_below_the_driver_seam() {
    absent(&["src", "orm-query/src", "orm-core/src", "orm-derive/src", "orm-dialects/src/syntax"], &["sqlx"]);
    for path in files("orm-dialects/src", "rs").iter().filter(|path| code(path).contains("sqlx")) {
        let at = path.to_string_lossy().into_owned();
        assert!(at.contains("/driver") || at.ends_with("/errors.rs"), "{at}");
    }
}

#[test]
fn i5_unsafe_in_one_file_only() {
    const UNSAFE: &str = "orm-dialects/src/sqlite/driver/direct/handle.rs";
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"deny\""));
    for path in LIBRARIES.iter().flat_map(|folder| files(folder, "rs")) {
        if path != root().join(UNSAFE) {
            for word in ["unsafe {", "unsafe fn", "unsafe impl", "allow(unsafe_code)", "libsqlite3_sys"] {
                assert!(!code(&path).contains(word), "{}: `{word}`", path.display());
            }
        }
    }
    // Each block and each impl says what it rests on.
    let text = fs::read_to_string(root().join(UNSAFE)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if line.contains("unsafe {") || line.trim_start().starts_with("unsafe impl") {
            let above = lines[..at].iter().rev().take_while(|line| line.trim_start().starts_with("//"));
            let within = lines[at.saturating_sub(2)..at].iter();
            assert!(above.chain(within).any(|line| line.contains("// SAFETY: ")), "{UNSAFE}:{}", at + 1);
        }
    }
    for package in ["", "orm-query/", "orm-core/", "orm-dialects/", "orm-derive/"] {
        let manifest = fs::read_to_string(root().join(format!("{package}Cargo.toml"))).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{package} takes the lints of the workspace");
    }
}

#[test]
fn i6_one_concept_one_file() {
    for folder in LIBRARIES {
        for path in files(folder, "rs") {
            assert!(!path.ends_with("mod.rs"), "{}", path.display());
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 800, "{} has {lines} lines", path.display());
        }
    }
}

#[test]
fn i7_nothing_is_left_undone() {
    absent(LIBRARIES, &["todo!", "unimplemented!", "dbg!", "println!", "eprintln!", "FIXME", "TODO"]);
}

#[test]
fn i8_every_node_of_the_tree_is_said_or_refused() {
    // A new node must not slip through an arm that takes anything: the walk over statements and expressions names all.
    let walk = root().join("orm-dialects/src/syntax/expr.rs");
    assert!(!code(&walk).contains("_ =>"), "{}", walk.display());
    let statement = fs::read_to_string(root().join("orm-query/src/tree/statement.rs")).unwrap();
    let expr = fs::read_to_string(root().join("orm-query/src/tree/expr.rs")).unwrap();
    assert!(!statement.contains("non_exhaustive") && !expr.contains("non_exhaustive"));
}

#[test]
fn i9_every_database_has_the_same_rooms() {
    const TEXT: &[&str] = &["ddl.rs", "features.rs", "syntax.rs", "types.rs", "tests.rs"];
    const DRIVER: &[&str] = &["driver.rs", "errors.rs", "reflect.rs"];
    let parent = root().join("orm-dialects/src");
    let manifest = fs::read_to_string(root().join("orm-dialects/Cargo.toml")).unwrap();
    for folder in fs::read_dir(&parent).unwrap().map(|entry| entry.unwrap().path()) {
        let is_shared = ["syntax", "types", "options"].iter().any(|name| folder.ends_with(name));
        if !folder.is_dir() || is_shared {
            continue;
        }
        for room in TEXT {
            assert!(folder.join(room).is_file(), "{} has {room}", folder.display());
        }
        // A database whose driver is a feature has all of a driver's rooms, and one of text only has none of them.
        let name = folder.file_name().unwrap().to_string_lossy();
        let has_driver = manifest.contains(&format!("\n{name} = ["));
        for room in DRIVER {
            assert_eq!(folder.join(room).is_file(), has_driver, "{}: {room}", folder.display());
        }
    }
}

#[test]
fn i10_the_facade_only_re_exports() {
    let facade = code(&root().join("src/lib.rs"));
    let public = facade.split("pub mod __private").next().unwrap();
    assert!(!public.contains("::*"), "re-exports are by name");
    assert!(!public.contains("async fn") && !public.contains("pub struct"));
}

#[test]
fn i11_the_project_stands_alone() {
    for folder in ["src", "orm-query", "orm-core", "orm-dialects", "orm-derive", "tests/suite", "examples"] {
        for path in files(folder, "rs") {
            let outside = ["..", "shared"].join("/");
            assert!(!code(&path).contains(&outside), "{}", path.display());
        }
    }
}

#[test]
fn i12_the_session_has_no_locks() {
    let allowed = root().join("orm-core/src/session/transaction.rs");
    for path in files("orm-core/src/session", "rs").iter().filter(|path| **path != allowed) {
        let code = code(path);
        assert!(
            !code.contains("Mutex") && !code.contains("RwLock") && !code.contains("RefCell"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_page_lists_each_of_them() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let here = fs::read_to_string(root().join("tests/suite/invariants.rs")).unwrap();
    for number in 1..=12 {
        assert!(
            here.contains(&format!("fn i{number}_")) && page.contains(&format!("\n{number}. ")),
            "{number}"
        );
    }
    assert!(!page.contains("\n16. "), "fifteen at most");
}
