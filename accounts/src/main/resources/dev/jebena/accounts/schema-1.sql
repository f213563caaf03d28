CREATE TABLE account (
    id {id},
    username {text} NOT NULL UNIQUE,
    password {text},
    admin BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    email {text} NOT NULL,
    subject {text} UNIQUE,
    created BIGINT NOT NULL);

CREATE TABLE team (
    id {id},
    name {text} NOT NULL UNIQUE,
    created BIGINT NOT NULL);

CREATE TABLE team_member (
    team BIGINT NOT NULL,
    account BIGINT NOT NULL,
    PRIMARY KEY (team, account)){clustered};

CREATE INDEX team_member_account ON team_member (account);

CREATE TABLE workspace_role (
    workspace {text} NOT NULL,
    kind {text} NOT NULL,
    holder BIGINT NOT NULL,
    level {text} NOT NULL,
    PRIMARY KEY (workspace, kind, holder)){clustered};

CREATE TABLE permission (
    kind {text} NOT NULL,
    resource {text} NOT NULL,
    account BIGINT NOT NULL,
    level {text} NOT NULL,
    PRIMARY KEY (kind, resource, account)){clustered};

CREATE TABLE token (
    id {id},
    account BIGINT NOT NULL,
    digest {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    level {text} NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT NOT NULL);

CREATE INDEX token_account ON token (account);

CREATE TABLE session (
    digest {text} NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    address {text} NOT NULL);

CREATE INDEX session_account ON session (account);

CREATE TABLE pending_login (
    state {text} NOT NULL PRIMARY KEY,
    nonce {text} NOT NULL,
    verifier {text} NOT NULL,
    target {text} NOT NULL,
    expires BIGINT NOT NULL);

CREATE TABLE audit (
    id {id},
    time BIGINT NOT NULL,
    actor {text} NOT NULL,
    address {text} NOT NULL,
    action {text} NOT NULL,
    subject {text} NOT NULL,
    allowed BIGINT NOT NULL,
    detail {text} NOT NULL);

CREATE INDEX audit_time ON audit (time);
