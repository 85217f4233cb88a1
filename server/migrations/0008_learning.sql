-- 学ぶ: courses, what people said to them, how far they are.
create table courses (
    id text not null primary key,
    -- The name of its folder.
    slug text not null unique,
    -- The course as everybody who may take it reads it, one JSON text.
    body text not null,
    -- Its place in the list.
    place bigint not null,
    -- 1 when offer-holders see it.
    shown bigint not null,
    imported_at bigint not null
);
-- Its folder as it was written, so that it can be written on here.
create table course_sources (
    course_id text not null references courses (id) on delete cascade,
    path text not null,
    data bytea not null,
    primary key (course_id, path)
);
create table enrollments (
    member_id text not null references members (id),
    course_id text not null references courses (id),
    enrollment text not null,
    at bigint not null,
    primary key (member_id, course_id)
);
-- What was learned stays when its lesson leaves the course: another version may bring it back.
create table progress (
    member_id text not null references members (id),
    lesson_id text not null,
    course_id text not null references courses (id),
    -- Progress, one JSON text.
    body text not null,
    -- When the server heard first that it was finished.
    completed_at bigint,
    primary key (member_id, lesson_id)
);
create index progress_of_course on progress (course_id);
-- Files of lessons, called after what is in them.
create table files (
    name text not null primary key,
    bytes bigint not null,
    added_at bigint not null
);
-- Their bytes, in parts of 256 KiB: a phone that goes on in the middle reads only what is left.
create table file_parts (
    name text not null references files (name) on delete cascade,
    part bigint not null,
    data bytea not null,
    primary key (name, part)
);
