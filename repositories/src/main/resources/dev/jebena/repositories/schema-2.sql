CREATE TABLE file_scan (
    repository BIGINT NOT NULL,
    content {text} NOT NULL,
    level {text} NOT NULL,
    findings {text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (repository, content)){clustered};

ALTER TABLE repository ADD COLUMN blocks_unsafe BIGINT NOT NULL DEFAULT 0;
