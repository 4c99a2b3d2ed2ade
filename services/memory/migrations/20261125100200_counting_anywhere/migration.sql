-- The function finds its tables whoever removes a row: an operator's session has another search path.
alter function count_removals() set search_path from current;
