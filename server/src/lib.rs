//! The server: axum, sqlx, pages, jobs. Product rules stand in `domain`; each feature's `apply` calls them.
//!
//! In reading order: [`config`], [`services`], [`actor`], [`error`]; [`db`] with the executor; [`sync`]; the features
//! [`account`], [`member`], [`booking`], [`interview`], [`promise`], [`calendar`]; work after the answer: [`job`],
//! [`notification`]; what browsers load: [`page`], [`form`], [`asset`].

pub mod account;
pub mod actor;
pub mod asset;
pub mod booking;
pub mod calendar;
pub mod config;
pub mod db;
pub mod error;
pub mod form;
pub mod interview;
pub mod job;
pub mod limit;
pub mod member;
pub mod notification;
pub mod page;
pub mod promise;
pub mod seed;
pub mod services;
pub mod sync;
