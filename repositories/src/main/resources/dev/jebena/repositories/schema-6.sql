CREATE TABLE mirror (
    repository BIGINT NOT NULL PRIMARY KEY,
    address {text} NOT NULL,
    fetched BIGINT NOT NULL);

CREATE TABLE mirror_object (
    repository BIGINT NOT NULL,
    oid {text} NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (repository, oid)){clustered};
