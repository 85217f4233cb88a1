-- 少人数グループ of an event, as they were dealt last.
create table breakouts (
    event_id text not null primary key references events (id),
    -- Pairs that were to be kept apart; those of them that sit together; who is alone from their school (JSON).
    apart text not null,
    together text not null,
    alone text not null,
    dealt_at bigint not null,
    dealt_by text not null references members (id)
);

-- Who sits where. Whoever gives the place back is shown to nobody from then on, and leaves with the next dealing.
create table breakout_members (
    event_id text not null references breakouts (event_id),
    member_id text not null references members (id),
    way text not null check (way in ('on_site', 'online')),
    number bigint not null check (number > 0),
    primary key (event_id, member_id)
);
