//! Words of 当日のメモ on the page of an event.

use domain::member::Language;

pub(in crate::staff) struct Words {
    pub(in crate::staff) title: &'static str,
    pub(in crate::staff) lead: &'static str,
    pub(in crate::staff) owed: &'static str,
    pub(in crate::staff) text: &'static str,
    pub(in crate::staff) text_en: &'static str,
    pub(in crate::staff) recording: &'static str,
    pub(in crate::staff) save: &'static str,
}

const JA: Words = Words {
    title: "当日のメモ",
    lead: "招かれた内定者みんなが読みます。来られなかった方にも、話したことが届きます。",
    owed: "録画を届けると約束した催しです。",
    text: "話したこと",
    text_en: "話したこと(英語)",
    recording: "録画のアドレス",
    save: "メモを出す",
};

const EN: Words = Words {
    title: "Notes from the day",
    lead: "Everybody who was invited reads them, also those who could not come.",
    owed: "A recording was promised for this event.",
    text: "What was said",
    text_en: "What was said, in English",
    recording: "Address of the recording",
    save: "Show the notes",
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
