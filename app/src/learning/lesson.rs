//! `/learn/COURSE/LESSON`: a page to read, one column, one next button. What was read is on the device at once.

use domain::{
    id::{AttemptId, CourseId, LessonId},
    learning::{Attempt, Course, Lesson, Progress, Study, quiz::is_right},
    sync::{mutation::Mutation, replica::Seen},
    time::Time,
};
use leptos::prelude::*;

use super::{subsidy, words};
use crate::{
    device::{Device, NotSaved, edge},
    page::Page,
    ui::{self, Any, Blank, Look, NotFound},
};

/// What is being read.
#[derive(Clone, Copy)]
struct Reading {
    device: Device,
    course: CourseId,
    lesson: LessonId,
    trouble: RwSignal<Option<NotSaved>>,
}

pub(super) fn screen(course: CourseId, lesson: LessonId) -> AnyView {
    let device = Device::here();
    let words = words::of(device.language);
    let it = Reading {
        device,
        course,
        lesson,
        trouble: RwSignal::new(None),
    };
    // Nothing while it is looked for; empty where it is neither on the device nor to be had.
    let page = RwSignal::new(device.lesson.get_untracked());
    let known = device.read(move |seen| found(seen, course, lesson).is_some());
    Effect::new(move |_| {
        let Some(edge) = edge().filter(|_| known.get()) else {
            return;
        };
        if page.with(|it| it.as_ref().is_some_and(|it| !it.is_empty())) {
            it.attend();
        } else if page.with_untracked(Option::is_none) {
            let heard = Callback::new(move |came: Option<String>| {
                page.set(Some(came.unwrap_or_default()));
            });
            device.seen.with_untracked(|seen| {
                if let Some((_, it)) = found(seen, course, lesson) {
                    edge.lesson(it.page_in(device.language), heard);
                }
            });
        }
    });
    let head = ui::live(move || {
        let seen = device.seen.get();
        match found(&seen, course, lesson) {
            Some((_, it)) => vec![head(device, &seen, it)],
            None if device.status.with(|it| it.is_loading) => {
                let blank = device.status.with(|it| Blank::of(it, "", ""));
                vec![ui::empty(device.language, blank)]
            }
            None => vec![NotFound().any()],
        }
    });
    let article = ui::live(move || {
        page.with(|it| match it.as_deref() {
            None => vec![ui::note(words.opening)],
            Some("") => {
                let blank = Blank::Nothing(words.away_title, words.away);
                vec![ui::empty(device.language, blank)]
            }
            Some(html) => {
                let html = html.to_owned();
                vec![view! { <article class="lesson" inner_html=html></article> }.any()]
            }
        })
    });
    let foot = ui::live(move || {
        let seen = device.seen.get();
        let found = found(&seen, course, lesson);
        found.map_or_else(Vec::new, |(course, lesson)| it.foot(&seen, course, lesson))
    });
    ui::screen(vec![
        ui::back(device.language, Page::Course(course).path()),
        head,
        article,
        foot,
        ui::trouble(device, it.trouble),
    ])
}

fn found(seen: &Seen, course: CourseId, id: LessonId) -> Option<(&Course, &Lesson)> {
    let course = seen.view.courses.get(&course)?;
    let lesson = course.pages().find(|it| it.id == id)?;
    Some((course, lesson))
}

fn head(device: Device, seen: &Seen, it: &Lesson) -> AnyView {
    let (language, words) = (device.language, words::of(device.language));
    let mut parts = vec![ui::title(
        it.title.in_language(language).to_string(),
        (words.minutes)(it.minutes),
    )];
    let position = seen.view.progress.get(&it.id);
    let position = position.filter(|it| it.completed.is_none() && it.position > 1);
    if let Some(progress) = position {
        let path = ["#part-", &(progress.position - 1).to_string()].concat();
        parts.push(ui::link_button(Look::Plain, words.where_i_was, path));
    }
    ui::stack(parts)
}

impl Reading {
    /// Lets questions be answered, and notes what was in sight.
    fn attend(self) {
        let known = self.progress();
        let mut last = String::new();
        let seen = self.device.seen.get_untracked();
        if let Some(id) = subsidy::asked_back(&seen, self.course) {
            last += &["\t", &id.to_string(), "\n"].concat();
        }
        // The latest stand first.
        for it in known.iter().flat_map(|it| it.attempts.iter().rev()) {
            let right = if it.right { "1" } else { "" };
            last += &[&it.quiz, "\t", &it.given, "\t", right, "\n"].concat();
        }
        let answered = Callback::new(move |[quiz, accepts, given]: [String; 3]| {
            if quiz.is_empty() {
                // The form by which the company is asked to pay.
                return subsidy::ask(self.device, self.course, [&accepts, &given], self.trouble);
            }
            self.answer(&quiz, &accepts, &given)
        });
        let seen = Callback::new(move |parts: u16| {
            if self
                .progress()
                .is_none_or(|it| it.position < parts && it.completed.is_none())
            {
                self.study(parts, None, None, || {});
            }
        });
        if let Some(edge) = edge() {
            edge.attend(&last, answered, seen);
        }
    }

    fn progress(self) -> Option<Progress> {
        let seen = self.device.seen.get_untracked();
        seen.view.progress.get(&self.lesson).cloned()
    }

    /// Keeps an answer; says whether it was right.
    fn answer(self, quiz: &str, accepts: &str, given: &str) -> bool {
        let right = is_right(accepts.split(' '), given);
        if let Some(edge) = edge() {
            let at = edge.now();
            let attempt = Attempt {
                id: AttemptId::born(at, edge.chance()),
                quiz: quiz.into(),
                given: given.into(),
                right,
                at,
            };
            self.study(0, None, Some(attempt), || {});
        }
        right
    }

    fn study(
        self,
        position: u16,
        completed: Option<Time>,
        attempt: Option<Attempt>,
        then: impl FnOnce() + 'static,
    ) {
        let wish = Study {
            lesson: self.lesson,
            progress: Progress {
                course: self.course,
                position,
                completed,
                attempts: attempt.into_iter().collect(),
            },
        };
        ui::act(Mutation::Study(wish), self.trouble, then);
    }

    /// It was read, and on to the next.
    fn foot(self, seen: &Seen, course: &Course, it: &Lesson) -> Vec<AnyView> {
        if it.subsidy_yen.is_some() {
            return subsidy::asked(self.device, seen, course.id, self.trouble);
        }
        let language = self.device.language;
        let words = words::of(language);
        let mut rest = course
            .lessons()
            .skip_while(|other| other.id != it.id)
            .skip(1);
        let next = rest.next();
        let (page, label) = match next {
            Some(next) => {
                let title = next.title.in_language(language);
                (Page::Lesson(course.id, next.id), (words.read_next)(title))
            }
            None => (Page::Course(course.id), words.read_last.to_owned()),
        };
        if super::is_completed(seen, it.id) {
            let standing = seen.standing("progress", it.id);
            return vec![
                ui::standing(language, standing.into()),
                ui::note(words.read_before),
                ui::link_button(Look::Second, label, page.path()),
            ];
        }
        let finish = Callback::new(move |()| {
            let Some(edge) = edge() else { return };
            let page = page.clone();
            self.study(0, Some(edge.now()), None, move || edge.go(&page));
        });
        vec![ui::button(Look::Primary, label, finish)]
    }
}
