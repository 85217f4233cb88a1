//! How certain a thing is: always words and a shape, never the colour alone.

use domain::{member::Language, sync::replica::Standing};
use leptos::prelude::*;

use super::{Icon, el, icon, text, words};

/// The five states of a thing a person did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// 端末に保存: on this device only. Dotted, a phone.
    Saved,
    /// 送信中: on its way. Dashed, a paper plane.
    Sending,
    /// 確定: the server said so. Solid, a check.
    Confirmed,
    /// 断られました: a rule said no. Solid, with the alternatives near by.
    Refused,
    /// 会社の番です: the company owes the next step.
    Owed,
}

impl From<Standing> for Mark {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Saved => Self::Saved,
            Standing::Sending => Self::Sending,
            Standing::Confirmed => Self::Confirmed,
        }
    }
}

/// A mark in words, with its shape.
pub fn standing(language: Language, mark: Mark) -> AnyView {
    let words = words::of(language);
    let (class, shape, name) = match mark {
        Mark::Saved => ("standing standing--saved", Icon::Phone, words.saved),
        Mark::Sending => ("standing standing--sending", Icon::Paper, words.sending),
        Mark::Confirmed => ("standing standing--confirmed", Icon::Check, words.confirmed),
        Mark::Refused => ("standing standing--refused", Icon::Turn, words.refused),
        Mark::Owed => ("standing standing--owed", Icon::Clock, words.owed),
    };
    standing_in(class, shape, name)
}

/// A mark in a feature's own words, for what is neither certain nor on its way.
pub fn standing_in(class: &'static str, shape: Icon, words: &'static str) -> AnyView {
    let words = el("span", "", vec![text(words)]);
    el("span", class, vec![icon(shape), words])
}
