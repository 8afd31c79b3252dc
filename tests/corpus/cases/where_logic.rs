use orm::prelude::*;

use crate::case::Case;
use crate::schema::User;

pub(crate) fn cases() -> Vec<Case> {
    let ids = || select(User::id);
    vec![
        Case::new("where_eq", select(User::name).filter(User::id.eq(1))),
        Case::new(
            "where_lt_le_gt_ge",
            ids()
                .filter(User::age.lt(41))
                .filter(User::age.le(30))
                .filter(User::age.gt(20))
                .filter(User::age.ge(25)),
        ),
        Case::new("where_column_to_column", ids().filter(User::name.eq(User::fullname))),
        Case::new("where_chained_is_and", ids().filter(User::age.gt(20)).filter(User::age.lt(40))),
        Case::new("where_filter_by", select(User).filter(User::name.eq("bob").and(User::is_active.eq(true)))),
        Case::new("where_eq_none", ids().filter(User::age.eq(None::<i32>))),
        Case::new("where_ne_none", ids().filter(User::age.ne(None::<i32>))),
        Case::new("where_is_not_null", ids().filter(User::age.is_not_null())),
        Case::new("where_null_constant", ids().filter(User::age.is_null())),
        Case::new("where_bool_column", ids().filter(User::is_active)),
        Case::new("where_not_bool_column", ids().filter(!User::is_active)),
        Case::new("where_bool_is_true", ids().filter(User::is_active.is_true())),
        Case::new("where_bool_eq_false", ids().filter(User::is_active.eq(false))),
        Case::new("where_bool_is_true_constant", ids().filter(User::is_active.eq(true_()))),
        Case::new("where_and", ids().filter(User::age.gt(20).and(User::is_active))),
        Case::new(
            "where_and_or_precedence",
            ids().filter(User::age.gt(20).and(User::age.lt(28)).or(User::id.eq(5))),
        ),
        Case::new(
            "where_operator_overloads",
            ids().filter((User::age.gt(28) & !User::name.eq("alice")) | User::id.eq(2)),
        ),
        Case::new("where_not_and", ids().filter(!(User::age.gt(20) & User::is_active))),
        Case::new("where_not_or", ids().filter(!(User::age.gt(35) | User::is_active))),
        Case::new(
            "where_not_comparison_inverts",
            ids().filter(!User::age.gt(28)).filter(!User::name.eq("x")),
        ),
        Case::new("where_not_like_inverts", ids().filter(!User::name.like("a%"))),
        Case::new("where_double_not", ids().filter(!!User::age.gt(28))),
        Case::new("where_and_true_folds", ids().filter(true_().and(User::id.eq(1)))),
        Case::new("where_and_false_folds", ids().filter(false_().and(User::id.eq(1)))),
        Case::new("where_or_false_folds", ids().filter(false_().or(User::id.eq(1)))),
        Case::new("where_or_true_folds", ids().filter(true_().or(User::id.eq(1)))),
        Case::new("where_true", ids().filter(true_())),
        Case::new("where_false", ids().filter(false_())),
        Case::new("where_comparison_of_comparison", ids().filter(User::age.gt(28).eq(User::id.gt(3)))),
        Case::new("where_select_comparison_expression", select((User::id, User::age.gt(28).label("older")))),
    ]
}
