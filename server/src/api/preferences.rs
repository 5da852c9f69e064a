//! What a client wishes of the form of its answers: `Prefer` (RFC 7240), and the query parameters that say the same.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Uri};
use domain::code::Code;
use domain::error::{Error, Result};
use url::form_urlencoded;

/// The wishes of one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    case: Option<Case>,
    pub(super) envelope: bool,
    pub(super) returned: Option<Returned>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Snake,
    Camel,
}

/// How much of what was changed is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returned {
    Minimal,
    Representation,
}

impl Wanted {
    /// Takes the wishes out of a request: no route has to know the two parameters, since none gets to see them.
    ///
    /// # Errors
    /// `invalid_parameter` for a parameter with another value, or given twice. Wishes of the header that are not known
    /// are not followed, and that is all.
    pub(super) fn take(request: &mut Request) -> Result<Self> {
        let mut wanted = Self::preferred(request.headers());
        let Some(query) = request.uri().query() else { return Ok(wanted) };
        let (own, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(|pair| is_own(pair));
        if !own.is_empty() {
            wanted.overrule(&own.join("&"))?;
            *request.uri_mut() = with_query(request.uri(), &others.join("&"))?;
        }
        Ok(wanted)
    }

    fn preferred(headers: &HeaderMap) -> Self {
        let fields: Vec<_> = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok()).collect();
        let list = fields.join(",");
        let mut wanted = Self::default();
        let mut seen = Vec::new();
        for (name, value) in preferences(&list) {
            // Of several with one name the first counts (RFC 7240 section 2).
            if seen.contains(&name) {
                continue;
            }
            match (name.as_str(), value) {
                ("case", "camel") => wanted.case = Some(Case::Camel),
                ("case", "snake") => wanted.case = Some(Case::Snake),
                ("envelope", "" | "true") => wanted.envelope = true,
                ("return", "minimal") => wanted.returned = Some(Returned::Minimal),
                ("return", "representation") => wanted.returned = Some(Returned::Representation),
                _ => {}
            }
            seen.push(name);
        }
        wanted
    }

    /// What the address says wins over the header.
    fn overrule(&mut self, query: &str) -> Result<()> {
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                _ if seen.contains(&name) => return Err(refused(&name, "Give this parameter once.")),
                ("case", "camel") => self.case = Some(Case::Camel),
                ("case", "snake") => self.case = Some(Case::Snake),
                ("envelope", "true") => self.envelope = true,
                ("envelope", "false") => self.envelope = false,
                ("case", _) => return Err(refused("case", "The case is camel or snake.")),
                _ => return Err(refused("envelope", "This is true or false.")),
            }
            seen.push(name);
        }
        Ok(())
    }

    pub(super) fn camel(&self) -> bool {
        self.case == Some(Case::Camel)
    }

    /// The wishes that were followed, for `Preference-Applied`.
    pub(super) fn applied(&self, returned: bool) -> Option<HeaderValue> {
        let case = self.case.map(|case| match case {
            Case::Snake => "case=snake",
            Case::Camel => "case=camel",
        });
        let returned = self.returned.filter(|_| returned).map(|returned| match returned {
            Returned::Minimal => "return=minimal",
            Returned::Representation => "return=representation",
        });
        let words: Vec<_> = [returned, case, self.envelope.then_some("envelope")].into_iter().flatten().collect();
        HeaderValue::try_from(words.join(", ")).ok().filter(|value| !value.is_empty())
    }
}

/// Names in lower case with their values; parameters of a preference are not looked at.
fn preferences(list: &str) -> impl Iterator<Item = (String, &str)> {
    let mut quoted = false;
    let members = list.split(move |letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    });
    members.map(|member| {
        let preference = member.split(';').next().unwrap_or_default();
        let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
        (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"'))
    })
}

fn is_own(pair: &str) -> bool {
    form_urlencoded::parse(pair.as_bytes()).next().is_some_and(|(name, _)| name == "case" || name == "envelope")
}

fn with_query(uri: &Uri, query: &str) -> Result<Uri> {
    let target = if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse().map_err(|_| Error::Internal)?);
    Uri::from_parts(parts).map_err(|_| Error::Internal)
}

fn refused(name: &str, rule: &str) -> Error {
    Error::parameter(name, Code::InvalidParameter, rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn take(target: &str, prefer: &str) -> (Result<Wanted>, String) {
        let mut request = Request::builder().uri(target).header("prefer", prefer).body(Body::empty()).expect("request");
        let wanted = Wanted::take(&mut request);
        (wanted, request.uri().to_string())
    }

    #[test]
    fn the_parameters_are_taken_out_of_the_query() {
        let (wanted, target) = take("/members?limit=2&c%61se=camel&search=a+b&envelope=true", "");
        let wanted = wanted.expect("good values");
        assert!(wanted.camel() && wanted.envelope);
        assert_eq!(target, "/members?limit=2&search=a+b");
        assert_eq!(take("/members?case=snake", "").1, "/members");
        assert_eq!(take("/members?cases=1", "").1, "/members?cases=1");
    }

    #[test]
    fn a_parameter_has_one_of_its_values_once() {
        for query in ["case=", "case=Camel", "envelope", "envelope=1", "case=camel&case=camel"] {
            assert_eq!(take(&format!("/?{query}"), "").0.map_err(|error| error.code()), Err(Code::InvalidParameter));
        }
    }

    #[test]
    fn of_the_header_what_is_known_is_followed() {
        let applied = |prefer: &str| {
            let applied = take("/", prefer).0.expect("never refused").applied(true);
            applied.map(|value| value.to_str().expect("ASCII").to_owned()).unwrap_or_default()
        };
        assert_eq!(applied("return=minimal; x=1, CASE=\"camel\" , envelope"), "return=minimal, case=camel, envelope");
        assert_eq!(applied("case=snake, case=camel"), "case=snake");
        assert_eq!(applied("x=\"a, envelope , b\", wait=10, return=half"), "");
        assert_eq!(
            take("/?case=snake", "case=camel").0.expect("good").applied(true),
            Some("case=snake".try_into().expect("a value"))
        );
    }
}
