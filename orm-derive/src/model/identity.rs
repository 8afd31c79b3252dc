use proc_macro2::Span;

use crate::attr::{Arg, Key};
use crate::ctxt::Ctxt;

const KEYS: &[Key] = &[
    Key::new("always", "always"),
    Key::new("start", "start = 100"),
    Key::new("increment", "increment = 5"),
    Key::new("min_value", "min_value = 1"),
    Key::new("max_value", "max_value = 999"),
    Key::new("cache", "cache = 20"),
    Key::new("cycle", "cycle"),
];

/// `identity`, or `identity(…)`, which says how it counts.
pub(crate) struct Identity {
    pub(crate) span: Span,
    /// What is said beyond `identity`.
    pub(crate) options: Option<IdentityOptions>,
}

/// A number, and where it stands.
pub(crate) type Number = Option<(i64, Span)>;

/// How an identity column counts.
#[derive(Default)]
pub(crate) struct IdentityOptions {
    pub(crate) always: bool,
    pub(crate) start: Number,
    pub(crate) increment: Number,
    pub(crate) min_value: Number,
    pub(crate) max_value: Number,
    pub(crate) cache: Number,
    pub(crate) cycle: bool,
}

impl Identity {
    pub(super) fn parse(cx: &Ctxt, arg: &Arg) -> Option<Self> {
        let span = arg.span();
        if !arg.is_list() {
            return Some(Identity { span: arg.flag(cx)?, options: None });
        }
        let mut options = IdentityOptions::default();
        for part in arg.keys(cx, KEYS) {
            match part.key.to_string().as_str() {
                "always" => options.always = part.flag(cx).is_some(),
                "start" => options.start = part.signed(cx),
                "increment" => options.increment = part.signed(cx),
                "min_value" => options.min_value = part.signed(cx),
                "max_value" => options.max_value = part.signed(cx),
                "cache" => options.cache = part.signed(cx),
                "cycle" => options.cycle = part.flag(cx).is_some(),
                _ => {}
            }
        }
        Some(Identity { span, options: Some(options) })
    }
}

impl IdentityOptions {
    /// The numbers that are given, each by the name of its setter.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (&'static str, i64)> {
        let numbers = [
            ("start", self.start),
            ("increment", self.increment),
            ("min_value", self.min_value),
            ("max_value", self.max_value),
            ("cache", self.cache),
        ];
        numbers.into_iter().filter_map(|(name, number)| Some((name, number?.0)))
    }
}
