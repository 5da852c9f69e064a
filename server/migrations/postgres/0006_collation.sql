-- Folded texts are compared by their bytes, as SQLite does without being told.
alter table memberships alter column name_folded type text collate "C";
alter table memberships alter column email type text collate "C";
alter table organizations alter column name_folded type text collate "C";
alter table invitations alter column email type text collate "C";
alter table invitations alter column name_folded type text collate "C";
