use domain::{
    member::Language,
    time::{Day, Time},
};
use leptos::prelude::*;

use super::{
    Here,
    problem::{AskProblem, CodeProblem, LinkProblem},
};

fn here(language: Language) -> Here {
    Here {
        language,
        path: "/sign-in".into(),
        is_demo: false,
    }
}

fn html(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

fn code(language: Language, problem: Option<CodeProblem>) -> String {
    html(|| super::code(&here(language), "aoi@example.jp", "/booking", problem))
}

fn all_pages(language: Language) -> Vec<String> {
    let asks = [
        None,
        Some(AskProblem::NotAnAddress),
        Some(AskProblem::TooOften { minutes: 3 }),
        Some(AskProblem::NotAsked),
    ];
    let codes = [
        None,
        Some(CodeProblem::NotSixDigits),
        Some(CodeProblem::Wrong { left: 2 }),
        Some(CodeProblem::NoTries),
        Some(CodeProblem::Expired),
        Some(CodeProblem::Used),
    ];
    let links = [
        LinkProblem::Unknown,
        LinkProblem::Expired,
        LinkProblem::Used,
        LinkProblem::UsedOften,
    ];
    let day: Day = Time::from_millis(1_800_000_000_000).day();
    let here = here(language);
    let sign_in = |problem| html(|| super::sign_in(&here, "", "", problem, true));
    let link = |name| html(|| super::link(&here, "t0ken", name));
    let invitation = |invited| html(|| super::invitation(&here, "t0ken", invited));
    let mut pages: Vec<_> = asks.into_iter().map(sign_in).collect();
    pages.extend(codes.into_iter().map(|it| code(language, it)));
    pages.push(link(Ok("Aoi")));
    pages.push(invitation(Ok(("Aoi", day))));
    pages.extend(links.into_iter().map(|it| link(Err(it))));
    pages.extend(links.into_iter().map(|it| invitation(Err(it))));
    pages.push(html(|| super::sent(&here)));
    pages
}

#[test]
fn every_page_offers_a_next_step_and_keeps_the_voice() {
    for page in [Language::Ja, Language::En].into_iter().flat_map(all_pages) {
        let main = page.split("<main").nth(1).unwrap_or_default();
        assert!(main.contains("<form") || main.contains("href="), "{page}");
        let text = main.replace("<!>", "").replace("<!--", "");
        for loud in ["!", "!", "必須", "義務", "エラー", "無効", "Oops"] {
            assert!(!text.contains(loud), "{loud} in {text}");
        }
        assert_eq!(page.matches("<h1").count(), 1);
        assert!(!page.contains("style="), "{page}");
    }
}

#[test]
fn a_code_that_can_be_tried_again_keeps_its_field() {
    for (problem, has_field) in [
        (None, true),
        (Some(CodeProblem::NotSixDigits), true),
        (Some(CodeProblem::Wrong { left: 1 }), true),
        (Some(CodeProblem::NoTries), false),
        (Some(CodeProblem::Expired), false),
        (Some(CodeProblem::Used), false),
    ] {
        let page = code(Language::Ja, problem);
        assert_eq!(page.contains("one-time-code"), has_field, "{problem:?}");
        assert!(page.contains("新しい番号を送る"), "{problem:?}");
        assert_eq!(page.contains("role=\"alert\""), problem.is_some());
    }
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let typed = "\"><script>alert(1)</script>";
    let page = html(|| super::sign_in(&here(Language::Ja), "", typed, None, false));
    assert!(!page.contains("<script"), "{page}");
}
