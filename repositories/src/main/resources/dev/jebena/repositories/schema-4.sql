CREATE TABLE git_left (
    repository BIGINT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL);
