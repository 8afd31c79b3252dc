use std::path::Path;
use std::process::Command;

use super::run;
use crate::place;

pub(super) fn prepare(install: &Path, directory: &Path) -> Result<(), String> {
    let mut install = command(install, directory);
    // `normal`: root without a password, from this machine.
    install.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
    run(&mut install, &directory.join("prepare.log"))
}

pub(super) fn serve(server: &Path, directory: &Path, port: u16) -> Command {
    let mut server = command(server, directory);
    server.args([
        "--bind-address=127.0.0.1",
        // Relative to its data: a path in a target directory may be longer than a socket's may be.
        "--socket=mariadbd.sock",
        "--pid-file=mariadbd.pid",
        "--skip-log-bin",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--max-connections=300",
        "--performance-schema=OFF",
        // What was committed outlives a kill of the server, if not of the machine.
        "--innodb-flush-log-at-trx-commit=2",
        "--innodb-flush-method=nosync",
        "--innodb-buffer-pool-size=64M",
        "--innodb-fast-shutdown=3",
    ]);
    server.arg(format!("--port={port}"));
    server
}

fn command(program: &Path, directory: &Path) -> Command {
    let mut command = Command::new(program);
    // It must be the first.
    command.arg("--no-defaults").arg(format!("--datadir={}", directory.join("data").display()));
    if place::am_root() {
        command.arg("--user=root");
    }
    command.current_dir(directory);
    command
}
