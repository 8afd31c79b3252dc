//! The servers of this machine, and those that are started because it has none.

use std::time::Instant;

use orm_test_servers::{Kind, find, required};

#[tokio::test]
async fn every_kind_is_found_or_says_why_not() {
    for kind in Kind::ALL {
        let started = Instant::now();
        match find(kind) {
            Ok(server) => {
                eprintln!("{kind}: {server}, in {:?}", started.elapsed());
                assert_eq!(server.kind, kind);
                assert!(std::ptr::eq(server, find(kind).unwrap()));
            }
            Err(missing) if required() => panic!("{missing}"),
            Err(missing) => {
                eprintln!("{missing}");
                assert!(missing.why.contains(kind.variable()), "{missing}");
            }
        }
    }
}
