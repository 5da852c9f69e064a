//! Rate limits: how often one may try, by policy and by whom.

use crate::config::{Quota, RateLimits};
use domain::code::Code;
use domain::error::Result;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota as Rate, RateLimiter};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

/// What is limited. The names are those of the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Everything that a person or a program asks of the API.
    Default,
    /// The same for those who are nobody in particular.
    Anonymous,
    Login,
    InviteCreate,
    /// Lists of people; their rows do not count as single ones.
    InviteBulk,
    InviteToken,
    Verification,
    Export,
}

type Keyed = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// One limiter for each policy, with the quota that it keeps; none when limits are off.
#[derive(Default)]
pub(crate) struct Limiter(BTreeMap<&'static str, (Quota, Keyed)>);

/// Where somebody stands with a policy after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) policy: &'static str,
    pub(crate) quota: Quota,
    pub(crate) left: u32,
    /// Until the whole quota is there again; after a refusal, until the next try may be made.
    pub(crate) wait: Duration,
    allowed: bool,
}

impl Standing {
    /// # Errors
    /// `rate_limited` with `retry_after` in seconds.
    pub(crate) fn require(&self) -> Result<()> {
        if self.allowed { Ok(()) } else { Err(Code::RateLimited.with("retry_after", self.wait.as_secs() + 1)) }
    }
}

impl Policy {
    fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Anonymous => "anonymous",
            Self::Login => "login",
            Self::InviteCreate => "invite-create",
            Self::InviteBulk => "invite-bulk",
            Self::InviteToken => "invite-token",
            Self::Verification => "verification",
            Self::Export => "export",
        }
    }
}

impl Limiter {
    pub(crate) fn new(limits: Option<&RateLimits>) -> Self {
        let limiters = limits.into_iter().flat_map(|limits| &limits.0).filter_map(|(name, quota)| {
            let times = NonZeroU32::new(quota.times)?;
            let rate = Rate::with_period(quota.within / quota.times)?.allow_burst(times);
            Some((*name, (*quota, RateLimiter::keyed(rate).with_middleware())))
        });
        Self(limiters.collect())
    }

    /// Counts one try.
    ///
    /// # Errors
    /// `rate_limited` with `retry_after` in seconds.
    pub(crate) fn check(&self, policy: Policy, key: impl Into<String>) -> Result<()> {
        self.count(policy, key).map_or(Ok(()), |standing| standing.require())
    }

    /// The same for one who wants to know more than whether it is allowed. `None` when limits are off.
    pub(crate) fn count(&self, policy: Policy, key: impl Into<String>) -> Option<Standing> {
        let (quota, limiter) = self.0.get(policy.name())?;
        let (left, wait, allowed) = match limiter.check_key(&key.into()) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                (left, quota.within / quota.times * quota.times.saturating_sub(left), true)
            }
            Err(refused) => (0, refused.wait_time_from(DefaultClock::default().now()), false),
        };
        Some(Standing { policy: policy.name(), quota: *quota, left, wait, allowed })
    }

    /// Forgets keys that have not been seen for long.
    pub(crate) fn sweep(&self) {
        for (_, limiter) in self.0.values() {
            limiter.retain_recent();
        }
    }
}

/// The bucket of an address: one of IPv4, the /64 network of IPv6, since that is what one customer gets.
pub(crate) fn bucket(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_ipv6_network_share_a_bucket() {
        let bucket = |text: &str| bucket(text.parse().expect("an address"));
        assert_eq!(bucket("2001:db8::1"), bucket("2001:0db8:0:0:ffff::2"));
        assert_ne!(bucket("2001:db8::1"), bucket("2001:db8:0:1::1"));
        assert_eq!(bucket("::ffff:10.0.0.1"), bucket("10.0.0.1"));
    }
}
