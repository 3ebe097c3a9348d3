//! How long ago: days and years between two dates, as people and the law count them.
//!
//! Somebody is a year older from the beginning of the anniversary of the day of their birth (Family Law Reform Act 1969,
//! section 9). Who was born on 29 February is, in a year without that day, from 1 March on.

use jiff::Span;
use jiff::civil::{Date, date};

/// The date so many days after 1970-01-01; the nearest there is.
pub(super) fn date_of(day: i64) -> Date {
    let epoch = date(1970, 1, 1);
    let span = Span::new().try_days(day);
    let end = if day < 0 { Date::MIN } else { Date::MAX };
    span.ok().and_then(|span| epoch.checked_add(span).ok()).unwrap_or(end)
}

/// Whole years from one day to another, both counted from 1970-01-01; below 0 where the first is later.
pub fn years_between(from: i64, to: i64) -> i64 {
    let (from, to) = (date_of(from), date_of(to));
    let before = (to.month(), to.day()) < (from.month(), from.day());
    i64::from(to.year()) - i64::from(from.year()) - i64::from(before)
}

/// The day on which so many years have passed since a day.
pub fn anniversary(of: i64, years: i64) -> i64 {
    let born = date_of(of);
    let year = (i64::from(born.year()) + years).clamp(i64::from(Date::MIN.year()), i64::from(Date::MAX.year())) as i16;
    // There is no 29 February that year: the day after the 28th.
    let day = Date::new(year, born.month(), born.day()).unwrap_or(date(year, 3, 1));
    super::days_since_1970(day)
}

/// The last day since which so many years have passed on a day.
pub fn years_before(day: i64, years: i64) -> i64 {
    let today = date_of(day);
    let year = (i64::from(today.year()) - years).clamp(i64::from(Date::MIN.year()), i64::from(Date::MAX.year())) as i16;
    super::days_since_1970(Date::new(year, today.month(), today.day()).unwrap_or(date(year, 2, 28)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::days_since_1970 as day;

    #[test]
    fn a_year_older_on_the_birthday_and_not_before() {
        let born = day(date(1941, 3, 2));
        assert_eq!(years_between(born, day(date(2026, 3, 1))), 84);
        assert_eq!(years_between(born, day(date(2026, 3, 2))), 85);
        assert_eq!(years_between(born, born), 0);
        assert_eq!(years_between(born, born - 1), -1);
    }

    #[test]
    fn who_was_born_on_29_february_is_older_on_1_march() {
        let born = day(date(2008, 2, 29));
        assert_eq!(years_between(born, day(date(2026, 2, 28))), 17);
        assert_eq!(years_between(born, day(date(2026, 3, 1))), 18);
        assert_eq!(years_between(born, day(date(2028, 2, 29))), 20);
        assert_eq!(anniversary(born, 18), day(date(2026, 3, 1)));
        assert_eq!(anniversary(born, 20), day(date(2028, 2, 29)));
    }

    #[test]
    fn the_anniversary_is_the_first_day_and_the_last_before_it_is_found_again() {
        let first = day(date(1999, 12, 20));
        for born in (first..first + 1_500).step_by(13).chain([day(date(2000, 2, 29))]) {
            for years in [0, 1, 4, 18, 64] {
                let on = anniversary(born, years);
                assert_eq!((years_between(born, on - 1), years_between(born, on)), (years - 1, years));
                let last = years_before(on, years);
                assert_eq!((years_between(last, on), years_between(last + 1, on)), (years, years - 1));
            }
        }
    }
}
