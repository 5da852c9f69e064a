//! Rate limits: how often one may try, by policy and by whom.

use crate::config::RateLimits;
use domain::code::Code;
use domain::error::Result;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

/// What is limited. The names are those of the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Login,
    InviteCreate,
    InviteToken,
    Verification,
    Export,
}

/// One limiter for each policy; none when limits are off.
#[derive(Default)]
pub(crate) struct Limiter(BTreeMap<&'static str, DefaultKeyedRateLimiter<String>>);

impl Policy {
    fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::InviteCreate => "invite-create",
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
            let quota = Quota::with_period(quota.within / quota.times)?.allow_burst(times);
            Some((*name, RateLimiter::keyed(quota)))
        });
        Self(limiters.collect())
    }

    /// Counts one try.
    ///
    /// # Errors
    /// `rate_limited` with `retry_after` in seconds.
    pub(crate) fn check(&self, policy: Policy, key: impl Into<String>) -> Result<()> {
        let limiter = self.0.get(policy.name());
        let Some(limiter) = limiter else { return Ok(()) };
        limiter.check_key(&key.into()).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            Code::RateLimited.with("retry_after", wait.as_secs() + 1)
        })
    }

    /// Forgets keys that have not been seen for long.
    pub(crate) fn sweep(&self) {
        for limiter in self.0.values() {
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
