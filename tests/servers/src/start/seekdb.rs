use std::path::Path;
use std::process::Command;

/// What makes it more like MySQL 8 as it comes, as far as it can be.
pub(super) const SETTLE: &[&str] = &[
    // It listens on every address, whatever it is told: so it lets in nobody but this machine.
    "SET GLOBAL ob_tcp_invited_nodes = '127.0.0.1'",
    "SET GLOBAL sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
     ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET GLOBAL transaction_isolation = 'REPEATABLE-READ'",
    // Microseconds. Every statement would be cut off after ten seconds, and only by that would a wait for a lock end.
    "SET GLOBAL ob_query_timeout = 100000000",
    "SET GLOBAL ob_trx_lock_timeout = 10000000",
    // Without an interval it does not look for deadlocks.
    "ALTER SYSTEM SET _lcl_op_interval = '30ms'",
    "CREATE DATABASE IF NOT EXISTS test",
];

pub(super) fn serve(server: &Path, directory: &Path, port: u16) -> Command {
    let mut command = Command::new(server);
    command.current_dir(directory).arg("--nodaemon").arg("--base-dir").arg(directory.join("data"));
    command.args(["--port", &port.to_string(), "--log-level", "ERROR"]);
    // With a smaller log it does not start.
    for parameter in [
        "memory_budget=1G",
        "log_disk_size=2G",
        "datafile_size=64M",
        "datafile_next=64M",
        "datafile_maxsize=4G",
    ] {
        command.args(["--parameter", parameter]);
    }
    // It would tell its makers that it was started; `0` would not keep it from that.
    command.env("TELEMETRY_ENABLED", "false");
    command
}
