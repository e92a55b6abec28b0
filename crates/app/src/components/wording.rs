//! Numbers in words.

/// Returns `first`, `second`, … and figures from the eleventh on.
pub(crate) fn ordinal(n: u64) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let word = usize::try_from(n)
        .ok()
        .and_then(|n| n.checked_sub(1))
        .and_then(|n| WORDS.get(n));
    match (word, n % 100, n % 10) {
        (Some(word), ..) => (*word).to_owned(),
        (_, 11..=13, _) => format!("{n}th"),
        (_, _, 1) => format!("{n}st"),
        (_, _, 2) => format!("{n}nd"),
        (_, _, 3) => format!("{n}rd"),
        _ => format!("{n}th"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ordinals_are_words_and_large_ones_figures() {
        let said = [1, 10, 11, 12, 13, 21, 22, 23, 24, 111].map(ordinal);
        let meant = [
            "first", "tenth", "11th", "12th", "13th", "21st", "22nd", "23rd", "24th", "111th",
        ];
        assert_eq!(said, meant);
    }
}
