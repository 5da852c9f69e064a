-- Folded texts are compared by their bytes, as SQLite does without being told.
alter table teams alter column name_folded type text collate "C";
alter table team_members alter column name_folded type text collate "C";
alter table workspaces alter column name_folded type text collate "C";
alter table workspace_members alter column name_folded type text collate "C";
