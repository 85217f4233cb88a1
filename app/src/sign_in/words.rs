//! Words before the sign-in.

use domain::member::Language;

use super::problem::{AskProblem, CodeProblem, LinkProblem};

/// Sentences and labels.
#[expect(missing_docs, reason = "the texts stand beside the names")]
pub struct Words {
    pub brand: &'static str,
    pub sign_in: &'static str,
    pub sign_in_lead: &'static str,
    pub address: &'static str,
    pub address_hint: &'static str,
    pub send: &'static str,
    pub to_code: &'static str,
    pub ask_problem: fn(AskProblem) -> String,
    pub code_title: &'static str,
    pub code_lead: fn(&str) -> String,
    pub code: &'static str,
    pub code_hint: &'static str,
    pub enter: &'static str,
    pub no_mail: &'static str,
    pub no_mail_help: &'static str,
    pub again: &'static str,
    pub again_lead: fn(&str) -> String,
    pub other_address: &'static str,
    pub go_on: &'static str,
    pub code_problem: fn(CodeProblem) -> String,
    pub link_lead: fn(&str) -> String,
    pub link_note: &'static str,
    pub link_problem: fn(LinkProblem) -> String,
    pub to_sign_in: &'static str,
    pub invitation: &'static str,
    pub invitation_title: fn(&str) -> String,
    pub invitation_lead: &'static str,
    pub begin: &'static str,
    pub invitation_note: fn(&str) -> String,
    pub invitation_problem: fn(LinkProblem) -> String,
    pub invite_again: &'static str,
    pub sent_lead: &'static str,
    pub demo: &'static str,
}

const JA: Words = Words {
    brand: "架け橋",
    sign_in: "ログイン",
    sign_in_lead: "6桁の番号とリンクを、メールでお送りします。パスワードはありません。",
    address: "メールアドレス",
    address_hint: "会社からの招待メールが届いたアドレスです。",
    send: "メールを受け取る",
    to_code: "届いている番号を入れる",
    ask_problem: |problem| {
        match problem {
        AskProblem::NotAnAddress => "メールアドレスの「@」の前後を確かめてください。".into(),
        AskProblem::TooOften { minutes } => format!(
            "短い間に何度も送ったので、少し間をおいています。あと{minutes}分ほどで、また送れます。先に届いたメールの番号は、10分以内ならそのまま使えます。"
        ),
        AskProblem::NotAsked => {
            "番号を待っている間に時間が過ぎたか、別のブラウザーで開かれています。もう一度、メールアドレスを入れてください。".into()
        }
    }
    },
    code_title: "メールを確かめてください",
    code_lead: |address| {
        format!(
            "{address} が登録されていれば、1分ほどでメールが届きます。書かれている6桁の番号を入れてください。"
        )
    },
    code: "6桁の番号",
    code_hint: "10分間、このブラウザー(またはこのアプリ)だけで使えます。全角の数字でもかまいません。",
    enter: "ログイン",
    no_mail: "メールが届かないとき",
    no_mail_help: "迷惑メールのフォルダーと、アドレスの打ち間違いを確かめてください。登録されているのは、会社からの招待メールが届いたアドレスです。",
    again: "新しい番号を送る",
    again_lead: |address| format!("新しい番号を {address} にお送りします。"),
    other_address: "別のアドレスにする",
    go_on: "ログインできているか確かめる",
    code_problem: |problem| {
        match problem {
        CodeProblem::NotSixDigits => "番号は6桁の数字です。メールに書かれている番号を確かめてください。".into(),
        CodeProblem::Wrong { left } => {
            format!("番号が違うようです。いちばん新しいメールの番号を確かめてください。あと{left}回入れられます。")
        }
        CodeProblem::NoTries => "安全のため、ひとつの番号を試せるのは5回までです。新しい番号で続けられます。".into(),
        CodeProblem::Expired => "番号を使える10分が過ぎました。新しい番号で続けられます。".into(),
        CodeProblem::Used => "この番号か、同じメールのリンクは、もう使われています。まだログインできていなければ、新しい番号で続けられます。".into(),
    }
    },
    link_lead: |name| format!("{name}さんとして、このブラウザーでログインします。"),
    link_note: "アプリやほかのブラウザーで使うときは、そちらの画面に、メールの6桁の番号を入れてください。",
    link_problem: |problem| {
        match problem {
        LinkProblem::Unknown => {
            "このリンクは見つかりませんでした。途中で切れていないか確かめるか、新しいメールをお受け取りください。".into()
        }
        LinkProblem::Expired => "リンクを使える10分が過ぎました。新しいメールで続けられます。".into(),
        LinkProblem::Used | LinkProblem::UsedOften => {
            "このリンクか、同じメールの番号は、もう使われています。新しいメールで続けられます。".into()
        }
    }
    },
    to_sign_in: "新しいメールを受け取る",
    invitation: "招待",
    invitation_title: |name| format!("{name}さん、お待ちしていました"),
    invitation_lead: "入社までの間、会社とあなたをつなぐ場所です。急ぐことはありません。",
    begin: "はじめる",
    invitation_note: |day| {
        format!(
            "このリンクは{day}まで、ほかの端末でも使えます。そのあとはメールアドレスでログインできます。ほかの人には渡さないでください。"
        )
    },
    invitation_problem: |problem| {
        match problem {
        LinkProblem::Unknown => {
            "この招待は見つかりませんでした。リンクが途中で切れていないか確かめるか、招待が届いたメールアドレスでログインしてください。".into()
        }
        LinkProblem::Expired => "招待のリンクを使える14日が過ぎました。同じアドレスに、新しい招待をお送りします。".into(),
        LinkProblem::Used | LinkProblem::UsedOften => {
            "このリンクは何度も使われたので、安全のために止めました。同じアドレスに、新しい招待をお送りします。".into()
        }
    }
    },
    invite_again: "新しい招待を受け取る",
    sent_lead: "招待された方のアドレスに、新しいメールが届きます。数分待っても届かないときは、迷惑メールのフォルダーを見るか、メールアドレスでログインしてください。",
    demo: "デモでは、メールはここに届きます。",
};

const EN: Words = Words {
    brand: "Kakehashi",
    sign_in: "Sign in",
    sign_in_lead: "We send you a 6-digit code and a link by mail. There is no password.",
    address: "Mail address",
    address_hint: "The address your invitation from the company came to.",
    send: "Send me the mail",
    to_code: "Enter a code I have",
    ask_problem: |problem| {
        match problem {
        AskProblem::NotAnAddress => "Please check what stands before and after the “@”.".into(),
        AskProblem::TooOften { minutes } => format!(
            "There were many requests in a short time, so we pause a little. You can ask again in about {minutes} min. A code that came before still works within its 10 minutes."
        ),
        AskProblem::NotAsked => {
            "The time for the code is over, or this is another browser. Please enter your mail address again.".into()
        }
    }
    },
    code_title: "Check your mail",
    code_lead: |address| {
        format!(
            "If {address} is registered, a mail arrives within a minute or so. Enter the 6 digits it shows."
        )
    },
    code: "6-digit code",
    code_hint: "It works for 10 minutes, only in this browser (or this app).",
    enter: "Sign in",
    no_mail: "No mail?",
    no_mail_help: "Please look into the spam folder and check the address for typos. Registered is the address your invitation from the company came to.",
    again: "Send a new code",
    again_lead: |address| format!("A new code goes to {address}."),
    other_address: "Use another address",
    go_on: "See if I am signed in",
    code_problem: |problem| {
        match problem {
        CodeProblem::NotSixDigits => "The code has 6 digits. Please check it in the mail.".into(),
        CodeProblem::Wrong { left: 1 } => {
            "That is not the code. Please look at the newest mail. You can try once more.".into()
        }
        CodeProblem::Wrong { left } => {
            format!("That is not the code. Please look at the newest mail. You can try {left} more times.")
        }
        CodeProblem::NoTries => "To be safe, one code can be tried 5 times. You can go on with a new one.".into(),
        CodeProblem::Expired => "The 10 minutes of the code are over. You can go on with a new one.".into(),
        CodeProblem::Used => {
            "This code, or the link in the same mail, was used before. If you are not signed in, go on with a new one.".into()
        }
    }
    },
    link_lead: |name| format!("You sign in as {name} in this browser."),
    link_note: "For the app or another browser, enter the 6 digits of the mail there.",
    link_problem: |problem| {
        match problem {
        LinkProblem::Unknown => {
            "This link was not found. Please check that it is complete, or ask for a new mail.".into()
        }
        LinkProblem::Expired => "The 10 minutes of the link are over. You can go on with a new mail.".into(),
        LinkProblem::Used | LinkProblem::UsedOften => {
            "This link, or the code in the same mail, was used before. You can go on with a new mail.".into()
        }
    }
    },
    to_sign_in: "Get a new mail",
    invitation: "Invitation",
    invitation_title: |name| format!("{name}, we have been expecting you"),
    invitation_lead: "This place keeps you and the company in touch until your first day. There is no hurry.",
    begin: "Begin",
    invitation_note: |day| {
        format!(
            "The link works until {day}, on other devices too. After that you sign in with your mail address. Please do not pass it on."
        )
    },
    invitation_problem: |problem| {
        match problem {
        LinkProblem::Unknown => {
            "This invitation was not found. Please check that the link is complete, or sign in with the address it came to.".into()
        }
        LinkProblem::Expired => "The 14 days of this link are over. We send a new invitation to the same address.".into(),
        LinkProblem::Used | LinkProblem::UsedOften => {
            "This link was used many times, so it was stopped to be safe. We send a new invitation to the same address.".into()
        }
    }
    },
    invite_again: "Send me a new invitation",
    sent_lead: "A new mail goes to the address that was invited. If it does not arrive within a few minutes, look into the spam folder or sign in with your mail address.",
    demo: "In the demo, mails arrive here:",
};

/// The words of a language.
#[must_use]
pub fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
