CREATE TABLE gate (
    model {text} NOT NULL,
    alias {text} NOT NULL,
    rule {text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (model, alias)){clustered};

CREATE TABLE audit (
    id {id},
    time BIGINT NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    subject {text} NOT NULL,
    allowed BIGINT NOT NULL,
    detail {text} NOT NULL);

CREATE INDEX audit_subject ON audit (subject, time);
