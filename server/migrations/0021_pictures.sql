-- What is in the store of pictures, under its SHA-256. All who have the same picture share it.
create table pictures (
    digest text not null primary key,
    -- How many organizations and people have it.
    uses bigint not null default 0 check (uses between 0 and 9007199254740991),
    -- From when on it may go if nobody has it.
    due_at bigint not null check (due_at between 0 and 9007199254740991),
    -- Since when somebody has been taking it out of the store: nobody gets it any more.
    removed_since bigint check (removed_since between 0 and 9007199254740991)
);
create index pictures_due on pictures (due_at, digest) where uses = 0;

create index organizations_by_picture on organizations (avatar_digest) where avatar_digest is not null;
create index users_by_picture on users (avatar_digest) where avatar_digest is not null;
