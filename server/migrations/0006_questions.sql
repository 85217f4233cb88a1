-- 事前の質問: what people want to know before an event.
create table questions (
    id text not null primary key,
    event_id text not null references events (id),
    asker_id text not null references members (id),
    -- Empty once it was taken back.
    text text not null,
    -- 1 when the others may read whose it is.
    named bigint not null default 0,
    -- The day: an hour would say whose it is.
    day bigint not null,
    answered_day bigint,
    answered_by text references members (id),
    answer text,
    -- How it stands in the FAQ, in words of the company's own; it stays there when the question is taken back.
    faq text,
    withdrawn_at bigint,
    check ((answered_day is null) = (answered_by is null)),
    check (answer is null or answered_day is not null),
    check (faq is null or answer is not null)
);
create index questions_of_event on questions (event_id);
create index questions_of_asker on questions (asker_id);
