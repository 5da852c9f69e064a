use super::*;

fn parse(input: &str) -> Result<String, Code> {
    Slug::parse(input, Slug::DEFAULT_MAX, &[]).map(String::from).map_err(|refusal| refusal.code)
}

#[track_caller]
fn all_refused(inputs: &[&str], code: Code) {
    for input in inputs {
        assert_eq!(parse(input), Err(code), "{input:?}");
    }
}

#[test]
fn a_slug_is_needed_and_has_a_limit() {
    all_refused(&["", " ", "\t", "\u{3000}"], Code::SlugEmpty);
    all_refused(
        &[&"a".repeat(40), &format!("{}a", "a-".repeat(30)), &"é".repeat(40), &"-".repeat(40)],
        Code::SlugTooLong,
    );
    assert!(parse(&"a".repeat(39)).is_ok());
    assert!(Slug::parse(&"a".repeat(253), Slug::CEILING, &[]).is_ok());
}

#[test]
fn hyphens_stand_only_between_words() {
    all_refused(&["-a", "-", "a--b", "a-", "--", "xn--e1afmkfd"], Code::SlugInvalid);
}

#[test]
fn no_other_punctuation_and_no_space_is_in_a_slug() {
    let marks = r#"_a a.b .. a. a/b a\b a%20b a+b @me ~a a;b a?b a&b a*b a"b a|b a:b a#b a'b a,b a=b %00"#;
    all_refused(&marks.split(' ').collect::<Vec<_>>(), Code::SlugInvalid);
    all_refused(&[" a", "a ", "a b", "a\n", "a\tb", "a\0b"], Code::SlugInvalid);
    all_refused(&["{550e8400e29b41d4a716446655440000}"], Code::SlugInvalid);
}

#[test]
fn no_letter_but_those_of_ascii_is_in_a_slug() {
    let letters = ["ｕｓｅｒ", "ɑcme", "ı", "ſ", "\u{212a}", "acmé\u{301}", "١٢٣", "😀", "é"];
    all_refused(&letters, Code::SlugInvalid);
    all_refused(&["\u{202e}acme", "a\u{2010}b", "a\u{200b}b"], Code::SlugInvalid);
}

#[test]
fn words_of_the_program_are_reserved_in_any_case() {
    let words = "admin app static login signup invite invitation account new create health \
        docs support wallet status mail system team org organizations users undefined false \
        favicon about privacy oauth search ADMIN Sign-Up problems actions pkg icons fonts api";
    for word in words.split_whitespace() {
        assert_eq!(parse(word), Err(Code::SlugReserved), "{word}");
    }
    let extra = ["Acme".to_owned()];
    assert_eq!(Slug::parse("aCME", 39, &extra).map_err(|refusal| refusal.code), Err(Code::SlugReserved));
}

#[test]
fn what_looks_like_an_id_is_reserved() {
    let ids = [
        "550e8400-e29b-41d4-a716-446655440000",
        "550e8400e29b41d4a716446655440000",
        "1",
        "00000000-0000-0000-0000-000000000000",
        "550E8400-E29B-41D4-A716-446655440000",
        "12345",
        "007",
        "ffffffffffffffffffffffffffffffff",
    ];
    all_refused(&ids, Code::SlugReserved);
    assert_eq!(Slug::parse_inside(ids[0], 39).map_err(|refusal| refusal.code), Err(Code::SlugReserved));
    assert_eq!(parse("1-2"), Ok("1-2".into()));
}

#[test]
fn a_slug_is_kept_in_lower_case_and_parses_to_itself() {
    for (input, kept) in [("AcMe", "acme"), ("a", "a"), ("a1-b2-c3", "a1-b2-c3"), ("7up", "7up")] {
        assert_eq!(parse(input), Ok(kept.into()));
        assert_eq!(parse(kept), Ok(kept.into()));
    }
}

#[test]
fn a_team_may_be_called_support_but_not_none() {
    assert!(Slug::parse_inside("support", 39).is_ok());
    assert_eq!(Slug::generate_inside("Security", 39), Some("security".into()));
    for word in ["none", "None", "new"] {
        assert_eq!(Slug::parse_inside(word, 39).map_err(|refusal| refusal.code), Err(Code::SlugReserved), "{word}");
    }
}

#[test]
fn a_name_suggests_a_slug() {
    for (name, slug) in [
        ("Acme Ltd.", "acme-ltd"),
        ("  Ångström & Söhne!  ", "angstrom-sohne"),
        ("Ａｃｍｅ ﬁnance", "acme-finance"),
        ("İstanbul", "istanbul"),
        ("O'Brien -- (UK)", "o-brien-uk"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
    ] {
        assert_eq!(Slug::generate(name, 39), Some(slug.into()), "{name}");
    }
    assert_eq!(Slug::generate("one two three", 8), Some("one-two".into()));
    assert_eq!(Slug::generate(&"ab ".repeat(200), 39).map(|slug| slug.len()), Some(38));
}

#[test]
fn some_names_suggest_nothing_acceptable() {
    for name in ["", "漢字", "😀", "---", "Admin", "2024", "אבג"] {
        assert_eq!(Slug::generate(name, 39), None, "{name}");
    }
}

#[test]
fn a_taken_slug_gets_a_number_within_the_limit() {
    let slug = Slug::parse("abc-def", 39, &[]).expect("a slug");
    let numbered = |suffix, max| slug.with_suffix(suffix, max).map(String::from);
    assert_eq!(numbered("2", 39), Some("abc-def-2".into()));
    assert_eq!(numbered("20", 7), Some("abc-20".into()));
    assert_eq!(numbered("20", 3), None);
    assert_eq!(numbered("20", 1), None);
}
