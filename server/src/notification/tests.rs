use app::format;
use domain::{
    booking::Place,
    member::{Language, Role},
    text::PlaceName,
    time::{Day, Time},
};
use expect_test::expect;

use super::{
    Reminder, What, kind_moment,
    mail::{Envelope, Letter, message, text},
    words::{Told, Writer},
};

fn at(day: &str, clock: &str) -> Time {
    day.parse::<Day>().unwrap().at(clock.parse().unwrap())
}

fn writer(language: Language) -> Writer<'static> {
    Writer {
        language,
        name: "青井 葵",
        company: "架け橋商事",
    }
}

fn told(place: &Place) -> Told<'_> {
    Told {
        with: "佐藤 由美",
        starts: at("2030-12-25", "10:00"),
        place,
        link: Some("https://meet.example.jp/sato"),
        word: Some("急な会議のため"),
        is_own_doing: false,
        page: "https://bridge.example.jp/booking/1".into(),
    }
}

/// Every letter there is.
fn letters(language: Language) -> Vec<Letter> {
    let (writer, place) = (
        writer(language),
        Place::At(PlaceName::new("本社 3階").unwrap()),
    );
    let told = told(&place);
    let mut all = vec![
        writer.code("123456", "https://x".into()),
        writer.invitation(Role::OfferHolder, "https://x".into()),
        writer.invitation(Role::Hr, "https://x".into()),
        writer.reminder(Reminder::DayBefore, &told),
        writer.reminder(Reminder::HourBefore, &told),
        writer.record(&told),
    ];
    for what in [What::Booked, What::Moved, What::Cancelled] {
        all.extend([writer.for_holder(what, &told), writer.for_host(what, &told)]);
    }
    all
}

#[test]
fn subjects_fit_on_a_phone() {
    for language in [Language::Ja, Language::En] {
        for letter in letters(language) {
            // Half a place for what is half as wide.
            let width: usize = letter
                .subject
                .chars()
                .map(|it| if it.is_ascii() { 1 } else { 2 })
                .sum();
            assert!(width <= 60, "{} is {width} wide", letter.subject);
        }
    }
}

#[test]
fn every_letter_can_be_answered() {
    for letter in letters(Language::Ja) {
        assert!(
            text(&letter).contains("このメールに返信すると"),
            "{}",
            letter.subject
        );
    }
}

#[test]
fn a_booking_in_words() {
    let letter = writer(Language::Ja).for_holder(What::Booked, &told(&Place::Online));
    expect![[r#"
        青井 葵さん

        面談の予約が確定しました。

        日時：12月25日(水) 10:00–10:15（日本時間）
        相手：佐藤 由美さん
        場所：オンライン
        https://meet.example.jp/sato

        始まるまでは、理由なしで日時の変更や取り消しができます。

        予約を見る
        https://bridge.example.jp/booking/1

        --

        架け橋商事
        このメールに返信すると、担当者に届きます。
    "#]]
    .assert_eq(&text(&letter));
    assert!(text(&letter).contains(&format::span(at("2030-12-25", "10:00"))));
}

#[test]
fn a_message_says_that_a_machine_wrote_it_and_keeps_its_id() {
    let letter = Letter {
        calendar: Some(("PUBLISH", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".into())),
        ..letters(Language::Ja).remove(0)
    };
    let envelope = Envelope {
        from: "架け橋 <bridge@example.jp>",
        to_name: "青井 葵",
        to: "aoi@example.jp",
        message_id: "job@bridge.example.jp".into(),
        at: at("2030-11-05", "10:00"),
    };
    let message = String::from_utf8(message(&letter, &envelope).unwrap().formatted()).unwrap();
    for line in [
        "Auto-Submitted: auto-generated",
        "Message-ID: <job@bridge.example.jp>",
        "text/calendar; charset=utf-8; method=PUBLISH",
    ] {
        assert!(message.contains(line), "{line} is missing in {message}");
    }
    assert!(message.contains("Reply-To: "));
}

#[test]
fn what_a_person_wrote_is_text_in_a_letter() {
    let place = Place::Online;
    let told = Told {
        word: Some("<script>alert(1)</script>"),
        ..told(&place)
    };
    let letter = writer(Language::Ja).for_holder(What::Cancelled, &told);
    let envelope = Envelope {
        from: "bridge@example.jp",
        to_name: "a",
        to: "aoi@example.jp",
        message_id: "1@x".into(),
        at: at("2030-11-05", "10:00"),
    };
    let raw = message(&letter, &envelope).unwrap().formatted();
    let parsed = mail_parser::MessageParser::default().parse(&raw).unwrap();
    let html = parsed.body_html(0).unwrap();
    assert!(
        !html.contains("<script>") && html.contains("&lt;script&gt;"),
        "{html}"
    );
}

#[test]
fn the_company_writes_neither_at_night_nor_on_days_of_rest() {
    // Friday evening stays; Saturday 22:00 becomes Monday 8:00, and if that is a holiday, Tuesday.
    assert_eq!(
        kind_moment(at("2030-11-08", "20:00")),
        at("2030-11-08", "20:00")
    );
    assert_eq!(
        kind_moment(at("2030-11-09", "22:00")),
        at("2030-11-11", "08:00")
    );
    assert_eq!(
        kind_moment(at("2030-11-03", "12:00")),
        at("2030-11-05", "08:00")
    );
}
