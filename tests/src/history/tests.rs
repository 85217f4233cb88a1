//! Histories that cannot be true, each found out; and true ones, in which nothing is found.

use super::*;

const RULES: Rules = Rules {
    member_per_day: 2,
    member_ahead: 3,
    host_per_day: 4,
};

/// A history that is written down line by line.
#[derive(Default)]
struct Story {
    lines: Vec<Line>,
    numbers: std::collections::HashMap<String, u64>,
    seq: i64,
    kept: Vec<Kept>,
    applied: Vec<(String, String, String, u64, bool)>,
    closed: Vec<String>,
    profiles: Vec<(String, String)>,
    places: Vec<(String, usize)>,
    replies: Vec<(String, String, String)>,
}

impl Story {
    fn line(&mut self, who: &str, event: Event) {
        let at = u64::try_from(self.lines.len()).unwrap();
        self.lines.push(Line {
            at,
            member: who.into(),
            device: format!("{who}'s"),
            event,
        });
    }

    fn invoke(&mut self, who: &str, id: &str, deed: Deed) -> u64 {
        let n = self.numbers.entry(who.to_owned()).or_default();
        *n += 1;
        let n = *n;
        self.line(
            who,
            Event::Invoke {
                n,
                id: id.into(),
                deed,
            },
        );
        n
    }

    fn ok(
        &mut self,
        who: &str,
        n: u64,
        id: &str,
        refusal: Option<&str>,
        rows: &[(&str, &str, bool)],
    ) {
        self.line(
            who,
            Event::Ok {
                n,
                id: id.into(),
                refusal: refusal.map(str::to_owned),
            },
        );
        let rows = rows
            .iter()
            .map(|(booking, slot, is_live)| {
                self.seq += 1;
                Row {
                    seq: self.seq,
                    booking: (*booking).into(),
                    slot: (*slot).into(),
                    is_live: *is_live,
                }
            })
            .collect();
        self.saw(who, rows, Vec::new());
        self.applied.push((
            who.into(),
            id.into(),
            format!("{who}'s"),
            n,
            refusal.is_some(),
        ));
    }

    fn saw(&mut self, who: &str, rows: Vec<Row>, replies: Vec<Replied>) {
        let seq = self.seq;
        self.line(who, Event::Saw { seq, rows, replies });
    }

    /// Somebody answers the dinner, and is told what came of it.
    fn answered(&mut self, who: &str, id: &str, answer: &str, state: &str) {
        let deed = Deed::Reply {
            event: "dinner".into(),
            answer: answer.into(),
        };
        let n = self.invoke(who, id, deed);
        self.ok(who, n, id, None, &[]);
        // The rows come with the same answer.
        self.lines.pop();
        self.told(who, state);
    }

    /// Somebody is told of what became of their answer, perhaps by another's hand.
    fn told(&mut self, who: &str, state: &str) {
        self.seq += 1;
        let reply = Replied {
            seq: self.seq,
            event: "dinner".into(),
            state: state.into(),
        };
        self.saw(who, Vec::new(), vec![reply]);
        self.replies.retain(|it| it.1 != who);
        self.replies
            .push(("dinner".into(), who.into(), state.into()));
    }

    fn keep(&mut self, booking: &str, slot: &str, member: &str, is_live: bool) {
        self.kept.push(Kept {
            booking: booking.into(),
            slot: slot.into(),
            member: member.into(),
            host: "mio".into(),
            day: 7,
            is_live,
        });
    }

    /// Aoi asks for a slot and gets it.
    fn booked(&mut self, who: &str, booking: &str, slot: &str) {
        let n = self.invoke(who, booking, ask(booking, slot));
        self.ok(who, n, booking, None, &[(booking, slot, true)]);
        self.keep(booking, slot, who, true);
    }

    fn wrong(mut self) -> Vec<String> {
        // A talk of an earlier day, which the history finds.
        self.kept.push(Kept {
            booking: "old".into(),
            slot: "old".into(),
            member: "mei".into(),
            host: "mio".into(),
            day: 1,
            is_live: true,
        });
        let end = End {
            bookings: self.kept.clone(),
            applied: self.applied.clone(),
            profiles: self.profiles.clone(),
            closed: self.closed.clone(),
            places: self.places.clone(),
            replies: self.replies.clone(),
            ..End::default()
        };
        self.line("", Event::End(end));
        // As it was written to a file and read again.
        let lines: Vec<Line> = self
            .lines
            .iter()
            .map(|it| serde_json::from_str(&serde_json::to_string(it).unwrap()).unwrap())
            .collect();
        check(&lines, RULES).wrong
    }
}

fn ask(booking: &str, slot: &str) -> Deed {
    Deed::Ask {
        booking: booking.into(),
        slots: vec![slot.into()],
    }
}

fn assert_found(wrong: &[String], what: &str) {
    assert!(
        wrong.iter().any(|it| it.contains(what)),
        "{what:?} is not in {wrong:?}"
    );
}

#[test]
fn a_true_history_is_let_pass() {
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    let n = story.invoke("ren", "b2", ask("b2", "s1"));
    story.ok("ren", n, "b2", Some("slot_taken"), &[]);
    let n = story.invoke(
        "aoi",
        "c1",
        Deed::Cancel {
            booking: "b1".into(),
        },
    );
    story.line("aoi", Event::Unknown { n, id: "c1".into() });
    story.line(
        "aoi",
        Event::Later {
            n,
            id: "c1".into(),
            status: 503,
        },
    );
    // Ren is quicker than Aoi's second try: her first had arrived.
    story.booked("ren", "b3", "s1");
    story.ok("aoi", n, "c1", None, &[("b1", "s1", false)]);
    story.kept[0].is_live = false;
    let n = story.invoke(
        "ren",
        "m1",
        Deed::Move {
            booking: "b3".into(),
            slots: vec!["s2".into()],
        },
    );
    story.ok("ren", n, "m1", None, &[("b3", "s2", true)]);
    story.kept[1].slot = "s2".into();
    assert_eq!(story.wrong(), Vec::<String>::new());
}

#[test]
fn two_winners_are_found() {
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.booked("ren", "b2", "s1");
    let wrong = story.wrong();
    assert_found(&wrong, "s1 was held by b1 and b2 at once");
    assert_found(&wrong, "b2 took s1 at 2 while it was taken");
    assert_found(&wrong, "slot s1 0: 2 live interviews");
}

#[test]
fn two_winners_for_a_moment_are_found() {
    // One of them cancels later: at the end the database looks innocent.
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.booked("ren", "b2", "s1");
    let n = story.invoke(
        "aoi",
        "c1",
        Deed::Cancel {
            booking: "b1".into(),
        },
    );
    story.ok("aoi", n, "c1", None, &[("b1", "s1", false)]);
    story.kept[0].is_live = false;
    assert_found(&story.wrong(), "s1 was held by b1 and b2 at once");
}

#[test]
fn a_lost_acknowledgement_is_found() {
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.kept.clear();
    assert_found(&story.wrong(), "what b1 did is lost");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.applied.clear();
    assert_found(&story.wrong(), "b1 was acknowledged and is lost");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    let n = story.invoke(
        "aoi",
        "c1",
        Deed::Cancel {
            booking: "b1".into(),
        },
    );
    story.ok("aoi", n, "c1", None, &[("b1", "s1", false)]);
    assert_found(&story.wrong(), "what c1 did is lost");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    let n = story.invoke(
        "aoi",
        "m1",
        Deed::Move {
            booking: "b1".into(),
            slots: vec!["s2".into()],
        },
    );
    story.ok("aoi", n, "m1", None, &[("b1", "s2", true)]);
    assert_found(&story.wrong(), "b1 is not where it was put last");
    let mut story = Story::default();
    for text in ["one", "two"] {
        let n = story.invoke("mio", text, Deed::Profile { text: text.into() });
        story.ok("mio", n, text, None, &[]);
    }
    story.profiles.push(("mio".into(), "one".into()));
    assert_found(&story.wrong(), "mio said something else last");
}

#[test]
fn what_happened_twice_or_by_itself_is_found() {
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.applied.push(story.applied[0].clone());
    assert_found(&story.wrong(), "b1 was carried out twice");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.keep("b9", "s9", "ren", true);
    assert_found(&story.wrong(), "nobody asked for b9");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.kept[0].is_live = false;
    assert_found(&story.wrong(), "nobody ended b1");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.applied[0].4 = true;
    assert_found(&story.wrong(), "b1 was answered otherwise than it is kept");
}

#[test]
fn a_broken_order_is_found() {
    let mut story = Story::default();
    let first = story.invoke("aoi", "b1", ask("b1", "s1"));
    let second = story.invoke("aoi", "b2", ask("b2", "s2"));
    story.ok("aoi", second, "b2", None, &[("b2", "s2", true)]);
    story.ok("aoi", first, "b1", None, &[("b1", "s1", true)]);
    story.keep("b1", "s1", "aoi", true);
    story.keep("b2", "s2", "aoi", true);
    assert_found(&story.wrong(), "number 2 was answered after 0");
    let mut story = Story::default();
    story.line(
        "aoi",
        Event::Broken {
            what: "409 gap".into(),
        },
    );
    assert_found(&story.wrong(), "was told 409 gap");
}

#[test]
fn reads_that_go_back_or_miss_ones_own_writes_are_found() {
    let mut story = Story::default();
    let n = story.invoke("aoi", "b1", ask("b1", "s1"));
    story.ok("aoi", n, "b1", None, &[]);
    story.keep("b1", "s1", "aoi", true);
    assert_found(&story.wrong(), "was granted b1 and does not see it");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    story.seq = 0;
    story.saw("aoi", Vec::new(), Vec::new());
    assert_found(&story.wrong(), "read up to 1 and then up to 0");
    let mut story = Story::default();
    story.booked("aoi", "b1", "s1");
    let row = Row {
        seq: 0,
        booking: "b1".into(),
        slot: "s1".into(),
        is_live: true,
    };
    story.saw("aoi", vec![row], Vec::new());
    assert_found(&story.wrong(), "b1 went back to 0");
    let mut story = Story::default();
    let n = story.invoke("aoi", "b1", ask("b1", "s1"));
    story.ok("aoi", n, "b1", None, &[("b1", "s2", true)]);
    story.keep("b1", "s2", "aoi", true);
    assert_found(&story.wrong(), "sees it in s2");
}

#[test]
fn more_than_the_limits_allow_is_found() {
    let mut story = Story::default();
    for at in 1..=4 {
        story.booked("aoi", &format!("b{at}"), &format!("s{at}"));
    }
    let wrong = story.wrong();
    assert_found(&wrong, "member of a day aoi 7: 4");
    assert_found(&wrong, "member aoi 0: 4");
    let mut story = Story::default();
    for (at, who) in ["aoi", "ren", "mei", "jun", "kei"].iter().enumerate() {
        story.booked(who, &format!("b{at}"), &format!("s{at}"));
    }
    assert_found(&story.wrong(), "host of a day mio 7: 5");
}

/// A dinner for one.
fn dinner() -> Story {
    Story {
        places: vec![("dinner".into(), 1)],
        ..Story::default()
    }
}

#[test]
fn a_place_that_goes_from_one_to_the_next_is_let_pass() {
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "going");
    story.answered("ren", "r2", "going", "waiting");
    story.answered("aoi", "r3", "declined", "declined");
    story.told("ren", "offered");
    story.answered("ren", "r4", "going", "going");
    story.answered("mei", "r5", "maybe", "maybe");
    assert_eq!(story.wrong(), Vec::<String>::new());
}

#[test]
fn two_people_at_one_place_are_found() {
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "going");
    story.answered("ren", "r2", "going", "going");
    let wrong = story.wrong();
    assert_found(&wrong, "dinner has 2 people at 1 places at 2");
    assert_found(&wrong, "dinner ends with 2 people at 1 places");
    // One of them gives it up later: at the end the database looks innocent.
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "going");
    story.answered("ren", "r2", "going", "going");
    story.answered("aoi", "r3", "declined", "declined");
    assert_found(&story.wrong(), "dinner has 2 people at 1 places at 2");
    // What is held for somebody is not another's.
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "waiting");
    story.told("aoi", "offered");
    story.answered("ren", "r2", "going", "going");
    assert_found(&story.wrong(), "dinner has 2 people at 1 places at 3");
}

#[test]
fn a_forgotten_answer_is_found() {
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "going");
    story.replies.clear();
    assert_found(&story.wrong(), "what r1 did is lost");
    let mut story = dinner();
    story.answered("aoi", "r1", "declined", "declined");
    story.answered("aoi", "r2", "going", "going");
    story.replies[0].2 = "declined".into();
    assert_found(
        &story.wrong(),
        "aoi did not put themselves last as declined",
    );
    let mut story = dinner();
    story
        .replies
        .push(("dinner".into(), "ren".into(), "going".into()));
    assert_found(&story.wrong(), "ren did not put themselves last as going");
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "declined");
    assert_found(&story.wrong(), "aoi answered going to dinner and sees");
    // In line beside a free place, nobody was told.
    let mut story = dinner();
    story.answered("aoi", "r1", "going", "going");
    story.answered("ren", "r2", "going", "waiting");
    story.answered("aoi", "r3", "declined", "declined");
    assert_found(&story.wrong(), "1 wait for dinner, which has a free place");
}

#[test]
fn a_history_without_an_end_says_nothing() {
    assert_found(&check(&[], RULES).wrong, "there is no end");
}
