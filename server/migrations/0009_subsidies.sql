-- 受験料の補助: what people asked the company to pay of an exam. The money is given: there is nothing to write a repayment in.
create table subsidies (
    id text not null primary key,
    holder_id text not null references members (id),
    course_id text not null references courses (id),
    purpose text not null,
    yen bigint not null check (yen > 0),
    paid_day bigint not null,
    asked_at bigint not null,
    -- 'open', 'asked_back', 'approved', 'declined'.
    decision text not null default 'open',
    -- The company's words to it.
    word text,
    decided_at bigint,
    decided_by text references members (id),
    withdrawn_at bigint,
    check ((decision = 'open') = (decided_at is null)),
    check ((decided_at is null) = (decided_by is null))
);
create index subsidies_of_holder on subsidies (holder_id);
-- The photo of a receipt as the server drew it anew: JPEG without anything but its pixels.
create table receipts (
    subsidy_id text not null primary key references subsidies (id),
    data bytea not null,
    added_at bigint not null
);
