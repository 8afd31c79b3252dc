//! A list of choices, used up one by one. At its end every choice is the first, so that trees end too.

/// The choices that are left.
pub(super) struct Luck<'c>(std::slice::Iter<'c, u32>);

impl<'c> Luck<'c> {
    pub(super) fn new(choices: &'c [u32]) -> Self {
        Luck(choices.iter())
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |choice| *choice as usize % n)
    }

    /// One of a list.
    pub(super) fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// Whether something rare happens.
    pub(super) fn rarely(&mut self) -> bool {
        self.below(6) == 5
    }

    /// Up to `most` of something.
    pub(super) fn some<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| one(self)).collect()
    }
}
