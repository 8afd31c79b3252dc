use orm_query::schema::Counter;

/// How a sequence counts, in full.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub(super) start: i64,
    pub(super) increment: i64,
    pub(super) min_value: i64,
    pub(super) max_value: i64,
    pub(super) cache: i64,
    pub(super) cycle: bool,
}

/// What of it is not the default of a sequence of numbers from `least` to `most`.
pub(super) fn counter(counts: &Counts, least: i64, most: i64) -> Counter {
    let up = counts.increment > 0;
    let (min_value, max_value) = if up { (1, most) } else { (least, -1) };
    let start = if up { counts.min_value } else { counts.max_value };
    let unless = |value: i64, default: i64| (value != default).then_some(value);
    let mut counter = Counter::new();
    counter.start = unless(counts.start, start);
    counter.increment = unless(counts.increment, 1);
    counter.min_value = unless(counts.min_value, min_value);
    counter.max_value = unless(counts.max_value, max_value);
    counter.cache = unless(counts.cache, 1);
    counter.cycle = counts.cycle;
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_left_out() {
        let up = Counts { start: 1, increment: 1, min_value: 1, max_value: i64::MAX, cache: 1, cycle: false };
        assert_eq!(counter(&up, i64::MIN, i64::MAX), Counter::new());
        assert_eq!(counter(&up, i32::MIN.into(), i32::MAX.into()), Counter::new().max_value(i64::MAX));
        let down = Counts { start: -1, increment: -2, min_value: i64::MIN, max_value: -1, ..up };
        assert_eq!(counter(&down, i64::MIN, i64::MAX), Counter::new().increment(-2));
        let from_5 = Counts { start: 5, min_value: 5, cycle: true, cache: 9, ..up };
        assert_eq!(counter(&from_5, i64::MIN, i64::MAX), Counter::new().min_value(5).cache(9).cycle());
    }
}
