//! The typed front: what users write. Each item wraps a plain [`tree`](crate::tree) and says in its type what the
//! tree reads, so that a statement that compiles is well-formed.
//!
//! [`Expression`] has the operators, [`InScope`] proves that a column's table is in FROM, [`RowIn`] computes the
//! row that a select list gives.

mod aggregate;
mod alias;
mod arithmetic;
mod array;
mod assign;
mod attribute;
mod boolean;
mod case;
mod column;
mod column_option;
mod columns;
mod compound;
mod container;
mod contains_eager;
mod conversion;
mod cte;
mod custom;
mod delete;
mod expression;
mod fits;
mod full_text;
mod function;
mod group;
mod hstore;
pub(crate) mod insert;
mod into_record;
mod join;
mod joinable;
mod json;
mod label;
mod load;
mod load_option;
mod loaded;
mod mark;
mod members;
mod merge;
mod named_row;
mod nullness;
mod number_ops;
pub(crate) mod on_conflict;
mod on_demand;
mod operand;
mod options;
mod order;
mod param;
mod presence;
mod projection;
mod query;
mod query_expression;
mod query_option;
mod range;
mod record;
mod record_row;
mod relationship;
mod relationship_operators;
mod relationship_path;
mod row_in;
mod row_mapping;
mod sample;
mod scope;
mod select;
mod source;
mod subquery;
mod synchronize;
mod table;
mod table_function;
mod text;
mod text_entities;
mod text_ops;
mod tuple;
mod update;
mod update_many;
mod values;
mod view;
mod window;

pub use aggregate::{
    Averaged, Countable, OrderedSet, OrderedValue, Summed, avg, count, grouping, max, min, sum,
};
pub use alias::AliasOf;
#[doc(hidden)]
pub use alias::{alias_from, alias_source};
pub use arithmetic::{Added, Arithmetic, Divided, Subtracted, Term};
pub use array::{AnyOrAll, ArrayItem, ArrayOperators, ArrayPlace, Elements, all_, any_, array};
pub use assign::SetFromQuery;
pub use attribute::{Attribute, AttributeDef, AttributePlace, Attributes, VisitAttribute};
pub use boolean::{BooleanOperators, false_, true_};
pub use case::{CaseBuilder, CaseElse, CaseValue, case, case_value};
pub use column::Column;
pub use column_option::{
    AskedFor, ColumnsOption, NamedColumns, WithExpression, defer, load_only, undefer, undefer_group,
    with_expression,
};
pub use columns::Columns;
pub use compound::Compound;
pub use container::{Concatenable, Container, ContainerOperators, Nesting, Overlapping};
pub use contains_eager::{BehindJoin, ContainsEager, contains_eager};
pub use conversion::{Conversion, Dated, extract, inline, literal, literal_column, null};
pub use cte::Cte;
pub use custom::{CustomOperators, OperatorCall};
pub use delete::{Delete, delete};
pub use expression::{
    BaseOf, Boolean, Call, Callable, Compared, Expr, Expression, Joined, Lifted, Plain, Predicate, Textual,
};
pub use fits::{Fits, RowsOf, SameRows};
pub use full_text::{plainto_tsquery, to_tsquery, to_tsvector, ts_rank};
pub use function::{Argument, Arguments, FunctionCall, func};
pub use group::{EmptySet, GroupList, Grouping, SetsOf, cube, empty_set, grouping_sets, rollup};
pub use hstore::{HstoreOperators, KeysAndValues};
pub use insert::{AsRows, Insert, InsertColumns, OfNoRow, RowColumns, insert, typed_bind};
pub use into_record::IntoRecord;
pub use join::{InnerJoined, JoinGroup, OuterJoined, join_group};
pub use joinable::{Derived, Joinable};
pub use json::{JsonDocument, JsonOperators, JsonbDocument, JsonbOperators, Keyed, OfDocument};
pub use label::{Label, label};
pub use load::{ColumnChoice, ColumnOption, LoadOptions, LoadPath, PerParent, RaiseAll, Strategy};
pub use load_option::{
    Behind, Brings, BringsNothing, Followed, LeadsBackTo, LoadOption, LoadsForCertain, default_load,
    immediate, joined, lazy, noload, raise, raise_on_sql, selectin, subquery,
};
pub use loaded::{
    Covers, FilteredPlace, Known, Loadable, Loaded, LoadedIn, LoadedList, LoadedRef, LoadedRefs, LoadedTable,
    LoadingOf, LoadingOptions, Loads, Names, Place, Reach,
};
pub use mark::{
    AggregateOf, Aggregated, GroupWise, Mark, Marked, NoAggregate, NoWindow, PerRow, RowWise, Windowed,
};
pub use members::Members;
pub use merge::{
    Branch, Matched, MatchedScope, Merge, MergeInsert, MergeInto, MergeUpdate, NotMatched,
    NotMatchedBySource, OfTable, When, merge,
};
pub use nullness::{MaybeNull, NotNull, Nullness};
pub use number_ops::{Bitwise, NumberOperators};
pub use on_conflict::{Conflict, ConflictScope, DoUpdate, Excluded, excluded};
pub use on_demand::OnDemand;
pub use operand::{AssignTo, InOperand, Operand, SameType, literal_operand};
pub use options::{StatementOptions, WithOptions};
pub use order::{IntoOrder, Order, OrderList};
pub use param::{Bindings, ParamList, param, param_list, param_or};
pub use presence::{Always, CanBeDeferred, MayBeAbsent, Presence, Property, Stored};
pub use projection::{EntityAt, Projection};
pub use query::{Executable, Query, Returning};
pub use query_expression::QueryExpression;
pub use query_option::{QueryOption, RaiseOption, WithCriteria, raise_all, raise_all_of, with_criteria};
pub use range::{RangeOperators, Ranges};
pub use record::{
    ColumnsOf, Entities, Nameable, Record, RecordColumn, Records, RowKind, record_from, record_source,
};
pub use record_row::{
    ColumnField, EntityField, NestedField, OptionalEntity, OptionalNested, RecordColumns, RecordField,
    RecordRow, WholeRecord,
};
pub use relationship::Relationship;
pub use relationship_operators::{
    LeadsToMany, LeadsToOne, LeadsToOptional, RelationshipOperators, with_parent,
};
pub use relationship_path::{FilteredRelationship, OfTarget, RelationshipPath};
pub use row_in::{Convert, Mode, Owned, RowIn, Unchanged};
pub use row_mapping::{ColumnIndex, FirstColumn, Mappings, RowMapping};
pub use sample::{Sample, Sampled, tablesample};
pub use scope::{
    Anywhere, Both, Here, InFrom, InScope, Inner, MakeNullable, Needs, Nil, Nullable, Onto, Outer, Plus,
    Single, SourceSet, Standalone, StartScope, There, Total, Union,
};
pub use select::{RowCount, Select, select};
pub use source::{Source, mapped_from, mapped_source};
pub use subquery::{Quantity, Scalar, exists};
pub use synchronize::Synchronize;
pub use table::Table;
pub use table_function::TableFunction;
pub use text::{Text, TextRow, TextRows, text};
pub use text_entities::TextEntities;
pub use text_ops::{Searchable, TextOperators};
pub use tuple::{Tuple, TupleIn, TupleItems, TupleOperand, tuple};
pub use update::{AllRows, Bounded, Filtered, Unfiltered, Update, update};
pub use update_many::{PlainValue, SetColumns, UpdateMany};
pub use values::{Values, ValuesItem, ValuesRow, values};
pub use view::{create_table_as, create_view, drop_view};
pub use window::{
    FrameEnd, OfOtherRow, Over, OverSources, WindowFunction, cume_dist, dense_rank, first_value, lag, lag_by,
    lag_or, last_value, lead, lead_by, lead_or, nth_value, ntile, percent_rank, rank, row_number,
};

/// Functions of SQL by name, typed.
pub mod functions {
    pub use super::aggregate::{
        array_agg, avg, bool_and, bool_or, count, json_agg, json_object_agg, max, min, mode, percentile_cont,
        percentile_disc, stddev_pop, stddev_samp, string_agg, sum, var_pop, var_samp,
    };
    pub use super::conversion::extract;
    pub use super::function::{
        abs, ceil, coalesce, concat, current_date, current_time, current_timestamp, exp, floor, greatest,
        json_array, json_object, least, left, length, ln, localtimestamp, lower, lpad, ltrim, now, nullif,
        position, power, random, repeat, replace, reverse, right, round, rpad, rtrim, sqrt, substr, trim,
        upper,
    };
}
