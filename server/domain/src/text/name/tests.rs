use super::*;

fn refusal(input: &str) -> Option<Code> {
    Name::parse(input).err().map(|refusal| refusal.code)
}

#[track_caller]
fn all_refused(inputs: &[&str], code: Code) {
    for input in inputs {
        assert_eq!(refusal(input), Some(code), "{input:?}");
    }
}

#[test]
fn white_space_alone_is_no_name() {
    all_refused(&["", "   ", "\u{a0}", "\u{3000}", "\r\n", "\t", "\u{2028}"], Code::NameEmpty);
}

#[test]
fn the_limit_counts_code_points_and_comes_before_the_look_of_them() {
    assert_eq!(refusal(&"a".repeat(256)), None);
    assert_eq!(refusal(&format!("  {}  ", "é".repeat(256))), None);
    let emoji = "\u{1f600}".repeat(257);
    all_refused(&[&"a".repeat(257), &emoji, &"x".repeat(1025), &"\u{301}".repeat(9999)], Code::NameTooLong);
    assert!(Name::parse_up_to(&"a".repeat(100), 100).is_ok());
    let sentence = Name::parse_up_to(&"a".repeat(101), 100).expect_err("too long").message;
    assert_eq!(sentence, "A name has at most 100 characters.");
}

#[test]
fn control_characters_are_refused() {
    let inputs = [
        "a\0b",
        "a\u{7}",
        "a\u{1b}b[31m",
        "a\nb",
        "a\r\nBcc: e@x.test",
        "a\u{80}b",
        "a\u{9f}b",
        "a\tb",
        "a\u{85}b",
        "a\u{7f}",
    ];
    all_refused(&inputs, Code::NameControlCharacter);
}

#[test]
fn characters_nobody_sees_are_refused() {
    let inputs = [
        "a\u{200b}b",
        "a\u{feff}b",
        "a\u{202e}gnp.exe",
        "a\u{2066}b\u{2069}",
        "a\u{61c}b",
        "a\u{2060}b",
        "a\u{2029}b",
        "a\u{e0041}b",
        "a\u{ad}b",
        "a\u{200d}b",
        "a\u{2028}b",
        "\u{3164}",
        "a\u{ffa0}",
        "a\u{115f}b",
        "a\u{34f}b",
        "a\u{2800}b",
        "Acme\u{fe0f}",
        "葛\u{e0100}",
    ];
    all_refused(&inputs, Code::NameFormatCharacter);
}

#[test]
fn characters_without_meaning_and_names_without_letters_are_refused() {
    let zalgo = "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d} algo";
    let inputs = [
        "a\u{e000}b",
        "a\u{fdd0}b",
        "a\u{fffe}b",
        zalgo,
        ".",
        "-",
        "a\u{f0000}",
        "a\u{378}",
        "a\u{fffd}b",
        "😀",
        "-- & --",
        "\u{301}a",
        "...",
    ];
    all_refused(&inputs, Code::NameInvalidCharacter);
}

#[test]
fn links_are_refused_however_they_are_spelled() {
    let inputs = [
        "http://e.test",
        "ftp://e.test",
        "WWW.e.test win",
        "win at www.e.test",
        "(www.e.test)",
        "ＷＷＷ．e.test",
        "hTTps://e",
        "a：／／b",
    ];
    all_refused(&inputs, Code::NameLink);
}

#[track_caller]
fn all_kept(inputs: &[&str]) {
    for input in inputs {
        let kept = Name::parse(input).map(String::from);
        assert_eq!(kept.as_deref(), Ok(*input), "{input:?}");
    }
}

#[test]
fn text_that_is_dangerous_only_elsewhere_is_kept_as_it_is() {
    let inputs = [
        "<script>alert(1)</script>",
        "</script><script>alert(1)",
        "{{7*7}}",
        "#{7*7}",
        "' OR 1=1 --",
        "../../etc/passwd",
        "%n%s%p",
        "NULL",
        "0",
        "a & b",
        "=1+1",
        "-1+1",
        "=cmd|'/C calc'!A0",
        "＝1+1",
        "http",
    ];
    all_kept(&inputs);
}

#[test]
fn names_of_the_world_are_kept_as_they_are() {
    let inputs = [
        "Ａｃｍｅ",
        "אבג",
        "हिन्दी संस्था",
        "กู้ภัย",
        "Nguyễn Văn Ánh",
        "Booking.com",
        "awww.cute",
        "❤\u{fe0f} Club",
        "Team 🚀",
        "Smith, Jones & Co. (UK)",
        "①",
    ];
    all_kept(&inputs);
}

#[test]
fn a_name_is_trimmed_composed_and_single_spaced() {
    let tidied = |input| Name::parse(input).map(String::from);
    assert_eq!(tidied(" =1"), Ok("=1".into()));
    assert_eq!(tidied("\u{3000}Acme \u{a0}\u{2003} Ltd\n"), Ok("Acme Ltd".into()));
    assert_eq!(tidied("Cafe\u{301}"), Ok("Café".into()));
}

#[test]
fn a_parsed_name_parses_to_itself() {
    for input in ["  a  b ", "e\u{301}\u{323}x", "\u{1100}\u{1161}\u{11a8}", "Ａ \u{3000} Å", "\u{958}"] {
        let once = Name::parse(input).expect("a name");
        assert_eq!(Name::parse(once.as_str()), Ok(once.clone()), "{input:?}");
    }
}

#[test]
fn names_that_differ_only_in_case_or_width_fold_together() {
    let folded = |input| Name::parse(input).map(|name| name.folded());
    assert_eq!(folded("FINANCE"), folded("ﬁnance"));
    assert_eq!(folded("Ａｃｍｅ"), folded("acme"));
    assert_ne!(folded("acme"), folded("acmé"));
}
