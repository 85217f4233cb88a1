//! Words of 人.

use domain::{member::Language, time::Day};

pub(in crate::staff) struct Words {
    pub(in crate::staff) lead: &'static str,
    pub(in crate::staff) search: &'static str,
    pub(in crate::staff) search_hint: &'static str,
    pub(in crate::staff) role: &'static str,
    pub(in crate::staff) all_roles: &'static str,
    pub(in crate::staff) count: fn(usize) -> String,
    pub(in crate::staff) table: &'static str,
    pub(in crate::staff) name: &'static str,
    pub(in crate::staff) school: &'static str,
    pub(in crate::staff) graduation: &'static str,
    pub(in crate::staff) year: fn(u16) -> String,
    pub(in crate::staff) team: &'static str,
    pub(in crate::staff) joining: &'static str,
    pub(in crate::staff) date: fn(Day) -> String,
    pub(in crate::staff) no_match: &'static str,
    pub(in crate::staff) no_match_more: &'static str,
}

const JA: Words = Words {
    lead: "基本の情報だけです。評価や点数の欄はありません。",
    search: "探す",
    search_hint: "名前・ふりがな・学校",
    role: "役割",
    all_roles: "すべて",
    count: |n| format!("{n}人"),
    table: "人の一覧",
    name: "氏名",
    school: "学校・学部",
    graduation: "卒業年",
    year: |n| format!("{n}年"),
    team: "所属",
    joining: "入社予定日",
    date: |it| {
        let (year, month, day) = it.date();
        format!("{year}年{month}月{day}日")
    },
    no_match: "当てはまる人がいません。",
    no_match_more: "言葉を短くするか、役割を「すべて」にしてみてください。",
};

const EN: Words = Words {
    lead: "Plain facts only. There is no field for marks or scores.",
    search: "Search",
    search_hint: "Name, reading or school",
    role: "Role",
    all_roles: "All",
    count: |n| {
        if n == 1 {
            "1 person".into()
        } else {
            format!("{n} people")
        }
    },
    table: "List of people",
    name: "Name",
    school: "School, faculty",
    graduation: "Graduates",
    year: |n| n.to_string(),
    team: "Team",
    joining: "First day",
    date: |it| it.to_string(),
    no_match: "Nobody matches.",
    no_match_more: "Try fewer letters, or choose all roles.",
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
