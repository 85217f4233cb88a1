//! Words and rules of Kakehashi, shared by the phone and the server.
//!
//! Pure: no clock, no chance, no input or output. Time and randomness are arguments, so every rule can be replayed.
//!
//! In reading order:
//! - [`id`], [`time`], [`text`]: the small words. A [`time::Day`] is a Tokyo day. [`json`] reads them.
//! - [`refusal`]: every "no" a rule can say, as a closed list.
//! - [`member`], [`booking`], [`interview`], [`promise`], [`event`]: the features, each with its facts and its rules.
//! - [`breakout`]: small groups at an event; [`question`]: what people want to know before it. [`learning`]: courses; [`subsidy`]: what the company pays of an exam.
//! - [`visibility`]: who may see which row, as data.
//! - [`sync`]: the machine that carries wishes to the server and facts to the device.

pub mod booking;
pub mod breakout;
pub mod event;
pub mod id;
pub mod interview;
pub mod json;
pub mod learning;
pub mod member;
pub mod promise;
pub mod question;
pub mod refusal;
pub mod subsidy;
pub mod sync;
pub mod text;
pub mod time;
pub mod visibility;
