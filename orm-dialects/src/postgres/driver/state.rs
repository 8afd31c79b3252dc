use super::scan::Scan;
use super::statements::Statements;

/// What is known of a connection without asking the server.
#[derive(Debug)]
pub(super) struct State {
    /// BEGIN was sent, or is about to be.
    pub(super) in_transaction: bool,
    /// The transaction has failed and takes nothing but its end.
    pub(super) failed: bool,
    /// Text of the user's own, or the user's hands, may have begun or ended a transaction.
    pub(super) transacted_by_text: bool,
    /// Text of the user's own, or the user's hands, may have changed the session.
    pub(super) changed: bool,
    /// The program has set the session up by a listener, which `DISCARD ALL` would undo.
    pub(super) kept: bool,
    /// Something was sent whose answer was not read to its end.
    pub(super) unfinished: bool,
    /// The user had the connection in hand, and nobody knows what comes next on it.
    pub(super) handed_out: bool,
    /// Prepared statements are no longer what sqlx thinks they are.
    pub(super) stale: bool,
    /// The connection is lost.
    pub(super) broken: bool,
    /// The time limit that holds for statements, other than the session's own.
    pub(super) limit: Option<Limit>,
    /// A cursor whose reader went away.
    pub(super) abandoned_cursor: Option<String>,
    pub(super) statements: Statements,
}

/// A `statement_timeout` of the driver's.
#[derive(Debug)]
pub(super) struct Limit {
    /// What holds, in milliseconds.
    pub(super) milliseconds: String,
    /// What held before.
    pub(super) before: String,
}

impl State {
    pub(super) fn new(cache_capacity: usize) -> Self {
        State {
            in_transaction: false,
            failed: false,
            transacted_by_text: false,
            changed: false,
            kept: false,
            unfinished: false,
            handed_out: false,
            stale: false,
            broken: false,
            limit: None,
            abandoned_cursor: None,
            statements: Statements::new(cache_capacity),
        }
    }

    /// Whether a statement can be sent as it is.
    pub(super) fn is_ready(&self) -> bool {
        let waits = self.broken || self.handed_out || self.unfinished || self.stale;
        !waits && self.abandoned_cursor.is_none() && !self.statements.is_full()
    }

    /// Whether another user would not notice that the connection was used.
    pub(super) fn is_clean(&self) -> bool {
        let open = self.in_transaction || self.transacted_by_text || self.unfinished || self.handed_out;
        !open && !self.changed && !self.broken && self.limit.is_none() && self.abandoned_cursor.is_none()
    }

    /// Whether another connection could take this one's place without anyone noticing.
    pub(super) fn is_replaceable(&self) -> bool {
        !self.in_transaction && !self.transacted_by_text && !self.changed && !self.kept && !self.handed_out
    }

    /// What a text does to the connection, told before it is sent.
    pub(super) fn expect(&mut self, found: Scan) {
        self.transacted_by_text |= found.transacts;
        self.changed |= found.lasts;
        self.stale |= found.forgets;
    }

    /// The transaction is over, and with it what held for it.
    pub(super) fn ended(&mut self) {
        if self.in_transaction {
            self.limit = None;
        }
        self.in_transaction = false;
        self.failed = false;
        self.abandoned_cursor = None;
    }
}
