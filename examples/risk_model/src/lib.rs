//! A trust's own risk model: how likely somebody is to be back in hospital within thirty days.
//!
//! **The score is invented**, to show how one is brought along; it was validated on nobody. Put your own into
//! [`score`], say in [`INPUTS`] what it goes by, and leave the rest.

#[cfg(target_arch = "wasm32")]
mod component;

/// Its name, which facts give: `found by model "readmission" from …`.
pub const NAME: &str = "readmission";

/// What it goes by: the names of facts, and whether each is `yes or no` (or else a number).
pub const INPUTS: [(&str, bool); 3] = [("admissions", false), ("alone", true), ("age", false)];

/// The least and the most it gives, in whole percent.
pub const RANGE: (u32, u32) = (5, 95);

/// What is known of somebody; nothing where it is not known.
pub type Known<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// The score, in percent.
///
/// # Errors
/// Why there is none, in plain words: they are what whoever leads the step reads.
pub fn score(known: Known<'_>) -> Result<u32, String> {
    let number = |name: &str| {
        let text = known(name).ok_or_else(|| format!("`{name}` is not known"))?;
        text.parse::<u32>().map_err(|_| format!("`{name}` is no whole number"))
    };
    let admissions = match number("admissions")? {
        0 => 0,
        1 | 2 => 20,
        _ => 45,
    };
    // Whether somebody lives alone is often not known yet; then it counts as if they did.
    let alone = if known("alone") == Some("no") { 0 } else { 15 };
    let age = if number("age")? >= 80 { 25 } else { 10 };
    Ok((admissions + alone + age).clamp(RANGE.0, RANGE.1))
}

#[cfg(test)]
mod tests {
    use super::score;

    fn of(admissions: &str, alone: Option<&str>, age: &str) -> Result<u32, String> {
        score(&|name| match name {
            "admissions" => Some(admissions),
            "alone" => alone,
            "age" => Some(age),
            _ => None,
        })
    }

    #[test]
    fn every_boundary_is_where_it_was_meant_to_be() {
        assert_eq!(["0", "1", "2", "3", "50"].map(|it| of(it, Some("no"), "70")), [10, 30, 30, 55, 55].map(Ok));
        assert_eq!(["79", "80"].map(|age| of("0", Some("no"), age)), [10, 25].map(Ok));
        assert_eq!(of("3", Some("yes"), "90"), Ok(85));
        assert_eq!(of("3", None, "90"), Ok(85), "what is not known counts as the worse");
    }

    #[test]
    fn what_it_cannot_do_without_is_said() {
        assert_eq!(score(&|_| None), Err("`admissions` is not known".to_string()));
        assert_eq!(of("3", None, "old"), Err("`age` is no whole number".to_string()));
    }
}
