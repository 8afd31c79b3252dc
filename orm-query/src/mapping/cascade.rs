/// Which operations on an object also reach the objects that a relationship leads to, as SQLAlchemy has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cascade {
    /// `add` brings them into the session.
    pub save_update: bool,
    /// `merge` merges them.
    pub merge: bool,
    /// `delete` deletes them.
    pub delete: bool,
    /// They are deleted when they lose their parent.
    pub delete_orphan: bool,
    /// `refresh` and `expire` reach them.
    pub refresh_expire: bool,
    /// `expunge` takes them out as well.
    pub expunge: bool,
}

impl Cascade {
    /// None at all.
    pub const NONE: Cascade = Cascade {
        save_update: false,
        merge: false,
        delete: false,
        delete_orphan: false,
        refresh_expire: false,
        expunge: false,
    };
    /// All but `delete-orphan`.
    pub const ALL: Cascade = Cascade {
        save_update: true,
        merge: true,
        delete: true,
        delete_orphan: false,
        refresh_expire: true,
        expunge: true,
    };
    /// `save-update, merge`: what a relationship has unless it says otherwise.
    pub const DEFAULT: Cascade = Cascade { save_update: true, merge: true, ..Cascade::NONE };
}
