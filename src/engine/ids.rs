//! Ids of next steps, of advice, and of what entries of the journal ask and tell: a text, a mark and a number.

/// `plan_together`, `#` and 1: `plan_together#1`.
pub(super) fn numbered(of: &str, mark: char, number: u32) -> String {
    // No number has more than ten digits.
    let mut id = String::with_capacity(of.len() + 11);
    id.push_str(of);
    id.push(mark);
    push(number, &mut id);
    id
}

/// Every answer has dozens of them: digit by digit it takes a fraction of what formatting does.
fn push(number: u32, to: &mut String) {
    if number > 9 {
        push(number / 10, to);
    }
    to.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_is_what_would_be_written(of in ".*", number: u32) {
            prop_assert_eq!(numbered(&of, '#', number), format!("{of}#{number}"));
        }
    }

    #[test]
    fn so_are_the_least_and_the_greatest() {
        assert_eq!([0, 9, 10, u32::MAX].map(|it| numbered("", '/', it)), ["/0", "/9", "/10", "/4294967295"]);
    }
}
