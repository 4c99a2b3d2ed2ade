-- Standing choices are settings like all others (`turn.model` …), which memory keeps.
drop table turn_preference;
