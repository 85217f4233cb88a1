-- Events (催し). What was written is one JSON text: only its parts that are looked up stand beside it.
create table events (
    id text not null primary key,
    plan text not null,
    starts bigint not null,
    created_at bigint not null,
    created_by text not null references members (id),
    published_at bigint,
    published_by text references members (id),
    -- What changed since it was published, the latest first (JSON).
    edits text not null default '[]',
    -- How often time or place changed since it was published.
    sequence bigint not null default 0,
    cancelled_at bigint,
    cancelled_by text references members (id),
    cancelled_word text,
    check ((published_at is null) = (published_by is null)),
    check ((cancelled_at is null) = (cancelled_by is null)),
    check (cancelled_word is null or cancelled_at is not null)
);
create index events_by_start on events (starts);

-- Who said what to an event, and what came of it. A place is a number from one: nobody shares one.
create table rsvps (
    event_id text not null references events (id),
    member_id text not null references members (id),
    state text not null check (state in ('going', 'maybe', 'declined', 'waiting', 'offered', 'lapsed')),
    way text check (way in ('on_site', 'online')),
    place bigint check (place > 0),
    -- The order of those who wait.
    line bigint,
    -- The last moment to take what is offered.
    until bigint,
    -- 1 when the others may read the name.
    named bigint not null default 0,
    at bigint not null,
    -- How often it changed: with the event's own, the SEQUENCE of its calendar entry.
    sequence bigint not null default 0,
    -- What is shown at the door; made with the first place and kept.
    code text,
    attended_at bigint,
    attended_by text references members (id),
    -- A word of those who took the place back.
    word text,
    primary key (event_id, member_id),
    check ((state in ('going', 'offered')) = (place is not null)),
    check ((state = 'waiting') = (line is not null)),
    check ((state = 'offered') = (until is not null)),
    check ((attended_at is null) = (attended_by is null))
);
-- The last judges: a place is one person's, and so is a code.
create unique index rsvp_place_once on rsvps (event_id, way, place) where place is not null;
create unique index rsvp_code_once on rsvps (event_id, code) where code is not null;
create index rsvps_of_member on rsvps (member_id);
