//! The figures of an organization that its overview draws.

use crate::ids::TeamId;
use crate::role::RoleView;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many days are told.
pub const DAYS: usize = 365;

const DAY: i64 = 24 * 60 * 60 * 1000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OrganizationStats))]
pub struct Stats {
    /// Active members at the end of each day (UTC) of a year, the oldest first; the last one is today.
    pub members: Vec<DayCount>,
    pub roles: Vec<RoleCount>,
    pub open_invitations: i64,
    /// The largest teams.
    pub teams: Vec<TeamSize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// As in `2026-11-22`.
    pub date: String,
    pub count: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoleCount {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub member_count: i64,
}

impl From<RoleView> for RoleCount {
    fn from(role: RoleView) -> Self {
        Self { id: role.id.0, key: role.key, name: role.name, member_count: role.member_count }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "rows", derive(sqlx::FromRow))]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TeamSize {
    pub id: TeamId,
    pub slug: String,
    pub name: String,
    pub member_count: i64,
}

/// The number of a day, counted from 1970-01-01 in UTC.
pub fn day_of(time: Timestamp) -> i64 {
    time.as_millis().div_euclid(DAY)
}

/// Every day of the year up to `today`, from the days on which the number changed (the oldest first). A day without a
/// change has the number of the day before; what was before the first known change had that number too, back to the
/// day on which the organization was made.
pub fn year(changes: &[(i64, i64)], founded: Timestamp, today: Timestamp) -> Vec<DayCount> {
    let (founded, last) = (day_of(founded), day_of(today));
    let first_known = changes.first().map_or(0, |(_, count)| *count);
    let first = last - i64::try_from(DAYS).unwrap_or_default() + 1;
    (first..=last)
        .map(|day| {
            let known = changes.iter().rev().find(|(changed, _)| *changed <= day).map(|(_, count)| *count);
            let count = known.unwrap_or(if day < founded { 0 } else { first_known });
            DayCount { date: Timestamp::from_millis(day * DAY).date().to_string(), count }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_change_is_as_the_day_before() {
        let day = |number: i64| Timestamp::from_millis(number * DAY + 5);

        let year = year(&[(19_990, 3), (20_000, 5), (20_002, 4)], day(19_980), day(20_003));

        assert_eq!(year.len(), DAYS);
        let tail: Vec<_> = year[DAYS - 5..].iter().map(|day| day.count).collect();
        assert_eq!(tail, [3, 5, 5, 4, 4]);
        assert_eq!(year[DAYS - 1].date, "2024-10-07");
        let at = |number: usize| year[DAYS - 1 - (20_003 - number)].count;
        assert_eq!((at(19_979), at(19_980), at(19_989), at(19_990)), (0, 3, 3, 3));
    }
}
