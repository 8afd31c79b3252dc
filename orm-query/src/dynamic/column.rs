use super::value::{IntoValue, fit};
use crate::schema::Name;
use crate::tree::{self, BinaryOperator, ColumnRef, InList, OrderBy, SourceRef, UnaryOperator};
use crate::typed::{Expr, Nil, Order};
use crate::{Bind, CompileError, DataType, SqlType, Value};

/// A column of a [`DynamicTable`](super::DynamicTable).
///
/// The comparisons here take values of any type and refuse those that do not fit the column;
/// [`of`](Self::of) gives it a Rust type, and with it all operators and functions.
#[derive(Debug, Clone, PartialEq)]
pub struct DynamicColumn {
    column: ColumnRef,
    nullable: bool,
}

/// What a comparison of a dynamic column gives: it may be unknown.
type Condition = Expr<Option<bool>, Nil>;

impl DynamicColumn {
    pub(super) fn new(source: SourceRef, name: Name, data_type: DataType, nullable: bool) -> Self {
        DynamicColumn { column: ColumnRef { source, name, data_type }, nullable }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.column.name
    }

    /// Its SQL type.
    pub fn data_type(&self) -> &DataType {
        &self.column.data_type
    }

    /// The column as an expression of the type `T`.
    ///
    /// # Errors
    /// [`CompileError::WrongType`] where the column is of another SQL type, or may be NULL and `T` has no place for it.
    pub fn of<T: SqlType>(&self) -> Result<Expr<T, Nil>, CompileError> {
        let own = &self.column.data_type;
        let alike = std::mem::discriminant(own) == std::mem::discriminant(&T::DATA_TYPE)
            || (is_text(own) && is_text(&T::DATA_TYPE));
        if alike && (T::NULLABLE || !self.nullable) {
            return Ok(Expr::from_tree(self.clone().into_tree()));
        }
        let null = if self.nullable { " or NULL" } else { "" };
        Err(CompileError::WrongType {
            column: format!("{}.{}", self.column.source, self.column.name),
            data_type: format!("{own}{null}"),
            value: format!("a value of the type {}", std::any::type_name::<T>()),
        })
    }

    pub(super) fn into_tree(self) -> tree::Expr {
        tree::Expr::Column(self.column)
    }

    fn bind(&self, value: impl IntoValue) -> Result<tree::Expr, CompileError> {
        let source = self.column.source.to_string();
        let value = fit(value.into_value(), &self.column.data_type, &source, &self.column.name)?;
        Ok(tree::Expr::Bind(Bind::new(value, self.column.data_type.clone())))
    }

    fn compared(&self, operator: BinaryOperator, value: impl IntoValue) -> Result<Condition, CompileError> {
        let right = self.bind(value)?;
        Ok(Expr::from_tree(self.clone().into_tree().binary(operator, right)))
    }

    /// `column = value`; `IS NULL` for NULL.
    ///
    /// # Errors
    /// This and the other comparisons: [`CompileError::WrongType`] where the value does not fit the column.
    pub fn eq(&self, value: impl IntoValue) -> Result<Condition, CompileError> {
        match value.into_value() {
            Value::Null => Ok(self.is_null_or_unknown(UnaryOperator::IsNull)),
            value => self.compared(BinaryOperator::Eq, value),
        }
    }

    /// `column != value`; `IS NOT NULL` for NULL.
    ///
    /// # Errors
    /// As [`eq`](Self::eq).
    pub fn ne(&self, value: impl IntoValue) -> Result<Condition, CompileError> {
        match value.into_value() {
            Value::Null => Ok(self.is_null_or_unknown(UnaryOperator::IsNotNull)),
            value => self.compared(BinaryOperator::Ne, value),
        }
    }

    /// `column < value`
    ///
    /// # Errors
    /// As [`eq`](Self::eq).
    pub fn lt(&self, value: impl IntoValue) -> Result<Condition, CompileError> {
        self.compared(BinaryOperator::Lt, value)
    }

    /// `column <= value`
    ///
    /// # Errors
    /// As [`eq`](Self::eq).
    pub fn le(&self, value: impl IntoValue) -> Result<Condition, CompileError> {
        self.compared(BinaryOperator::Le, value)
    }

    /// `column > value`
    ///
    /// # Errors
    /// As [`eq`](Self::eq).
    pub fn gt(&self, value: impl IntoValue) -> Result<Condition, CompileError> {
        self.compared(BinaryOperator::Gt, value)
    }

    /// `column >= value`
    ///
    /// # Errors
    /// As [`eq`](Self::eq).
    pub fn ge(&self, value: impl IntoValue) -> Result<Condition, CompileError> {
        self.compared(BinaryOperator::Ge, value)
    }

    /// `column IN (…)`
    ///
    /// # Errors
    /// As [`eq`](Self::eq).
    pub fn in_<V: IntoValue>(&self, values: impl IntoIterator<Item = V>) -> Result<Condition, CompileError> {
        let list: Result<_, _> = values.into_iter().map(|value| self.bind(value)).collect();
        let operand = self.clone().into_tree();
        Ok(Expr::from_tree(tree::Expr::InList(Box::new(InList { operand, list: list?, negated: false }))))
    }

    /// `column = other`, where both are of alike types.
    ///
    /// # Errors
    /// [`CompileError::WrongType`] where they are not.
    pub fn equals(&self, other: &DynamicColumn) -> Result<Condition, CompileError> {
        let (own, others) = (&self.column.data_type, &other.column.data_type);
        let alike = std::mem::discriminant(own) == std::mem::discriminant(others)
            || (is_text(own) && is_text(others))
            || (own.is_integer() && others.is_integer());
        if !alike {
            return Err(CompileError::WrongType {
                column: format!("{}.{}", self.column.source, self.column.name),
                data_type: own.to_string(),
                value: format!("`{}.{}` of the type {others}", other.column.source, other.column.name),
            });
        }
        let (left, right) = (self.clone().into_tree(), other.clone().into_tree());
        Ok(Expr::from_tree(left.binary(BinaryOperator::Eq, right)))
    }

    /// `column IS NULL`
    pub fn is_null(&self) -> Condition {
        self.is_null_or_unknown(UnaryOperator::IsNull)
    }

    /// `column IS NOT NULL`
    pub fn is_not_null(&self) -> Condition {
        self.is_null_or_unknown(UnaryOperator::IsNotNull)
    }

    fn is_null_or_unknown(&self, operator: UnaryOperator) -> Condition {
        Expr::from_tree(self.clone().into_tree().unary(operator))
    }

    /// The smallest first, in `order_by`.
    pub fn asc(&self) -> Order<Nil> {
        Order::new(self.clone().into_tree(), false)
    }

    /// The greatest first, in `order_by`.
    pub fn desc(&self) -> Order<Nil> {
        Order::new(self.clone().into_tree(), true)
    }
}

impl From<DynamicColumn> for OrderBy {
    fn from(column: DynamicColumn) -> Self {
        column.into_tree().into()
    }
}

/// Text of any length and of a limited one are one type in Rust.
fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Text | DataType::Varchar(_))
}
