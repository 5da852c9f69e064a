use super::character::has_encoded_control;
use super::host::is_domain;
use super::{Refusal, text_type};
use crate::code::Code;

text_type! {
    /// A mail address, in lower case, so that one mailbox is one person.
    ///
    /// ASCII only: an address in another alphabet can look like somebody else's, and Unicode's
    /// lower case can even turn it into that one.
    Email
}

const MAX: usize = 254;
const LOCAL_MAX: usize = 64;

schema_of! {
    Email: Shape::text(3, MAX)
        .format("email")
        .pattern(concat!(
            "^[A-Za-z0-9_+'&~-]+([.][A-Za-z0-9_+'&~-]+)*@",
            "([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?[.])+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$",
        ))
        .example("ada@acme.example")
        .refused_as(&[Code::EmailInvalid, Code::EmailControlCharacter, Code::EmailNotAscii, Code::EmailTooLong])
}

impl Email {
    pub fn parse(input: &str) -> Result<Email, Refusal> {
        if input.chars().any(char::is_control) || has_encoded_control(input) {
            return Err(Refusal::new(
                Code::EmailControlCharacter,
                "An e-mail address may not contain line breaks or control characters.",
            ));
        }
        if !input.is_ascii() {
            return Err(Refusal::new(
                Code::EmailNotAscii,
                "An e-mail address has unaccented Latin letters, digits and . _ + - ' & ~",
            ));
        }
        let (local, domain) = input.rsplit_once('@').unwrap_or((input, ""));
        if input.len() > MAX || local.len() > LOCAL_MAX {
            return Err(Refusal::new(
                Code::EmailTooLong,
                format!("An e-mail address has at most {MAX} characters, {LOCAL_MAX} before the @."),
            ));
        }
        if !is_local_part(local) || !is_domain(domain) {
            return Err(Refusal::new(Code::EmailInvalid, "This is not an e-mail address like name@example.org."));
        }
        Ok(Email(input.to_ascii_lowercase()))
    }

    /// What follows the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Enough to recognise one's own address by, too little to learn somebody else's.
    pub fn masked(&self) -> String {
        let first = self.0.get(..1).unwrap_or_default();
        format!("{first}***@{}", self.domain())
    }
}

/// Quoted parts, comments and routes are legal in mail and never seen outside attacks.
fn is_local_part(local: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || b"_+-'&~".contains(&b);
    local.split('.').all(|word| !word.is_empty() && word.bytes().all(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all_refused(inputs: &[&str], code: Code) {
        for input in inputs {
            assert_eq!(Email::parse(input).err().map(|refusal| refusal.code), Some(code), "{input:?}");
        }
    }

    #[test]
    fn what_is_not_one_plain_address_is_refused() {
        let inputs = [
            "",
            "plain",
            "@x.test",
            "a@@x.test",
            "a b@x.test",
            "a@ x.test",
            "a@x.test,",
            "a@x.test;b@x.test",
            "<a@x.test>",
            "\"A\" <a@x.test>",
            "\"a@b\"@x.test",
            "a\"b@x.test",
            "a.@x.test",
            "a(c)@x.test",
            "a@x.test(c)",
            "a!b@x.test",
            "a*b@x.test",
            "a`b@x.test",
            "a\\@b@x.test",
            "a:b@x.test",
            "mailto:a@x.test",
            "=?utf-8?q?a=40e.test?=@x.test",
        ];
        all_refused(&inputs, Code::EmailInvalid);
    }

    #[test]
    fn what_does_not_end_in_a_domain_is_refused() {
        let inputs = [
            "a@x",
            "a@.test",
            "a@x..test",
            "a@x-.test",
            "a@x.123",
            "a@[1.2.3.4]",
            "a@127.1",
            "a@x.test/",
            "a@=?utf-8?q?x?=.test",
        ];
        all_refused(&inputs, Code::EmailInvalid);
    }

    #[test]
    fn other_spellings_of_the_same_mischief_are_refused() {
        let inputs = [
            " a@x.test",
            "a@x.test ",
            ".a@x.test",
            "a..b@x.test",
            "a@x.test.",
            "a@-x.test",
            "a@x_y.test",
            "a@0x7f.0x1",
            "a@b@x.test",
            "a%b@x.test",
            "a@x%2etest",
            "a|b@x.test",
            "a$b@x.test",
            "{a}@x.test",
            "a/b@x.test",
            "a=b@x.test",
            "a^b@x.test",
            "a#b@x.test",
            "a?cc=b@x.test",
            "@",
            "a@",
        ];
        all_refused(&inputs, Code::EmailInvalid);
        all_refused(&[&format!("a@{}.test", "x".repeat(64))], Code::EmailInvalid);
    }

    #[test]
    fn control_characters_are_refused_bare_or_encoded() {
        let inputs = [
            "a\r\nBcc: e@e.test@x.test",
            "a@x.test\n",
            "a\0@x.test",
            "a\t@x.test",
            "a@x.test%0d%0aBcc:e@e.test",
            "a@x.test%0A",
            "a%00@x.test",
            "a\u{85}@x.test",
            "a\u{7f}@x.test",
            "a%7f@x.test",
        ];
        all_refused(&inputs, Code::EmailControlCharacter);
    }

    #[test]
    fn other_alphabets_are_refused() {
        let inputs = [
            "m\u{131}ke@x.test",
            "a@é.test",
            "\u{430}@x.test",
            "a\u{ff20}x.test",
            "a@x\u{ff0e}test",
            "\u{17f}@x.test",
            "a\u{202e}@x.test",
            "a@😀.test",
            "\u{212a}@x.test",
            "a@x.test\u{a0}",
            "\u{feff}a@x.test",
            "a@x\u{3002}test",
            "a@x\u{2028}.test",
        ];
        all_refused(&inputs, Code::EmailNotAscii);
    }

    #[test]
    fn long_addresses_are_refused() {
        let labels = ["x", "y", "z", "w"].map(|letter| letter.repeat(63)).join(".");
        let inputs = [
            format!("{}@x.test", "a".repeat(65)),
            format!("a@{}test", "b.".repeat(130)),
            format!("a@{labels}.test"),
            "x".repeat(1_000_000),
        ];
        all_refused(&inputs.each_ref().map(String::as_str), Code::EmailTooLong);
        assert!(Email::parse(&format!("{}@x.test", "a".repeat(64))).is_ok());
    }

    #[test]
    fn ordinary_addresses_are_kept_in_lower_case() {
        for (input, kept) in [
            ("V@X.TEST", "v@x.test"),
            ("o'neil.a+b_c-d@sub.x.test", "o'neil.a+b_c-d@sub.x.test"),
            ("a&b~c@x-y.test", "a&b~c@x-y.test"),
            ("a@xn--e1afmkfd.test", "a@xn--e1afmkfd.test"),
            ("1@1.test", "1@1.test"),
        ] {
            let email = Email::parse(input).expect(input);
            assert_eq!(email.as_str(), kept);
            assert_eq!(Email::parse(kept), Ok(email));
        }
    }

    #[test]
    fn an_address_shows_its_domain_and_hides_its_owner() {
        let email = Email::parse("Vera@X.test").expect("an address");
        assert_eq!(email.domain(), "x.test");
        assert_eq!(email.masked(), "v***@x.test");
    }
}
