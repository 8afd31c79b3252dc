//! Where servers, what is installed for them, and reports are kept.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// `servers` in the target directory that this program was built in.
pub(crate) fn servers() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let target = program.ancestors().find(|directory| is_target(directory));
    target.map(Path::to_owned).or_else(named_target).unwrap_or_else(workspace_target).join("servers")
}

/// Cargo marks a target directory; with the tag only one that it made itself.
fn is_target(directory: &Path) -> bool {
    [".rustc_info.json", "CACHEDIR.TAG"].iter().any(|mark| directory.join(mark).is_file())
}

/// Where `tests/servers/install` may have put things.
pub(crate) fn installed() -> Vec<PathBuf> {
    let mut places = vec![servers()];
    places
        .extend(named_target().into_iter().chain([workspace_target()]).map(|target| target.join("servers")));
    places.dedup();
    places.into_iter().map(|servers| servers.join("installed")).collect()
}

fn named_target() -> Option<PathBuf> {
    env::var_os("CARGO_TARGET_DIR").map(PathBuf::from).filter(|target| target.is_absolute())
}

fn workspace_target() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")).to_owned()
}

/// The directory of running servers, which a user that is not root can reach.
pub(crate) fn running() -> io::Result<PathBuf> {
    let directory = servers().join("running");
    fs::DirBuilder::new().recursive(true).mode(0o755).create(&directory)?;
    if !am_root() || open_to_others(&directory) {
        return Ok(directory);
    }
    let mut hasher = DefaultHasher::new();
    directory.hash(&mut hasher);
    let directory = env::temp_dir().join(format!("orm-test-servers-{:016x}", hasher.finish()));
    fs::DirBuilder::new().recursive(true).mode(0o755).create(&directory)?;
    Ok(directory)
}

/// Whether others can reach a directory: all of its ancestors let them pass.
pub(crate) fn open_to_others(directory: &Path) -> bool {
    let Ok(directory) = directory.canonicalize() else { return false };
    directory.ancestors().all(|above| fs::metadata(above).is_ok_and(|above| above.mode() & 0o001 != 0))
}

/// Some servers refuse to run as root.
pub(crate) fn am_root() -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    *ROOT.get_or_init(|| {
        let id = Command::new("id").arg("-u").output();
        id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn servers_live_in_the_target_directory() {
        assert!(is_target(servers().parent().unwrap()));
    }

    #[test]
    fn a_closed_directory_is_not_open_to_others() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!open_to_others(&inner));
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(open_to_others(&inner), open_to_others(directory.path().parent().unwrap()));
    }
}
