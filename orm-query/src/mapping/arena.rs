use std::ops::{Index, IndexMut};

/// Places in the order in which they were taken, each of which keeps its number. A stretch of them that are all empty takes
/// no memory but for a few bytes.
#[derive(Debug, Clone)]
pub(super) struct Arena<S> {
    chunks: Vec<Chunk<S>>,
    len: usize,
}

/// How many places stand together.
const CHUNK: usize = 256;

#[derive(Debug, Clone)]
struct Chunk<S> {
    /// None where all places are taken back.
    places: Vec<S>,
    /// How many are in use.
    used: usize,
}

impl<S> Default for Arena<S> {
    fn default() -> Self {
        Arena { chunks: Vec::new(), len: 0 }
    }
}

impl<S: Default> Arena<S> {
    /// How many places were taken, those that were taken back included.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Takes the next place.
    pub(super) fn push(&mut self, value: S) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Chunk { places: Vec::new(), used: 0 });
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.places.push(value);
            chunk.used += 1;
        }
        self.len += 1;
    }

    pub(super) fn get(&self, place: usize) -> Option<&S> {
        self.chunks.get(place / CHUNK)?.places.get(place % CHUNK)
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut S> {
        self.chunks.get_mut(place / CHUNK)?.places.get_mut(place % CHUNK)
    }

    /// A place was emptied that was in use.
    pub(super) fn emptied(&mut self, place: usize) {
        if let Some(chunk) = self.chunks.get_mut(place / CHUNK) {
            chunk.used -= 1;
            // Places of the last one are still to be taken.
            if chunk.used == 0 && chunk.places.len() == CHUNK {
                chunk.places = Vec::new();
            }
        }
    }

    /// An empty place is used again.
    pub(super) fn refilled(&mut self, place: usize) {
        if let Some(chunk) = self.chunks.get_mut(place / CHUNK) {
            chunk.used += 1;
            if chunk.places.is_empty() {
                chunk.places.resize_with(CHUNK, S::default);
            }
        }
    }

    /// How many places are in memory.
    #[cfg(test)]
    fn in_memory(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.places.capacity()).sum()
    }
}

impl<S: Default> Index<usize> for Arena<S> {
    type Output = S;

    fn index(&self, place: usize) -> &S {
        &self.chunks[place / CHUNK].places[place % CHUNK]
    }
}

impl<S: Default> IndexMut<usize> for Arena<S> {
    fn index_mut(&mut self, place: usize) -> &mut S {
        &mut self.chunks[place / CHUNK].places[place % CHUNK]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_takes_no_memory_and_keeps_its_number() {
        let mut arena = Arena::default();
        for n in 0..1_000 {
            arena.push(Some(n));
        }
        for n in (0..1_000).filter(|n| *n != 300) {
            arena[n] = None;
            arena.emptied(n);
        }
        assert_eq!(arena.len(), 1_000);
        assert!(arena.in_memory() <= 2 * CHUNK, "one chunk is in use, and the last one is not full");
        assert_eq!((arena.get(300), arena.get(0), arena.get(1_000)), (Some(&Some(300)), None, None));

        arena.refilled(7);
        arena[7] = Some(7);
        assert_eq!((arena.get(7), arena.get(8)), (Some(&Some(7)), Some(&None)));
        arena.push(Some(1_000));
        assert_eq!(arena[1_000], Some(1_000));
    }
}
