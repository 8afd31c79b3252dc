/// A sorted list of words in lower case, which most words that are looked for are not in.
#[derive(Debug)]
pub struct Words {
    words: &'static [&'static str],
    /// Where the words of each letter start, and where those of `z` end.
    starts: [u16; 27],
}

impl Words {
    /// The words, each of which starts with a letter.
    pub const fn new(words: &'static [&'static str]) -> Words {
        let mut starts = [0; 27];
        let (mut letter, mut at) = (0, 0);
        while letter < 27 {
            while at < words.len() && words[at].as_bytes()[0] < b'a' + letter as u8 {
                at += 1;
            }
            starts[letter] = at as u16;
            letter += 1;
        }
        Words { words, starts }
    }

    /// Whether they stand in their order, without which not all are found.
    pub fn are_sorted(&self) -> bool {
        self.words.is_sorted()
    }

    /// Whether `word` is one of them.
    pub fn contain(&self, word: &str) -> bool {
        let Some(first @ b'a'..=b'z') = word.bytes().next() else { return false };
        let letter = usize::from(first - b'a');
        let of_letter = &self.words[usize::from(self.starts[letter])..usize::from(self.starts[letter + 1])];
        // Lengths differ more often than letters do.
        of_letter.iter().any(|other| other.len() == word.len() && *other == word)
    }
}

#[test]
fn words_are_found_by_their_letter() {
    static WORDS: Words = Words::new(&["add", "all", "by", "zone"]);
    let found = |word| WORDS.contain(word);
    assert!(found("add") && found("all") && found("by") && found("zone"));
    assert!(!found("") && !found("a") && !found("adds") && !found("cat") && !found("_all") && !found("Éa"));
}
