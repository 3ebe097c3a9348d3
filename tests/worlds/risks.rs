//! Positive risks of random worlds, and what belongs to them.

use super::Dice;

/// A positive risk of that number with all that it needs, and the steps that belong to it: somebody talks about what
/// matters, in the place of that number; and behind what is accepted come the safety net, the going, and the review.
pub fn positive_risk(dice: &mut Dice, number: usize, ways: [String; 3], not_known: &str, careless: bool) -> String {
    let [then, no, meeting] = ways;
    let slip = |dice: &mut Dice, said: &'static str, slipped: &'static str| {
        if careless && dice.once_in(3) { slipped } else { said }
    };
    let matters = slip(dice, "  matters matters{N}\n", "");
    let net = slip(dice, "net{N}", "going{N}");
    let agreed = slip(dice, "nurse, team", "nurse, carer");
    let answers = slip(dice, "duty", "carer");
    let review = slip(dice, "review{N}", "WAY");
    let good = dice.word(&["", " good for 2 days", " settled"]);
    let report =
        dice.word(&["", "  instruct carer within 2 days when nobody{N}\n  if we do not know yet -> UNKNOWN\n"]);
    let condition = dice.word(&["accepted risk{N}", "risk{N} is not_agreed", "risk{N} is not open"]);
    let (hours, days) = ((1 + dice.below(30)).to_string(), (1 + dice.below(3)).to_string());
    let text = format!(
        "facts\n  matters{{N}} text\n  able{{N}} yes or no presumed yes until found otherwise, source \"The law\"{good}\n  nobody{{N}} yes or no\n\n\
         step p{{N}} \"What matters\"\n  led by nurse\n  finds matters{{N}}, nobody{{N}}\n  within {hours} hours\n  then risk{{N}}\n\n\
         positive risk risk{{N}} \"A risk\"\n{matters}  could happen \"A fall at night\"\n  safety nets net{{N}} before going{{N}}\n  \
         decided by person, or best{{N}} when not able{{N}}\n  plan agreed by {agreed}\n  if they disagree -> meet{{N}}, meanwhile safe{{N}}\n  \
         review review{{N}}\n  if it happens {answers} answers within 2 hours\n  within {hours} hours\n  if we do not know yet -> {not_known}\n  \
         accepted -> {net}\n  not accepted -> {no}\n\n\
         best interests best{{N}} \"What is best\"\n  for able{{N}}\n  led by team\n  with nurse\n  within {days} days\n{report}\n\
         together meet{{N}} \"All of them\"\n  all{{N}} led by team within {days} days\n  meanwhile safe{{N}} led by nurse within {hours} hours\n  \
         all done within {days} days\n  if not all done -> {no}\n  then after{{N}}\n\n\
         decide after{{N}}\n  when {condition} -> {no}\n  if none of these -> {meeting}\n  if we do not know yet -> {no}\n\n\
         step net{{N}}\n  led by nurse\n  within {hours} hours\n  if the person declines -> {no}\n  then going{{N}}\n\n\
         step going{{N}}\n  led by team\n  within {hours} hours\n  if the person declines -> {no}\n  then {review}\n\n\
         step review{{N}}\n  led by nurse\n  within {days} days\n  if the person declines -> {then}\n  then {then}\n\n"
    );
    text.replace("UNKNOWN", not_known).replace("WAY", &then).replace("{N}", &number.to_string())
}
