use ::url::{Host, Url};

use super::character::{has_encoded_control, is_format, is_meaningless};
use super::host::is_label;
use super::{Refusal, longer_than, text_type};
use crate::code::Code;

text_type! {
    /// The address of a web page or a picture, safe to put into a link.
    WebUrl
}

/// Which schemes a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schemes {
    /// `http` and `https`.
    Web,
    /// Pictures are loaded into our pages, so they come encrypted.
    HttpsOnly,
}

impl WebUrl {
    pub const MAX: usize = 2048;

    /// Parsers of URLs forgive a great deal, each something else. What they would have to forgive
    /// is refused before ours sees it, so that every later reader understands the same address.
    pub fn parse(input: &str, schemes: Schemes) -> Result<WebUrl, Refusal> {
        if longer_than(input, WebUrl::MAX) {
            return Err(Refusal::new(
                Code::UrlInvalid,
                format!("A web address has at most {} characters.", WebUrl::MAX),
            ));
        }
        refuse_scheme(input, schemes)?;
        if input.chars().any(is_out_of_place) || has_encoded_control(input) {
            return Err(invalid());
        }
        let authority = authority(input).ok_or_else(invalid)?;
        if authority.contains('@') {
            return Err(Refusal::new(Code::UrlCredentials, "A web address may not contain a user name or password."));
        }
        if authority.is_empty() || authority.contains('%') {
            return Err(invalid());
        }
        let url = Url::parse(input).map_err(|_| invalid())?;
        if !has_sound_host(&url) || url.port() == Some(0) || url.as_str().len() > WebUrl::MAX {
            return Err(invalid());
        }
        Ok(WebUrl(kept_form(input, &url)))
    }
}

fn invalid() -> Refusal {
    Refusal::new(Code::UrlInvalid, "This is not a web address like https://example.org/page.")
}

fn refuse_scheme(input: &str, schemes: Schemes) -> Result<(), Refusal> {
    let scheme = scheme(input).ok_or_else(invalid)?;
    match (scheme.as_str(), schemes) {
        ("https", _) | ("http", Schemes::Web) => Ok(()),
        (_, Schemes::Web) => Err(Refusal::new(Code::UrlScheme, "A web address begins with https:// or http://.")),
        (_, Schemes::HttpsOnly) => Err(Refusal::new(Code::UrlScheme, "The address begins with https://.")),
    }
}

/// The scheme as a browser would read it: it skips white space in front and line breaks within.
fn scheme(input: &str) -> Option<String> {
    let skipped = |c: char| c.is_whitespace() || c.is_control();
    let (scheme, _) = input.trim_start_matches(skipped).split_once(':')?;
    let scheme: String = scheme.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    well_formed.then(|| scheme.to_ascii_lowercase())
}

fn is_out_of_place(c: char) -> bool {
    c == '\\' || c.is_whitespace() || c.is_control() || is_format(c) || is_meaningless(c)
}

/// What stands between `://` and the path.
fn authority(input: &str) -> Option<&str> {
    let (_, rest) = input.split_once(':')?;
    rest.strip_prefix("//")?.split(['/', '?', '#']).next()
}

/// Underscores are no part of host names, but are found in those of file stores.
fn has_sound_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            name.len() <= 253 && name.split('.').all(|label| is_label(&label.replace('_', "x")))
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

/// The form in which other alphabets cannot pose as ours; but without the slash that the parser
/// puts behind a bare host, so that one gets back what one has sent.
fn kept_form(input: &str, url: &Url) -> String {
    let kept = url.as_str();
    let bare = authority(input).is_some_and(|authority| input.ends_with(authority));
    if bare { kept.trim_end_matches('/').to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(input: &str) -> Result<String, Code> {
        WebUrl::parse(input, Schemes::Web).map(String::from).map_err(|refusal| refusal.code)
    }

    #[track_caller]
    fn all_refused(inputs: &[&str], code: Code) {
        for input in inputs {
            assert_eq!(parse(input), Err(code), "{input:?}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        let long = format!("https://e.test/{}", "a".repeat(2040));
        let inputs = [
            "",
            "x",
            "e.test",
            "/x",
            "http://",
            "http:e.test",
            "://e.test",
            "http://..",
            "http://e..test",
            "http://e test",
            "https://e.test:99999",
            "https://e.test:0/",
            "HTTPS:e.test",
            "https://[::1",
            "https://e.test\\@f.test",
            "https://e.test/\0",
            "https://e%00.test",
            &long,
        ];
        all_refused(&inputs, Code::UrlInvalid);
    }

    #[test]
    fn what_browsers_would_forgive_is_refused() {
        let inputs = [
            "https:/e.test",
            "https:///e.test",
            "https:\\\\e.test",
            " https://e.test",
            "https://e.test ",
            "ht\ntps://e.test",
            "https://e.\ttest",
            "https://?x",
            "https://#x",
            "https://e.test.",
            "https://-e.test",
            "https://e%41.test",
            "https://e.test:x",
            "https://1.2.3.4.5",
            "https://e<.test",
            "//e.test",
        ];
        all_refused(&inputs, Code::UrlInvalid);
    }

    #[test]
    fn hidden_encoded_and_endless_text_is_refused() {
        let inputs = [
            "https://e\u{200b}.test",
            "https://e.test/\u{202e}gpj",
            "https://e.test/%0d%0aX:1",
            "https://e.test\u{ff0f}x",
            "https://e.test/\u{e000}",
            "https://e\u{ff20}f.test",
        ];
        all_refused(&inputs, Code::UrlInvalid);
        all_refused(&[&"é".repeat(1_000_000), &format!("https://e.test/{}", "é".repeat(1000))], Code::UrlInvalid);
    }

    #[test]
    fn other_schemes_are_refused() {
        let inputs = [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html;base64,PHN2Zz4=",
            "vbscript:x",
            "ftp://e.test/",
            "mailto:a@x.test",
            "ws://e.test",
            "about:blank",
            "intent://x",
            "ldap://e.test",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "file:///etc/passwd",
            "blob:https://e.test",
            "tel:123",
            "view-source:https://e.test",
        ];
        all_refused(&inputs, Code::UrlScheme);
    }

    #[test]
    fn a_picture_must_come_encrypted() {
        let picture =
            |input| WebUrl::parse(input, Schemes::HttpsOnly).map(String::from).map_err(|refusal| refusal.code);
        assert_eq!(picture("http://e.test/a.png"), Err(Code::UrlScheme));
        assert_eq!(picture("https://e.test/a.png"), Ok("https://e.test/a.png".into()));
    }

    #[test]
    fn credentials_are_refused() {
        all_refused(
            &[
                "https://a@e.test",
                "https://:@e.test",
                "https://a:b@e.test/x",
                "https://good.test@evil.test",
                "https://@e.test",
            ],
            Code::UrlCredentials,
        );
    }

    #[test]
    fn an_address_is_kept_as_sent_or_made_unambiguous() {
        for (input, kept) in [
            ("https://e.test", "https://e.test"),
            ("https://e.test/", "https://e.test/"),
            ("http://e.test:8080/a/b?c=d@e#f", "http://e.test:8080/a/b?c=d@e#f"),
            ("HTTPS://E.Test:", "https://e.test"),
            ("https://e.test:443/x", "https://e.test/x"),
            ("https://е.test/ü", "https://xn--e1a.test/%C3%BC"),
            ("https://e.test/a/../b", "https://e.test/b"),
            ("https://my_files.e.test/a", "https://my_files.e.test/a"),
            ("http://[::1]:80/", "http://[::1]/"),
            ("http://0x7f000001", "http://127.0.0.1"),
            ("https://e.test?q=//", "https://e.test/?q=//"),
            ("https://e.test/e.test", "https://e.test/e.test"),
            ("https://a.test/?a.test", "https://a.test/?a.test"),
        ] {
            assert_eq!(parse(input), Ok(kept.into()), "{input}");
            assert_eq!(parse(kept), Ok(kept.into()), "{kept} again");
        }
    }
}
