-- Recorded answers are looked up by person and wish only.
drop index applied_by_device;
