use super::Expr;
use crate::DataType;

/// `CASE [operand] WHEN … THEN … [ELSE …] END`
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What each branch is compared with; `None` where each branch is a condition.
    pub operand: Option<Expr>,
    /// Condition and result.
    pub branches: Vec<(Expr, Expr)>,
    /// The result where no branch fits; NULL where `None`.
    pub otherwise: Option<Expr>,
}

impl Case {
    /// The type of the first result that says one.
    pub fn data_type(&self) -> Option<DataType> {
        self.branches.iter().map(|(_, then)| then).chain(&self.otherwise).find_map(Expr::data_type)
    }
}
