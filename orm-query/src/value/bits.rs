//! Bit strings.

use std::fmt;
use std::str::FromStr;

/// The value of a `BIT` or `BIT VARYING` column; the first bit is the leftmost one, as SQL writes them.
///
/// ```
/// use orm_query::BitString;
///
/// let bits: BitString = "1011".parse()?;
/// assert_eq!(bits.iter().filter(|bit| *bit).count(), 3);
/// assert_eq!(bits.to_string(), "1011");
/// # Ok::<(), orm_query::ValueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct BitString(Vec<bool>);

impl BitString {
    /// The number of bits.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bits from the left.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = bool> + '_ {
        self.0.iter().copied()
    }

    /// The bits in bytes, the first one in the highest bit of the first byte; the last byte is filled with zeros.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0
            .chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |sum, (i, bit)| sum | u8::from(*bit) << (7 - i)))
            .collect()
    }

    /// The first `len` bits of `bytes`, or all there are.
    pub fn from_bytes(bytes: &[u8], len: usize) -> Self {
        let bits = bytes.iter().flat_map(|byte| (0..8).map(move |i| byte & (0x80 >> i) != 0));
        BitString(bits.take(len).collect())
    }
}

impl FromIterator<bool> for BitString {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        BitString(bits.into_iter().collect())
    }
}

impl fmt::Display for BitString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|bit| f.write_str(if *bit { "1" } else { "0" }))
    }
}

impl FromStr for BitString {
    type Err = crate::ValueError;

    fn from_str(text: &str) -> Result<Self, crate::ValueError> {
        text.chars()
            .map(|c| match c {
                '0' => Ok(false),
                '1' => Ok(true),
                _ => Err(crate::ValueError { expected: "BitString", value: format!("{text:?}") }),
            })
            .collect()
    }
}
