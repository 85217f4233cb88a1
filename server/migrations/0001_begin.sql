-- One text for SQLite and PostgreSQL: text and bigint only, times as UTC milliseconds, days as days since 1970-01-01,
-- JSON as text. A state change is a row or a column group with its author and time, never a lonely flag.

-- Facts of which there is one: 'history', 'seq', 'floor', 'name', 'limits'.
create table company (
    key text not null primary key,
    value text not null
);

create table members (
    id text not null primary key,
    role text not null check (role in ('offer_holder', 'mentor', 'hr', 'desk_officer', 'owner')),
    name text not null,
    kana text,
    email text not null,
    -- The address after NFKC and in lower case: what people are told apart by.
    email_key text not null constraint members_email_once unique,
    school text,
    faculty text,
    graduation_year bigint,
    team text,
    joining bigint,
    talks_about text,
    language text not null default 'ja' check (language in ('ja', 'en')),
    created_at bigint not null,
    -- Set when an import that brought this member was undone, or the member left: no sign-in, no rows.
    left_at bigint
);

create table sessions (
    id text not null primary key,
    -- SHA-256 of the cookie's value; the value itself is stored nowhere.
    token_hash text not null constraint sessions_token_once unique,
    member_id text not null references members (id),
    label text not null,
    created_at bigint not null,
    last_seen_at bigint not null,
    ended_at bigint
);
create index sessions_of_member on sessions (member_id);

-- A mailed way in: a sign-in code with its link (10 minutes), or an invitation (14 days).
create table invitations (
    id text not null primary key,
    kind text not null check (kind in ('code', 'invitation')),
    member_id text not null references members (id),
    code_hash text,
    link_hash text not null constraint invitations_link_once unique,
    created_at bigint not null,
    expires_at bigint not null,
    tries bigint not null default 0,
    used_at bigint
);
create index invitations_of_member on invitations (member_id, created_at);

-- Attempts that are counted against a limit. The key is a keyed hash of an address or of a network.
create table attempts (
    key text not null,
    at bigint not null
);
create index attempts_by_key on attempts (key, at);

create table calendar_feeds (
    member_id text not null primary key references members (id),
    token_hash text not null constraint calendar_feeds_token_once unique,
    created_at bigint not null
);

create table imports (
    id text not null primary key,
    by_id text not null references members (id),
    at bigint not null,
    created bigint not null,
    changed bigint not null,
    undone_at bigint
);

-- What an import changed: the member as it was before (JSON), or null when it was new.
create table import_rows (
    import_id text not null references imports (id),
    member_id text not null references members (id),
    before text,
    primary key (import_id, member_id)
);

create table availabilities (
    id text not null primary key,
    host_id text not null references members (id),
    pattern text not null,
    place text not null,
    link text,
    note text,
    opened_at bigint not null,
    closed_at bigint
);
create index availabilities_of_host on availabilities (host_id);

create table slots (
    id text not null primary key,
    host_id text not null references members (id),
    availability_id text references availabilities (id),
    starts bigint not null,
    -- Tokyo day, for limits per day and per week.
    day bigint not null,
    place text not null,
    link text,
    note text,
    weekly_cap bigint,
    opened_at bigint not null,
    closed_at bigint,
    closed_by text references members (id),
    check ((closed_at is null) = (closed_by is null))
);
create index slots_of_host on slots (host_id, day);
create index slots_by_start on slots (starts);

-- Who holds which five-minute block of time: a host by an open slot, an offer-holder by a live booking. One row per
-- block, so two overlapping claims of one person are impossible whatever the code forgets.
create table busy (
    member_id text not null references members (id),
    block bigint not null,
    slot_id text not null references slots (id),
    constraint busy_once primary key (member_id, block)
);
create index busy_by_slot on busy (slot_id);

create table bookings (
    id text not null primary key,
    slot_id text not null references slots (id),
    member_id text not null references members (id),
    topic text,
    talk text,
    avoid text,
    -- How often time or place changed.
    sequence bigint not null default 0,
    booked_at bigint not null,
    cancelled_at bigint,
    cancelled_by text references members (id),
    cancelled_word text,
    check ((cancelled_at is null) = (cancelled_by is null)),
    check (cancelled_word is null or cancelled_at is not null)
);
-- One live booking per slot. The last judge.
create unique index booking_slot_once on bookings (slot_id) where cancelled_at is null;
create index bookings_of_member on bookings (member_id);

create table records (
    booking_id text not null primary key references bookings (id),
    by_id text not null references members (id),
    said text not null,
    next text,
    at bigint not null
);

create table corrections (
    id text not null primary key,
    booking_id text not null references records (booking_id),
    text text not null,
    at bigint not null
);
create index corrections_of_record on corrections (booking_id, at);

create table promises (
    id text not null primary key,
    member_id text not null references members (id),
    by_id text not null references members (id),
    booking_id text not null references bookings (id),
    text text not null,
    due bigint not null,
    made_at bigint not null,
    kept_at bigint,
    kept_by text references members (id),
    check ((kept_at is null) = (kept_by is null))
);
create index promises_to_member on promises (member_id);

-- What became of a wish and was not read yet (row `outcome`).
create table outcomes (
    mutation_id text not null,
    member_id text not null references members (id),
    body text not null,
    at bigint not null,
    primary key (member_id, mutation_id)
);

create table devices (
    id text not null primary key,
    member_id text not null references members (id),
    last_n bigint not null,
    seen_at bigint not null
);

-- Every wish that was decided, under the person's own id for it, whatever device brought it. A repeated wish gets the
-- recorded answer.
create table applied (
    member_id text not null references members (id),
    mutation_id text not null,
    device_id text not null,
    n bigint not null,
    refusal text,
    at bigint not null,
    primary key (member_id, mutation_id)
);
create index applied_by_device on applied (device_id, n);

-- One live row per (audience, kind, id), rewritten with a new seq when it changes; a null body is a tombstone.
create table feed (
    audience text not null,
    kind text not null,
    id text not null,
    seq bigint not null,
    body text,
    at bigint not null,
    primary key (audience, kind, id)
);
create index feed_in_order on feed (audience, seq);

-- Work after the answer. `key` makes enqueuing the same work twice harmless.
create table jobs (
    id text not null primary key,
    key text not null constraint jobs_key_once unique,
    kind text not null,
    body text not null,
    due_at bigint not null,
    attempts bigint not null default 0,
    leased_until bigint,
    done_at bigint,
    last_error text
);
create index jobs_due on jobs (due_at) where done_at is null;
