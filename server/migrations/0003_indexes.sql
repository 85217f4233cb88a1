-- Time is given back by its person and its blocks, which the key holds.
drop index busy_by_slot;
-- Which weeks of a host have a cap is asked at every booking; few have.
create index slots_capped on slots (host_id, day) where weekly_cap is not null and closed_at is null;
