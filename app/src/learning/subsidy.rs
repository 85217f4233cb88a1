//! Under the form of `受験料の補助`: what the person asked for, and what became of it. The form itself is a page like a lesson's.

use domain::{
    id::{CourseId, SubsidyId},
    subsidy::{AskSubsidy, Decision, Fee, Subsidy, WithdrawSubsidy},
    sync::{
        mutation::Mutation,
        replica::{Seen, Standing},
    },
};
use leptos::prelude::*;

use super::words;
use crate::{
    device::{Device, NotSaved, edge},
    format, order,
    ui::{self, Look, Mark},
};

/// What was asked of this course.
pub(super) fn asked(
    device: Device,
    seen: &Seen,
    course: CourseId,
    trouble: RwSignal<Option<NotSaved>>,
) -> Vec<AnyView> {
    let of_course = seen.view.subsidies.iter();
    let of_course = of_course.filter(|it| it.1.fee.course == course);
    let all = order::sorted(of_course, |(id, it)| {
        order::by(-it.asked.millis(), id.bits())
    });
    if all.is_empty() {
        return Vec::new();
    }
    let card = |(id, it): (&SubsidyId, &Subsidy)| card(device, seen, *id, it, trouble);
    let cards = all.into_iter().map(card).collect();
    let words = words::of(device.language);
    vec![ui::section(words.asked, vec![ui::list(cards)])]
}

fn card(
    device: Device,
    seen: &Seen,
    id: SubsidyId,
    it: &Subsidy,
    trouble: RwSignal<Option<NotSaved>>,
) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let standing = seen.standing("subsidy", id);
    let is_sent = standing == Standing::Confirmed;
    let mark = Mark::from(standing);
    let state = match it.decision {
        _ if !is_sent => ui::standing(language, mark),
        Decision::Open => ui::standing(language, Mark::Owed),
        Decision::AskedBack => ui::chip(words.asked_back),
        Decision::Approved => ui::chip(words.approved),
        Decision::Declined => ui::chip(words.no_subsidy),
    };
    let about = [
        (words.yen)(it.fee.yen),
        " · ".to_owned(),
        format::day(language, it.fee.paid),
    ]
    .concat();
    let mut parts = vec![
        ui::row(vec![state]),
        ui::heading(it.fee.purpose.to_string()),
        ui::note(about),
    ];
    if let Some(word) = &it.word {
        parts.push(ui::p("prose", word.to_string()));
    }
    if it.decision.is_open() {
        if it.has_receipt {
            parts.push(ui::note(words.receipt));
        }
        let withdraw = Callback::new(move |()| {
            let wish = WithdrawSubsidy { subsidy: id };
            ui::act(Mutation::WithdrawSubsidy(wish), trouble, || {});
        });
        let button = ui::button(Look::Second, words.take_back, withdraw);
        parts.push(ui::row(vec![button]));
    }
    ui::card((!is_sent).then_some(mark), parts)
}

/// The request that the form writes anew: one to which the company asked back.
pub(super) fn asked_back(seen: &Seen, course: CourseId) -> Option<SubsidyId> {
    let mut all = seen.view.subsidies.iter();
    let is_it = |it: &Subsidy| it.fee.course == course && it.decision == Decision::AskedBack;
    all.find(|it| is_it(it.1)).map(|it| *it.0)
}

/// Asks, where everything is in order; `given` is what was typed, as [`Fee`] is written: yen, the day, what for.
pub(super) fn ask(
    device: Device,
    course: CourseId,
    [id, given]: [&str; 2],
    trouble: RwSignal<Option<NotSaved>>,
) -> bool {
    let fee = Fee::read(&[&course.to_string(), " ", given].concat());
    let (Some(edge), Ok(subsidy), Some(fee)) = (edge(), id.parse(), fee) else {
        return false;
    };
    let it = AskSubsidy { subsidy, fee };
    let offered = |seen: &std::sync::Arc<Seen>| seen.view.courses.get(&course)?.subsidy_yen();
    let most = device.seen.with_untracked(offered).unwrap_or(0);
    let is_fine = it.checked(most, edge.now()).is_ok();
    if is_fine {
        ui::act(Mutation::AskSubsidy(it), trouble, || {});
    }
    is_fine
}
