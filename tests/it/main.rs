//! Every story of the product, told on both engines. One binary: a file per noun.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "in a test a panic is the report"
)]

mod account;
mod backup;
mod batch;
mod booking;
mod breakout;
mod company;
mod course;
mod door;
mod event;
mod fuzz;
mod interview;
mod learning;
mod mail;
mod member;
mod memo;
mod nodes;
mod notification;
mod package;
mod page;
mod question;
mod security;
mod subsidy;
mod sync;
mod tidy;
mod wire;

use tests::routes;

/// What a page starts from: the JSON embedded in it.
fn start_of(reply: &tests::Reply) -> app::start::Start {
    let text = reply.text();
    let json = text
        .split("<script type=\"application/json\" id=\"start\">")
        .nth(1)
        .and_then(|it| it.split("</script>").next());
    serde_json::from_str(json.expect("a page with a start")).expect("the start can be read")
}
