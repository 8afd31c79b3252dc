//! `report`: what the last run of the tests came to on each database. `find`: which servers the tests would use.
//! `stop`: ends at once those that were started for them.

use std::process::ExitCode;

use orm_test_servers::report::Report;
use orm_test_servers::{Kind, look, stop_all};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["report"] => report(),
        ["find"] => {
            find_all();
            Ok(())
        }
        ["stop"] => stop_all(),
        _ => {
            eprintln!("usage: orm-test-servers report|find|stop");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn report() -> std::io::Result<()> {
    match Report::last()? {
        Some(report) => print!("{report}"),
        None => println!("no run of the tests has left a report"),
    }
    Ok(())
}

fn find_all() {
    for kind in Kind::ALL {
        match look(kind) {
            Ok(server) => println!("{kind}: {server}"),
            Err(missing) => println!("{missing}"),
        }
    }
}
