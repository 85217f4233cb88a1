-- Packages that others made (SCORM, cmi5): what it takes to play them, and how far somebody is inside them.
create table packages (
    course_id text not null primary key references courses (id) on delete cascade,
    -- Changes when anything in the package changes.
    version text not null,
    -- Of which kind it is and where its lessons begin, one JSON text.
    body text not null
);
-- Its files: where each stands in it, and which of the kept files it is.
create table package_files (
    course_id text not null references courses (id) on delete cascade,
    path text not null,
    name text not null references files (name),
    primary key (course_id, path)
);
create index package_files_of_file on package_files (name);
-- Somebody plays a lesson. It lasts half a day, and no longer than the session and the version it began with.
create table plays (
    -- SHA-256 of the secret in the address; the secret itself is stored nowhere.
    token_hash text not null primary key,
    member_id text not null references members (id) on delete cascade,
    session_id text not null references sessions (id) on delete cascade,
    course_id text not null references courses (id) on delete cascade,
    lesson_id text not null,
    version text not null,
    -- What is agreed with the lesson, one JSON text.
    body text not null,
    started_at bigint not null
);
create index plays_of_member on plays (member_id, started_at);
create index plays_of_session on plays (session_id);
-- What a lesson keeps for itself, so that the next phone goes on where the last one was. Nobody but the lesson reads it.
create table play_states (
    member_id text not null references members (id) on delete cascade,
    lesson_id text not null,
    -- For SCORM its version; for cmi5 what the lesson calls it.
    name text not null,
    kind text not null,
    body text not null,
    at bigint not null,
    primary key (member_id, lesson_id, name)
);
