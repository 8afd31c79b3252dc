//! Statements over tables that are known at run time only: reflected, read from a file, made up by a program.
//!
//! A [`DynamicTable`] wraps a [`TableDef`](crate::schema::TableDef). Its columns are asked for by name, which may fail;
//! [`DynamicColumn::of`] gives one a Rust type, and with it all that the typed language has. What the types of
//! [`typed`](crate::typed) statements promise is checked later here: a value that does not fit its column when it
//! is given, a source that is not in FROM when the statement is compiled.
//!
//! ```
//! use orm::DataType;
//! use orm::dynamic::{self, DynamicTable, IntoValue};
//! use orm::prelude::*;
//! use orm::schema::{ColumnDef, TableDef};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> orm::Result<()> {
//! # let engine = Engine::new("sqlite::memory:")?;
//! # engine.execute(text("CREATE TABLE planet (name TEXT PRIMARY KEY, moons INTEGER)")).await?;
//! let definition = TableDef::new(
//!     "planet".into(),
//!     vec![
//!         ColumnDef::new("name", DataType::Text).primary_key(),
//!         ColumnDef::new("moons", DataType::Integer).nullable(true),
//!     ]
//!     .into(),
//! );
//! let planet = DynamicTable::new(definition);
//! let (name, moons) = (planet.column("name")?, planet.column("moons")?);
//!
//! let rows = [[("name", "Earth".into_value()), ("moons", 1.into_value())], [("name", "Mars".into_value()), ("moons", 2.into_value())]];
//! engine.execute(planet.insert().row(rows[0].clone())?.row(rows[1].clone())?).await?;
//!
//! let query = dynamic::select([name.clone(), moons.clone()]).from(&planet).filter(moons.gt(1)?).order_by(name.asc());
//! let found = engine.all(query).await?;
//! assert_eq!(found[0].get::<String>("name")?, "Mars");
//!
//! // A column with a Rust type has the whole typed language.
//! let total = dynamic::select([orm::sum(moons.of::<Option<i32>>()?).label("total")]).from(&planet);
//! assert_eq!(engine.all(total).await?[0].get::<i64>("total")?, 3);
//! # Ok(())
//! # }
//! ```

mod column;
mod delete;
mod insert;
mod returning;
mod select;
mod table;
mod update;
mod value;

pub use column::DynamicColumn;
pub use delete::DynamicDelete;
pub use insert::DynamicInsert;
pub use returning::DynamicReturning;
pub use select::{ByName, ByPosition, ByType, DynamicItem, DynamicSelect, select};
pub use table::DynamicTable;
pub use update::DynamicUpdate;
pub use value::IntoValue;
