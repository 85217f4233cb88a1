-- 当日のメモ of an event, one JSON text, and who wrote it last.
alter table events add column memo text;
alter table events add column memo_by text references members (id);
