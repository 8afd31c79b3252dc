use expect_test::expect;

use super::{excerpt, pretty, sql_type};

#[test]
fn newtype() {
    expect![[r#"
        const _: () = {
            use ::orm::__private::{self as __orm, glue as __glue};
            const _: () = __glue::assert_not_null(<String as __orm::SqlType>::NULLABLE);
            #[automatically_derived]
            impl __orm::SqlType for Email {
                type Base = Self;
                type Lift<__U: __orm::SqlType> = __U;
                const DATA_TYPE: __orm::DataType = <String as __orm::SqlType>::DATA_TYPE;
                const NULLABLE: bool = false;
                fn to_value(&self) -> __orm::Value {
                    __orm::SqlType::to_value(&self.0)
                }
                fn from_value(
                    __value: __orm::Value,
                ) -> ::core::result::Result<Self, __orm::ValueError> {
                    <String as __orm::SqlType>::from_value(__value)
                        .map(|__inner| Self { 0: __inner })
                }
                fn decode(__row: &dyn __orm::Row, __position: usize) -> __glue::Decoded<Self> {
                    __glue::not_null(
                        Self::decode_nullable(__row, __position),
                        __row,
                        __position,
                        "Email",
                    )
                }
                fn decode_nullable(
                    __row: &dyn __orm::Row,
                    __position: usize,
                ) -> __glue::Decoded<::core::option::Option<Self>> {
                    ::core::result::Result::Ok(
                        <String as __orm::SqlType>::decode_nullable(__row, __position)?
                            .map(|__inner| Self { 0: __inner }),
                    )
                }
            }
            #[automatically_derived]
            impl __orm::ArrayElement for Email
            where
                for<'__a> String: __orm::ArrayElement,
            {
                const ELEMENT: &'static __orm::DataType = &<Self as __orm::SqlType>::DATA_TYPE;
            }
            #[automatically_derived]
            impl __orm::Operand<Email> for Email {
                type Sql = Self;
                type Sources = __orm::Nil;
                fn into_operand(self) -> __orm::tree::Expr {
                    __orm::literal_operand(&self)
                }
            }
        };
    "#]]
    .assert_eq(&pretty(sql_type("pub struct Email(String);")));
}

#[test]
fn text_enum() {
    let input = r#"
        #[sql_type(name = "mood", rename_all = "kebab-case")]
        enum Mood {
            VerySad,
            #[sql_type(rename = "OK")]
            Okay,
        }
    "#;
    let output = excerpt(sql_type(input), "__VARIANTS", "fn decode(");
    expect![[r#"
        const __VARIANTS: &[(&str, Mood)] = &[
            ("very-sad", Mood::VerySad),
            ("OK", Mood::Okay),
        ];
        #[automatically_derived]
        impl __orm::SqlType for Mood {
            type Base = Self;
            type Lift<__U: __orm::SqlType> = __U;
            const DATA_TYPE: __orm::DataType = __glue::text_enum(
                "mood",
                &[__orm::Name::Borrowed("very-sad"), __orm::Name::Borrowed("OK")],
                true,
            );
            const NULLABLE: bool = false;
            fn to_value(&self) -> __orm::Value {
                __glue::text_value(
                    match self {
                        Self::VerySad => "very-sad",
                        Self::Okay => "OK",
                    },
                )
            }
            fn from_value(
                __value: __orm::Value,
            ) -> ::core::result::Result<Self, __orm::ValueError> {
                __glue::variant_from_text(__value, "Mood", __VARIANTS)
            }
    "#]]
    .assert_eq(&output);
}

#[test]
fn integer_enum() {
    let output = excerpt(
        sql_type("#[sql_type(repr = \"i16\")] enum Level { Low = 1, High = 10 }"),
        "__VARIANTS",
        "fn decode(",
    );
    expect![[r#"
        const __VARIANTS: &[(i16, Level)] = &[
            (Level::Low as i16, Level::Low),
            (Level::High as i16, Level::High),
        ];
        #[automatically_derived]
        impl __orm::SqlType for Level {
            type Base = Self;
            type Lift<__U: __orm::SqlType> = __U;
            const DATA_TYPE: __orm::DataType = <i16 as __orm::SqlType>::DATA_TYPE;
            const NULLABLE: bool = false;
            fn to_value(&self) -> __orm::Value {
                __orm::SqlType::to_value(
                    &match self {
                        Self::Low => Level::Low as i16,
                        Self::High => Level::High as i16,
                    },
                )
            }
            fn from_value(
                __value: __orm::Value,
            ) -> ::core::result::Result<Self, __orm::ValueError> {
                __glue::variant_from_integer(__value, "Level", __VARIANTS)
            }
    "#]]
    .assert_eq(&output);
}

#[test]
fn enum_that_is_text_everywhere() {
    let output = excerpt(sql_type("#[sql_type(native = false)] enum Mood { Sad }"), "DATA_TYPE", "NULLABLE");
    expect![[r#"
        const DATA_TYPE: __orm::DataType = __glue::text_enum(
            "mood",
            &[__orm::Name::Borrowed("sad")],
            false,
        );
    "#]]
    .assert_eq(&output);
}

#[test]
fn decorator() {
    expect![[r#"
        const _: () = {
            use ::orm::__private::{self as __orm, glue as __glue};
            #[automatically_derived]
            impl __orm::SqlType for Tags {
                type Base = Self;
                type Lift<__U: __orm::SqlType> = __U;
                const DATA_TYPE: __orm::DataType = <Tags as __orm::TypeDecorator>::COLUMN_TYPE;
                const NULLABLE: bool = false;
                fn to_value(&self) -> __orm::Value {
                    __orm::SqlType::to_value(&<Tags as __orm::TypeDecorator>::process_bind(self))
                }
                fn from_value(
                    __value: __orm::Value,
                ) -> ::core::result::Result<Self, __orm::ValueError> {
                    __glue::decorated(
                        __value,
                        "Tags",
                        <Tags as __orm::TypeDecorator>::process_result,
                    )
                }
                fn decode(__row: &dyn __orm::Row, __position: usize) -> __glue::Decoded<Self> {
                    __glue::not_null(
                        Self::decode_nullable(__row, __position),
                        __row,
                        __position,
                        "Tags",
                    )
                }
                fn decode_nullable(
                    __row: &dyn __orm::Row,
                    __position: usize,
                ) -> __glue::Decoded<::core::option::Option<Self>> {
                    __glue::read_decorated(
                        __row,
                        __position,
                        "Tags",
                        <Tags as __orm::TypeDecorator>::process_result,
                    )
                }
            }
            #[automatically_derived]
            impl __orm::ArrayElement for Tags
            where
                for<'__a> <Tags as __orm::TypeDecorator>::Impl: __orm::ArrayElement,
            {
                const ELEMENT: &'static __orm::DataType = &<Self as __orm::SqlType>::DATA_TYPE;
            }
            #[automatically_derived]
            impl __orm::Operand<Tags> for Tags {
                type Sql = Self;
                type Sources = __orm::Nil;
                fn into_operand(self) -> __orm::tree::Expr {
                    __orm::literal_operand(&self)
                }
            }
        };
    "#]]
    .assert_eq(&pretty(sql_type("#[sql_type(decorator)] struct Tags { list: Vec<String>, sorted: bool }")));
}
