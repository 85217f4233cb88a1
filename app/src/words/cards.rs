//! Icebreaker cards for small groups. Everybody can answer each in a sentence, and may pass.
//!
//! Nothing here touches other offers, family, belief, health, money, romance or looks, nor asks anybody to perform.
//! `domain::breakout::cards` says which ones a group gets, by their place in the list: new cards come last.

/// The questions, in Japanese and in English.
pub const CARDS: &[(&str, &str)] = &[
    (
        "最近、ちょっとうれしかったことは何ですか。",
        "What is a small thing that made you happy lately?",
    ),
    (
        "朝と夜、どちらのほうが元気ですか。",
        "Are you more awake in the morning or at night?",
    ),
    (
        "好きなおにぎりの具は何ですか。",
        "What do you like best inside a rice ball?",
    ),
    (
        "休みの日の、お気に入りの過ごし方を教えてください。",
        "How do you like to spend a day off?",
    ),
    (
        "最近よく聴いている音楽はありますか。",
        "Is there any music you have been listening to lately?",
    ),
    (
        "学校の近くの、おすすめの場所やお店を教えてください。",
        "Which place or shop near your school would you recommend?",
    ),
    (
        "四季の中で、いちばん好きな季節はいつですか。",
        "Which season do you like best?",
    ),
    (
        "もう一度行きたい場所はどこですか。",
        "Which place would you like to visit again?",
    ),
    (
        "最近はじめてやってみたことはありますか。",
        "Have you tried anything for the first time lately?",
    ),
    (
        "見かけると、つい立ち止まってしまうものはありますか。",
        "Is there something that always makes you stop and look?",
    ),
    (
        "人にすすめたい本や映画、ゲームを一つ教えてください。",
        "Which book, film or game would you recommend?",
    ),
    (
        "落ち着くために、よくすることは何ですか。",
        "What do you often do to unwind?",
    ),
    (
        "机の上やかばんの中の、お気に入りのものを教えてください。",
        "What do you like that is on your desk or in your bag?",
    ),
    (
        "これから覚えてみたいことはありますか。",
        "Is there something you would like to learn some day?",
    ),
    (
        "学生のうちに覚えて、よかったと思うことは何ですか。",
        "What are you glad to have learned as a student?",
    ),
    (
        "今日、目に留まったものはありますか。",
        "Did anything catch your eye today?",
    ),
];
