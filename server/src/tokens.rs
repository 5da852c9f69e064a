//! The form of access tokens: `gdh_pat_` or `gdh_org_`, 32 random bytes in base 62, a check sum of six.

const PERSONAL: &str = "gdh_pat_";
const ORGANIZATION: &str = "gdh_org_";
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^43 > 2^256 > 62^42
const BODY: usize = 43;
const CHECK: usize = 6;

/// A new personal token.
pub(crate) fn personal() -> String {
    secret(PERSONAL)
}

/// A new token of an organization.
pub(crate) fn organization() -> String {
    secret(ORGANIZATION)
}

fn secret(prefix: &str) -> String {
    let body = base62(&rand::random::<[u8; 32]>(), BODY);
    let check = check_sum(&body);
    format!("{prefix}{body}{check}")
}

/// Whether the text can be a token at all; a mistyped one is refused without asking the database.
pub(crate) fn is_well_formed(token: &str) -> bool {
    let Some(rest) = [PERSONAL, ORGANIZATION].iter().find_map(|prefix| token.strip_prefix(prefix)) else {
        return false;
    };
    if rest.len() != BODY + CHECK || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let (body, check) = rest.split_at(BODY);
    check == check_sum(body)
}

/// The first characters, by which a person recognizes the token.
pub(crate) fn visible_prefix(token: &str) -> &str {
    token.get(..12).unwrap_or(token)
}

fn check_sum(body: &str) -> String {
    base62(&crc32fast::hash(body.as_bytes()).to_be_bytes(), CHECK)
}

/// A big-endian number in base 62, with leading zeros up to `width` digits.
fn base62(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![0; width];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0_u32;
        for byte in &mut number {
            let value = rest * 256 + u32::from(*byte);
            *byte = (value / 62).try_into().unwrap_or(u8::MAX);
            rest = value % 62;
        }
        *digit = DIGITS[rest as usize];
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_with_one_wrong_character_is_not_well_formed() {
        for token in [personal(), organization()] {
            assert!(is_well_formed(&token), "{token}");
            for position in 0..token.len() {
                let mut wrong = token.clone().into_bytes();
                wrong[position] = if wrong[position] == b'a' { b'b' } else { b'a' };
                let wrong = String::from_utf8(wrong).expect("ASCII");
                assert!(!is_well_formed(&wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn the_largest_number_fits() {
        assert_eq!(base62(&[255; 32], BODY).len(), BODY);
        assert_ne!(&base62(&[255; 32], BODY)[..1], "0");
        assert_eq!(base62(&[0, 0, 0, 61], CHECK), "00000z");
    }
}
