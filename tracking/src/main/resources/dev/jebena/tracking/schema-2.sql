CREATE INDEX artifact_blob ON artifact (blob);

CREATE TABLE lineage_item (
    id {text} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    name {text} NOT NULL){clustered};

CREATE TABLE lineage_edge (
    source {text} NOT NULL,
    target {text} NOT NULL,
    job {text} NOT NULL,
    detail {text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (source, target, job)){clustered};

CREATE INDEX lineage_edge_target ON lineage_edge (target);
