use super::Connection;
use crate::Result;

/// Two-phase commit, for a transaction over several databases: each prepares, and when all have, each commits. What is
/// prepared survives the loss of the connection and of the server, and holds its locks until it is ended by its id.
impl Connection {
    /// Begins a transaction that can be prepared under `id`, which the caller makes up and which nobody else uses.
    ///
    /// # Errors
    /// [`Error::Unsupported`](crate::Error::Unsupported) where the database has no two-phase commit; what the database
    /// says.
    pub async fn begin_two_phase(&mut self, id: &str) -> Result<()> {
        self.log("BEGIN TWO-PHASE");
        let begun = self.pooled.raw()?.begin_two_phase(id).await;
        self.is_used = true;
        self.checked(begun)
    }

    /// Prepares the transaction: from now on it can be committed for sure, and only by its id.
    ///
    /// # Errors
    /// What the database says; the transaction is rolled back then.
    pub async fn prepare_two_phase(&mut self, id: &str) -> Result<()> {
        self.settle().await?;
        self.log("PREPARE TRANSACTION");
        let prepared = self.pooled.raw()?.prepare_two_phase(id).await;
        self.checked(prepared)
    }

    /// Commits a prepared transaction, of whichever connection it was.
    ///
    /// # Errors
    /// What the database says.
    pub async fn commit_prepared(&mut self, id: &str) -> Result<()> {
        self.log("COMMIT PREPARED");
        let committed = self.pooled.raw()?.commit_prepared(id).await;
        self.is_used = true;
        self.checked(committed)
    }

    /// Rolls a prepared transaction back.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rollback_prepared(&mut self, id: &str) -> Result<()> {
        self.log("ROLLBACK PREPARED");
        let rolled_back = self.pooled.raw()?.rollback_prepared(id).await;
        self.is_used = true;
        self.checked(rolled_back)
    }

    /// The ids of the transactions that are prepared and wait, for recovery after a crash.
    ///
    /// # Errors
    /// What the database says.
    pub async fn prepared_transactions(&mut self) -> Result<Vec<String>> {
        let ids = self.pooled.raw()?.prepared_transactions().await;
        self.is_used = true;
        self.checked(ids)
    }
}
