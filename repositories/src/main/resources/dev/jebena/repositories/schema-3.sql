CREATE TABLE chunk_bundle (
    hash {text} NOT NULL PRIMARY KEY,
    blob {text} NOT NULL,
    chunks {bytes} NOT NULL,
    created BIGINT NOT NULL);

CREATE TABLE chunked_file (
    oid {text} NOT NULL PRIMARY KEY,
    hash {text} NOT NULL,
    size BIGINT NOT NULL,
    terms {bytes} NOT NULL);

CREATE INDEX chunked_file_hash ON chunked_file (hash);

CREATE TABLE chunked_file_bundle (
    oid {text} NOT NULL,
    bundle {text} NOT NULL,
    PRIMARY KEY (oid, bundle)){clustered};

CREATE INDEX chunked_file_bundle_bundle ON chunked_file_bundle (bundle);

CREATE INDEX lfs_object_oid ON lfs_object (oid);

CREATE INDEX xorb_hash ON xorb (hash);
