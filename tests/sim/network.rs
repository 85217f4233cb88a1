//! What happens to requests and answers: lost, repeated, delayed, overtaken, cut off after the commit.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use axum::http::StatusCode;
use domain::{
    sync::{
        machine::{ANSWER_WITHIN, News, Step},
        outbox::size,
        wire::{Answer, MOST_BYTES, MOST_MUTATIONS, SyncRequest},
    },
    time::Time,
};
use futures::future::join_all;
use tests::device::understood;

use crate::{acts::short, broken::Rule, ledger::Decided, truth, world::World};

/// Characters of a cursor at most.
const MOST_CURSOR: usize = 120;
/// Letters that are carried to the server at the same moment, at most.
const TOGETHER: usize = 4;

/// A phone waits for this.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Awaiting {
    attempt: u64,
    /// The app that asked; a later one hears nothing of it.
    lives: usize,
    since: Time,
}

/// What a machine does.
pub(crate) enum Next {
    Sent(Letter),
    Wait(Time),
    Stop,
}

/// A request on its way.
#[derive(Clone)]
pub(crate) struct Letter {
    phone: usize,
    attempt: u64,
    request: SyncRequest,
    copies: u8,
}

/// An answer on its way.
pub(crate) struct Reply {
    phone: usize,
    attempt: u64,
    answer: Answer,
}

impl World {
    /// A phone does what its machine says.
    pub(crate) fn somebody_talks(&mut self) -> Result<()> {
        let Some(at) = self.any_phone() else {
            return Ok(());
        };
        if !self.once_in(5) {
            self.hear_tabs(at);
        }
        if self.is_awaiting(at) {
            return Ok(());
        }
        if !self.once_in(4) {
            self.phones[at].device.hear(News::Kick);
        }
        if let Next::Sent(letter) = self.send(at)? {
            self.post.push(letter);
        }
        Ok(())
    }

    /// The app that is open now waits for an answer.
    pub(crate) fn is_awaiting(&mut self, at: usize) -> bool {
        let phone = &mut self.phones[at];
        let lives = phone.device.lives();
        phone.awaiting = phone.awaiting.filter(|it| it.lives == lives);
        phone.awaiting.is_some()
    }

    /// What the machine of a phone does now.
    pub(crate) fn send(&mut self, at: usize) -> Result<Next> {
        let mut request = match self.phones[at].device.step() {
            Step::Send(request) => *request,
            Step::Wait(until) => return Ok(Next::Wait(until)),
            Step::Stop(_) => return Ok(Next::Stop),
        };
        check_bounds(&request)?;
        ensure!(
            request.reset.is_empty(),
            "8 convergence: {}'s own check found that {} is not what the server has",
            self.phones[at].name,
            request.reset.join(", ")
        );
        if self.phones[at].is_old {
            request.protocol = 0;
        }
        self.attempts += 1;
        let attempt = self.attempts;
        let phone = &mut self.phones[at];
        phone.awaiting = Some(Awaiting {
            attempt,
            lives: phone.device.lives(),
            since: self.town.now(),
        });
        let line = format!("{} sends {}", phone.name, in_words(attempt, &request));
        self.tell(line);
        Ok(Next::Sent(Letter {
            phone: at,
            attempt,
            request,
            copies: 0,
        }))
    }

    /// Some of the requests under way reach the server, or never will.
    pub(crate) async fn the_post_comes(&mut self) -> Result<()> {
        let together = if self.once_in(6) && self.broken.rule().is_none() {
            TOGETHER
        } else {
            1
        };
        let mut letters: Vec<Letter> = Vec::new();
        for _ in 0..together {
            if self.post.is_empty() {
                break;
            }
            let at = self.dice.usize(0..self.post.len());
            let letter = self.post.swap_remove(at);
            if self.once_in(12) {
                self.tell(format!("#{} is lost", letter.attempt));
            } else {
                if letter.copies < 3 && self.once_in(8) {
                    let copies = letter.copies + 1;
                    self.post.push(Letter {
                        copies,
                        ..letter.clone()
                    });
                }
                letters.push(letter);
            }
        }
        // One commit takes wishes of several phones. Who only asks for news, or asks a second time, would race with it,
        // and no seed would tell the same story twice.
        let mut rest = Vec::new();
        let mut together: Vec<Letter> = Vec::new();
        for letter in letters {
            let goes_along = !letter.request.mutations.is_empty()
                && together
                    .iter()
                    .all(|it| it.request.device != letter.request.device);
            if goes_along { &mut together } else { &mut rest }.push(letter);
        }
        if together.is_empty() {
            together.extend(rest.pop());
        }
        self.post.append(&mut rest);
        let letters = together;
        if letters.is_empty() {
            return Ok(());
        }
        for reply in self.serve(letters).await? {
            if self.once_in(8) {
                self.tell(format!("the answer to #{} is lost", reply.attempt));
            } else {
                self.replies.push(reply);
            }
        }
        Ok(())
    }

    /// The server answers requests that reach it at the same moment.
    pub(crate) async fn serve(&mut self, letters: Vec<Letter>) -> Result<Vec<Reply>> {
        let before = if self.broken.rule() == Some(Rule::SeqInside) {
            Some(self.ask_the_tables().await?.seq)
        } else {
            None
        };
        let mut requests = Vec::new();
        for letter in &letters {
            requests.push(
                self.broken
                    .on_the_way_there(&letter.request, &self.ledger, &self.town),
            );
        }
        let is_alone = letters.len() == 1;
        if !is_alone {
            // With every session known, they stand before the executor in this order, whatever the threads do.
            for letter in &letters {
                self.phones[letter.phone]
                    .device
                    .post_bytes(Vec::new())
                    .await;
            }
        }
        let posting = letters.iter().zip(&requests).map(|(letter, request)| {
            let device = &self.phones[letter.phone].device;
            device.post(request)
        });
        let answers = join_all(posting).await;
        let mut after = self.ask_the_tables().await?;
        if let Some(before) = before {
            self.broken
                .published(before, after.seq, letters[0].phone, &mut self.dice);
        }
        let decided = in_turn(std::mem::take(&mut after.decided), &letters);
        self.check_decisions(decided).await?;
        for (member, it) in &after.members {
            if let Some(words) = &it.says {
                self.ledger.says(*member, words)?;
            }
        }
        let mut replies = Vec::new();
        for (letter, reply) in letters.into_iter().zip(answers) {
            ensure!(
                reply.status < StatusCode::INTERNAL_SERVER_ERROR,
                "the server breaks: {} to #{}: {}",
                reply.status,
                letter.attempt,
                reply.text()
            );
            let mut answer = understood(&reply);
            self.tell(format!(
                "#{} is answered: {}",
                letter.attempt,
                answer_in_words(&answer)
            ));
            self.broken
                .on_the_way_back(&letter.request, letter.phone, &mut answer);
            self.check_answer(letter.phone, &letter.request, &answer, &after, is_alone)
                .await?;
            replies.push(Reply {
                phone: letter.phone,
                attempt: letter.attempt,
                answer,
            });
        }
        self.ledger.set_last(after.last);
        Ok(replies)
    }

    /// One of the answers under way reaches its phone, whichever left the server first.
    pub(crate) fn an_answer_comes(&mut self) -> Result<()> {
        if self.replies.is_empty() {
            return Ok(());
        }
        let at = self.dice.usize(0..self.replies.len());
        let reply = self.replies.swap_remove(at);
        self.hear(reply)
    }

    /// A phone hears an answer; one that it does not wait for any more is thrown away, as browsers do.
    pub(crate) fn hear(&mut self, reply: Reply) -> Result<()> {
        let at = reply.phone;
        if !self.is_awaiting(at) || self.phones[at].is_asleep {
            return Ok(());
        }
        if self.phones[at]
            .awaiting
            .is_none_or(|it| it.attempt != reply.attempt)
        {
            return Ok(());
        }
        self.phones[at].awaiting = None;
        self.phones[at].answers += 1;
        let lives = self.phones[at].device.lives();
        self.phones[at].device.hear(News::Answered(reply.answer));
        self.has_stored(at);
        let died = if self.phones[at].device.lives() > lives {
            ", and dies"
        } else {
            ""
        };
        self.tell(format!(
            "{} hears the answer to #{}{died}",
            self.phones[at].name, reply.attempt
        ));
        self.check_phone(at)
    }

    /// Who has waited long enough takes it that no answer comes.
    pub(crate) fn time_out(&mut self) -> Result<()> {
        let now = self.town.now();
        for at in 0..self.phones.len() {
            if self.phones[at].is_asleep || !self.is_awaiting(at) {
                continue;
            }
            let is_over = self.phones[at]
                .awaiting
                .is_some_and(|it| now.since(it.since) >= ANSWER_WITHIN);
            if is_over {
                self.give_up_waiting(at)?;
            }
        }
        Ok(())
    }

    pub(crate) fn give_up_waiting(&mut self, at: usize) -> Result<()> {
        if let Some(awaiting) = self.phones[at].awaiting.take() {
            self.phones[at].device.hear(News::Answered(Answer::Unclear));
            self.has_stored(at);
            self.tell(format!(
                "{} waits for #{} no longer",
                self.phones[at].name, awaiting.attempt
            ));
        }
        self.check_phone(at)
    }
}

/// Decisions in the order in which those who wished them stood before the executor.
fn in_turn(mut decided: Vec<Decided>, letters: &[Letter]) -> Vec<Decided> {
    let turn = |it: &Letter, of: &Decided| it.request.device == of.device;
    decided.sort_by_key(|of| letters.iter().position(|it| turn(it, of)));
    decided
}

fn check_bounds(request: &SyncRequest) -> Result<()> {
    let count = request.mutations.len();
    ensure!(
        count <= MOST_MUTATIONS,
        "21 bounds: {count} wishes in one request"
    );
    let bytes: usize = request.mutations.iter().map(size).sum();
    ensure!(
        bytes <= MOST_BYTES,
        "21 bounds: {bytes} bytes of wishes in one request"
    );
    let cursor = request.cursor.as_ref().map_or(0, String::len);
    ensure!(
        cursor <= MOST_CURSOR,
        "21 bounds: a cursor of {cursor} characters"
    );
    let numbers: BTreeSet<u64> = request.mutations.iter().map(|it| it.n).collect();
    let is_line = numbers
        .first()
        .zip(numbers.last())
        .is_none_or(|(first, last)| usize::try_from(last - first).is_ok_and(|it| it + 1 == count));
    ensure!(
        is_line,
        "3 contiguous numbers: a request has the numbers {numbers:?}"
    );
    Ok(())
}

fn in_words(attempt: u64, request: &SyncRequest) -> String {
    let wishes = match (request.mutations.first(), request.mutations.last()) {
        (Some(first), Some(last)) if first.n < last.n => {
            format!("wishes {} to {}", first.n, last.n)
        }
        (Some(only), _) => format!("wish {} ({})", only.n, only.name),
        _ => "nothing".into(),
    };
    let stands = request.cursor.as_deref().and_then(truth::read).map_or_else(
        || "the beginning".into(),
        |it| format!("{}:{}", short(it.history), it.seq),
    );
    let check = if request.check { ", checks" } else { "" };
    format!(
        "#{attempt}: {wishes} of device {}, from {stands}{check}",
        short(request.device)
    )
}

fn answer_in_words(answer: &Answer) -> String {
    let Answer::Changes(it) = answer else {
        return format!("{answer:?}");
    };
    let stands = truth::read(&it.cursor).map_or_else(String::new, |it| {
        format!("{}:{}", short(it.history), it.seq)
    });
    let outcomes: Vec<_> = it
        .outcomes
        .iter()
        .map(|it| {
            format!(
                "{} {}",
                it.n,
                it.refusal
                    .as_ref()
                    .map_or_else(|| "yes".into(), tests::show::code_of)
            )
        })
        .collect();
    let mut words = format!("to {stands}, {} rows", it.rows.len());
    for (what, names) in [
        ("enters", &it.audiences.enter),
        ("leaves", &it.audiences.leave),
    ] {
        if !names.is_empty() {
            let names: Vec<_> = names
                .iter()
                .map(|it| if it.starts_with("p:") { "own" } else { it })
                .collect();
            words.push_str(&format!(", {what} {}", names.join(" ")));
        }
    }
    if !outcomes.is_empty() {
        words.push_str(&format!("; {}", outcomes.join(", ")));
    }
    words
}
