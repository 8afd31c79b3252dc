//! What DDL MySQL says otherwise.
