CREATE TABLE setting (
    name {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL);

CREATE TABLE account (
    id {id},
    name {text} NOT NULL,
    folded {text} NOT NULL UNIQUE,
    organization BIGINT NOT NULL,
    fullname {text} NOT NULL,
    email {text} NOT NULL,
    admin BIGINT NOT NULL,
    created BIGINT NOT NULL);

CREATE TABLE member (
    organization BIGINT NOT NULL,
    account BIGINT NOT NULL,
    role {text} NOT NULL,
    PRIMARY KEY (organization, account)){clustered};

CREATE INDEX member_account ON member (account);

CREATE TABLE token (
    id {id},
    account BIGINT NOT NULL,
    digest {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    role {text} NOT NULL,
    created BIGINT NOT NULL);

CREATE INDEX token_account ON token (account);

CREATE TABLE repository (
    id {id},
    kind {text} NOT NULL,
    namespace {text} NOT NULL,
    name {text} NOT NULL,
    folded {text} NOT NULL,
    private BIGINT NOT NULL,
    gated {text} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    head {text} NOT NULL,
    downloads BIGINT NOT NULL,
    likes BIGINT NOT NULL,
    summary {text} NOT NULL,
    UNIQUE (kind, folded));

CREATE INDEX repository_modified ON repository (kind, modified, id);

CREATE TABLE repository_alias (
    kind {text} NOT NULL,
    folded {text} NOT NULL,
    repository BIGINT NOT NULL,
    PRIMARY KEY (kind, folded)){clustered};

CREATE TABLE repository_tag (
    repository BIGINT NOT NULL,
    tag {text} NOT NULL,
    PRIMARY KEY (repository, tag)){clustered};

CREATE INDEX repository_tag_tag ON repository_tag (tag, repository);

CREATE TABLE access_request (
    id {id},
    repository BIGINT NOT NULL,
    account BIGINT NOT NULL,
    status {text} NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (repository, account));

CREATE TABLE git_ref (
    repository BIGINT NOT NULL,
    name {text} NOT NULL,
    target {text} NOT NULL,
    peeled {text},
    PRIMARY KEY (repository, name)){clustered};

CREATE TABLE git_pack (
    id {id},
    repository BIGINT NOT NULL,
    name {text} NOT NULL UNIQUE,
    source {text} NOT NULL,
    modified BIGINT NOT NULL,
    objects BIGINT NOT NULL,
    deltas BIGINT NOT NULL,
    replaced BIGINT);

CREATE INDEX git_pack_repository ON git_pack (repository, replaced);

CREATE TABLE git_pack_file (
    pack BIGINT NOT NULL,
    extension {text} NOT NULL,
    size BIGINT NOT NULL,
    content {bytes},
    blob {text},
    PRIMARY KEY (pack, extension));

CREATE TABLE lfs_object (
    repository BIGINT NOT NULL,
    oid {text} NOT NULL,
    size BIGINT NOT NULL,
    used BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (repository, oid)){clustered};

CREATE TABLE lfs_part (
    repository BIGINT NOT NULL,
    oid {text} NOT NULL,
    part BIGINT NOT NULL,
    blob {text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (repository, oid, part)){clustered};

CREATE TABLE xorb (
    repository BIGINT NOT NULL,
    hash {text} NOT NULL,
    blob {text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (repository, hash)){clustered};

CREATE TABLE discussion (
    id {id},
    repository BIGINT NOT NULL,
    num BIGINT NOT NULL,
    title {text} NOT NULL,
    author BIGINT NOT NULL,
    status {text} NOT NULL,
    pull_request BIGINT NOT NULL,
    base {text} NOT NULL,
    merge_commit {text},
    created BIGINT NOT NULL,
    UNIQUE (repository, num));

CREATE TABLE discussion_event (
    id {id},
    discussion BIGINT NOT NULL,
    kind {text} NOT NULL,
    author BIGINT NOT NULL,
    data {text} NOT NULL,
    created BIGINT NOT NULL);

CREATE INDEX discussion_event_discussion ON discussion_event (discussion);

CREATE TABLE oci_blob (
    name {text} NOT NULL,
    digest {text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (name, digest)){clustered};

CREATE TABLE oci_manifest (
    name {text} NOT NULL,
    digest {text} NOT NULL,
    media_type {text} NOT NULL,
    content {bytes} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (name, digest)){clustered};

CREATE TABLE oci_tag (
    name {text} NOT NULL,
    tag {text} NOT NULL,
    digest {text} NOT NULL,
    PRIMARY KEY (name, tag)){clustered};

CREATE TABLE oci_upload (
    id {text} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    created BIGINT NOT NULL);

CREATE TABLE oci_chunk (
    upload {text} NOT NULL,
    position BIGINT NOT NULL,
    size BIGINT NOT NULL,
    blob {text} NOT NULL,
    PRIMARY KEY (upload, position)){clustered};
