use std::path::Path;
use std::process::Command;

/// It listens on every address, whatever it is told: so it lets in nobody but this machine.
pub(super) const SETTLE: &[&str] =
    &["SET GLOBAL ob_tcp_invited_nodes = '127.0.0.1'", "CREATE DATABASE IF NOT EXISTS test"];

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
