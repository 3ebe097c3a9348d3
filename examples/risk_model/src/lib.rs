//! A trust's own risk model: how likely somebody is to be back in hospital within thirty days.
//!
//! **The score is invented**, to show how one is brought along; it was validated on nobody. Put your own into
//! [`score`], say in [`INPUTS`] what it goes by and in [`RANGE`] what it gives, and leave the rest.

#[cfg(target_arch = "wasm32")]
mod component;

/// Its name, which facts give: `found by model "readmission" from …`.
pub const NAME: &str = "readmission";

/// What values an input has: those of the fact.
#[derive(Clone, Copy)]
pub enum Values {
    /// A number, as people write it: `4`, `36.6`.
    Number,
    /// `yes` or `no`.
    YesOrNo,
    /// One of some options, by its name.
    OneOf,
    /// Several of some options: `a and b`, or `none_of_them`.
    SeveralOf,
    /// A date, `2026-03-02`; or a date and a time, `2026-03-02T09:00:00Z`.
    Date,
    /// How long something lasts: `2 days`.
    Length,
}

/// What it goes by: the names of facts, and what values they have.
pub const INPUTS: &[(&str, Values)] =
    &[("admissions", Values::Number), ("alone", Values::YesOrNo), ("age", Values::Number)];

/// The least and the most it gives, here in percent, and from one value to the next: as the fact says, as people write them.
pub const RANGE: Range = Range { least: "5", most: "95", step: "1" };

/// What a score gives.
pub struct Range {
    /// The least.
    pub least: &'static str,
    /// The most.
    pub most: &'static str,
    /// From one value to the next: `1`, or `0.1`.
    pub step: &'static str,
}

/// What is known of somebody; nothing where it is not known.
pub type Known<'a> = &'a dyn Fn(&str) -> Option<&'a str>;

/// The score, as people write it.
///
/// # Errors
/// Why there is none, in plain words: they are what whoever leads the step reads.
pub fn score(known: Known<'_>) -> Result<String, String> {
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
    Ok((admissions + alone + age).clamp(5, 95).to_string())
}

#[cfg(test)]
mod tests {
    use super::score;

    fn of(admissions: &str, alone: Option<&str>, age: &str) -> Result<String, String> {
        score(&|name| match name {
            "admissions" => Some(admissions),
            "alone" => alone,
            "age" => Some(age),
            _ => None,
        })
    }

    #[test]
    fn every_boundary_is_where_it_was_meant_to_be() {
        assert_eq!(
            ["0", "1", "2", "3", "50"].map(|it| of(it, Some("no"), "70")),
            ["10", "30", "30", "55", "55"].map(|it| Ok(it.to_string()))
        );
        assert_eq!(["79", "80"].map(|age| of("0", Some("no"), age)), ["10", "25"].map(|it| Ok(it.to_string())));
        assert_eq!(of("3", Some("yes"), "90"), Ok("85".to_string()));
        assert_eq!(of("3", None, "90"), Ok("85".to_string()), "what is not known counts as the worse");
    }

    #[test]
    fn what_it_cannot_do_without_is_said() {
        assert_eq!(score(&|_| None), Err("`admissions` is not known".to_string()));
        assert_eq!(of("3", None, "old"), Err("`age` is no whole number".to_string()));
    }
}
