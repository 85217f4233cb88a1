//! Words of 少人数グループ on the page of an event.

use domain::member::Language;

pub(in crate::staff) struct Words {
    pub(in crate::staff) title: &'static str,
    pub(in crate::staff) lead: &'static str,
    pub(in crate::staff) nobody: &'static str,
    pub(in crate::staff) number: fn(u16) -> String,
    pub(in crate::staff) members: fn(usize) -> String,
    pub(in crate::staff) late: fn(&str) -> String,
    pub(in crate::staff) together: fn(&str, &str) -> String,
    pub(in crate::staff) alone: fn(&str) -> String,
    pub(in crate::staff) separator: &'static str,
    pub(in crate::staff) make: &'static str,
    pub(in crate::staff) makes: &'static str,
    pub(in crate::staff) again: &'static str,
    pub(in crate::staff) keeps: &'static str,
    pub(in crate::staff) leaving: &'static str,
    pub(in crate::staff) print: &'static str,
    pub(in crate::staff) apart: &'static str,
    pub(in crate::staff) apart_more: &'static str,
    pub(in crate::staff) pair: fn(&str, &str) -> String,
    pub(in crate::staff) one: &'static str,
    pub(in crate::staff) other: &'static str,
    pub(in crate::staff) choose: &'static str,
    pub(in crate::staff) add: &'static str,
    pub(in crate::staff) remove: &'static str,
    pub(in crate::staff) remove_of: fn(&str) -> String,
}

const JA: Words = Words {
    title: "少人数グループ",
    lead: "参加の方を3〜5人に分けます。同じ学校からひとりだけにならず、はじめて会う人と話せるように組みます。",
    nobody: "参加の返事が届くと、ここでグループを作れます。",
    number: |n| format!("グループ{n}"),
    members: |n| format!("{n}人"),
    late: |names| format!("まだグループのない方: {names}。作り直すと加わります。"),
    together: |one, other| format!("{one}と{other}は、別のグループにできませんでした。"),
    alone: |name| format!("{name}は、グループに同じ学校の方がいません。"),
    separator: "、",
    make: "グループを作る",
    makes: "参加の方の画面に、グループの番号と、名前を出してよいと選んだ方の名前が出ます。",
    again: "グループを作り直す",
    keeps: "ほとんどの方は、いまのグループのままです。変わった方の画面も新しくなります。",
    leaving: "グループ分けを送っています",
    print: "グループは名簿と一緒に印刷できます。",
    apart: "別のグループにする人",
    apart_more: "次に作るときから使います。理由は残しません。見えるのは人事と担当だけです。",
    pair: |one, other| format!("{one}と{other}"),
    one: "ひとり目",
    other: "ふたり目",
    choose: "選んでください",
    add: "この組を加える",
    remove: "外す",
    remove_of: |pair| format!("{pair}の組を外す"),
};

const EN: Words = Words {
    title: "Small groups",
    lead: "Those who come are dealt into groups of three to five: nobody alone from their school, and new faces for everybody.",
    nobody: "Groups can be made here once somebody comes.",
    number: |n| format!("Group {n}"),
    members: |n| n.to_string(),
    late: |names| format!("Without a group so far: {names}. They join when groups are made again."),
    together: |one, other| format!("{one} and {other} could not be put into different groups."),
    alone: |name| format!("{name} has nobody of the same school in the group."),
    separator: ", ",
    make: "Make groups",
    makes: "Those who come read the number of their group, and the names of those in it who chose to be named.",
    again: "Make groups again",
    keeps: "Most people stay where they are. Those who move read it on their screens.",
    leaving: "Groups are on their way",
    print: "Groups are printed together with the list of guests.",
    apart: "People to keep apart",
    apart_more: "It counts the next time groups are made. No reason is kept. Only HR and the hosts see it.",
    pair: |one, other| format!("{one} and {other}"),
    one: "First person",
    other: "Second person",
    choose: "Please choose",
    add: "Add this pair",
    remove: "Remove",
    remove_of: |pair| format!("Remove the pair {pair}"),
};

/// The words of a language.
pub(in crate::staff) fn of(language: Language) -> &'static Words {
    crate::words::of(language, &JA, &EN)
}
