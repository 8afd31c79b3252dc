/// An operator with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `IS DISTINCT FROM`
    IsDistinctFrom,
    /// `IS NOT DISTINCT FROM`
    IsNotDistinctFrom,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// The quotient, rounded down to an integer.
    FloorDivide,
    /// The remainder of a division.
    Modulo,
    /// `||`
    Concat,
    /// The bits that both have.
    BitAnd,
    /// The bits that one has.
    BitOr,
    /// The bits that only one has.
    BitXor,
    /// Bits moved to the left.
    ShiftLeft,
    /// Bits moved to the right.
    ShiftRight,
    /// `@>`: an array, a document, a map or a range has all that the other one has.
    Contains,
    /// `<@`: the same the other way round.
    ContainedBy,
    /// `&&`: arrays or ranges have something in common.
    Overlaps,
    /// `?`: a document or a map has the key.
    HasKey,
    /// `?|`: it has one of the keys.
    HasAnyKey,
    /// `?&`: it has all the keys.
    HasAllKeys,
    /// `->`: the value of a key in a map.
    ValueOf,
    /// `-`: a document without a key.
    DeleteKey,
    /// `#-`: a document without what is at the path.
    DeletePath,
    /// `@?`: an SQL/JSON path finds something in a document.
    PathExists,
    /// `@@`: an SQL/JSON path predicate is true of a document.
    PathMatches,
    /// `<<`: a range ends before the other begins.
    LeftOf,
    /// `>>`: a range begins behind the other's end.
    RightOf,
    /// `&<`: a range does not reach beyond the other's end.
    NotExtendRightOf,
    /// `&>`: a range does not begin before the other.
    NotExtendLeftOf,
    /// `-|-`: ranges touch.
    AdjacentTo,
}

impl BinaryOperator {
    /// Whether the result is true, false or unknown.
    pub const fn is_predicate(self) -> bool {
        use BinaryOperator::*;
        match self {
            Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | IsNotDistinctFrom | Contains | ContainedBy
            | Overlaps | HasKey | HasAnyKey | HasAllKeys | PathExists | PathMatches | LeftOf | RightOf
            | NotExtendRightOf | NotExtendLeftOf | AdjacentTo => true,
            Add | Subtract | Multiply | Divide | FloorDivide | Modulo | Concat | BitAnd | BitOr | BitXor
            | ShiftLeft | ShiftRight | ValueOf | DeleteKey | DeletePath => false,
        }
    }

    /// The comparison that is true where this one is false, and unknown where it is unknown.
    pub const fn negated(self) -> Option<BinaryOperator> {
        use BinaryOperator::*;
        Some(match self {
            Eq => Ne,
            Ne => Eq,
            Lt => Ge,
            Le => Gt,
            Gt => Le,
            Ge => Lt,
            IsDistinctFrom => IsNotDistinctFrom,
            IsNotDistinctFrom => IsDistinctFrom,
            Add | Subtract | Multiply | Divide | FloorDivide | Modulo | Concat | BitAnd | BitOr | BitXor
            | ShiftLeft | ShiftRight | Contains | ContainedBy | Overlaps | HasKey | HasAnyKey
            | HasAllKeys | ValueOf | DeleteKey | DeletePath | PathExists | PathMatches | LeftOf | RightOf
            | NotExtendRightOf | NotExtendLeftOf | AdjacentTo => return None,
        })
    }
}

/// An operator with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `NOT`
    Not,
    /// `-`
    Negate,
    /// All bits turned round.
    BitNot,
    /// `IS NULL`
    IsNull,
    /// `IS NOT NULL`
    IsNotNull,
    /// `IS TRUE`
    IsTrue,
    /// `IS NOT TRUE`
    IsNotTrue,
    /// `IS FALSE`
    IsFalse,
    /// `IS NOT FALSE`
    IsNotFalse,
}

impl UnaryOperator {
    /// Whether the result is true, false or unknown.
    pub const fn is_predicate(self) -> bool {
        match self {
            UnaryOperator::Not => true,
            UnaryOperator::Negate | UnaryOperator::BitNot => false,
            _ => self.is_test(),
        }
    }

    /// Whether it asks what the operand is, and is never unknown itself.
    pub const fn is_test(self) -> bool {
        use UnaryOperator::*;
        match self {
            IsNull | IsNotNull | IsTrue | IsNotTrue | IsFalse | IsNotFalse => true,
            Not | Negate | BitNot => false,
        }
    }
}

/// How many rows of a subquery, or elements of an array, a comparison must hold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// One at least.
    Any,
    /// Every one.
    All,
}
