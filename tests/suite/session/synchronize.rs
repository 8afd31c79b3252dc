//! Objects follow the statements that change or delete their rows.

mod changed;
mod evaluate;
mod expressions;
mod gone;
mod related;
