//! The form by which somebody asks the company to pay for an exam: a page like a lesson's, so it is on the device with them.
//! The app takes it over (`frontend/src/lesson.rs`); without the app it posts by itself (`crate::subsidy`).

use app::format::thousands;
use domain::subsidy::MOST_YEN;

/// The form, in a language. `action` is where it posts; `purpose` stands in its first field.
pub(super) fn form(action: &str, most_yen: u32, purpose: &str, is_en: bool) -> String {
    let it = if is_en { &EN } else { &JA };
    let most = (it.most)(&thousands(most_yen));
    let field = |name: &str, label: &str, input: &str, about: &str| {
        let about = if about.is_empty() {
            String::new()
        } else {
            format!("<p class=\"note\" id=\"{name}-about\">{about}</p>")
        };
        format!(
            "<div class=\"field\"><label class=\"field__label\" for=\"{name}\">{label}</label>\
             <input class=\"field__input\" id=\"{name}\" name=\"{name}\" {input} aria-describedby=\"{name}-about\">{about}</div>"
        )
    };
    let purpose = format!("type=\"text\" maxlength=\"200\" required value=\"{purpose}\"");
    let yen = format!(
        "type=\"number\" inputmode=\"numeric\" min=\"1\" max=\"{}\" step=\"1\" required",
        most_yen.min(MOST_YEN)
    );
    let photo = "type=\"file\" accept=\"image/jpeg,image/png,image/webp\"";
    let fields = [
        field("purpose", it.purpose, &purpose, ""),
        field("yen", it.yen, &yen, &most),
        field("paid", it.paid, "type=\"date\" required", ""),
        field("receipt", it.photo, photo, it.photo_note),
    ]
    .concat();
    format!(
        "<p>{}</p><p class=\"card\"><strong>{}</strong></p>\
         <form class=\"card stack\" method=\"post\" action=\"{action}\" enctype=\"multipart/form-data\" data-subsidy>{fields}\
         <div class=\"lesson-receipt\" role=\"img\" aria-label=\"{}\" data-preview hidden></div>\
         <p class=\"note\" role=\"alert\" data-bad hidden>{}</p><p class=\"note\" role=\"alert\" data-full hidden>{}</p>\
         <p class=\"note\" role=\"alert\" data-wrong hidden>{}</p>\
         <p class=\"note\">{}</p><button class=\"button button--primary\" type=\"submit\">{}</button></form>",
        it.lead, it.given, it.preview, it.bad, it.full, it.wrong, it.later, it.send
    )
}

struct Words {
    lead: &'static str,
    given: &'static str,
    purpose: &'static str,
    yen: &'static str,
    most: fn(&str) -> String,
    paid: &'static str,
    photo: &'static str,
    photo_note: &'static str,
    preview: &'static str,
    bad: &'static str,
    full: &'static str,
    later: &'static str,
    send: &'static str,
    wrong: &'static str,
}

const JA: Words = Words {
    lead: "受験料などを払ったあとで、会社に申し込めます。受けるかどうか、申し込むかどうかは自由です。合格でなくても申し込めます。",
    given: "辞退しても返金は求めません。",
    purpose: "何の費用か",
    yen: "金額(円)",
    most: |most| format!("会社の補助は{most}円までです。"),
    paid: "支払った日",
    photo: "領収書の写真",
    photo_note: "見るのは人事だけです。この端末で小さくし、撮影した場所などの情報を消してから送ります。手元になければ、写真なしで申し込めます。",
    preview: "送る写真",
    bad: "この写真は読み込めませんでした。JPEG か PNG の写真でお試しください。",
    full: "端末の空きが足りず、写真を保存できません。書いた内容はそのままです。",
    later: "電波がなくても申し込めます。つながったときに送ります。",
    send: "申し込む",
    wrong: "金額と支払った日を、もう一度確かめてください。",
};

const EN: Words = Words {
    lead: "Once you have paid a fee, you can ask the company for the money. Taking the exam and asking are both up to you, and you need not have passed.",
    given: "If you decline the offer later, nobody asks for the money back.",
    purpose: "What you paid for",
    yen: "Amount in yen",
    most: |most| format!("The company pays up to ¥{most}."),
    paid: "Paid on",
    photo: "Photo of the receipt",
    photo_note: "Only HR sees it. This device makes it smaller and takes out where and when it was taken before it is sent. If it is not at hand, you can ask without one.",
    preview: "The photo that will be sent",
    bad: "This photo cannot be read. Please try one in JPEG or PNG.",
    full: "This device has too little room for the photo. What you wrote is still here.",
    later: "You can ask without a signal. It is sent when there is one.",
    send: "Ask for it",
    wrong: "Please check the amount and the day once more.",
};
