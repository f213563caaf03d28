CREATE TABLE experiment (
    id {id},
    name {text} NOT NULL UNIQUE,
    artifact_location {text} NOT NULL,
    lifecycle {text} NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL);

CREATE TABLE experiment_tag (
    experiment BIGINT NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (experiment, key)){clustered};

CREATE TABLE run (
    id {id},
    uuid {text} NOT NULL UNIQUE,
    experiment BIGINT NOT NULL,
    name {text} NOT NULL,
    user_id {text} NOT NULL,
    status {text} NOT NULL,
    start_time BIGINT,
    end_time BIGINT,
    deleted_time BIGINT,
    lifecycle {text} NOT NULL,
    artifact_uri {text} NOT NULL);

CREATE INDEX run_newest ON run (experiment, lifecycle, start_time DESC, uuid);
CREATE INDEX run_name ON run (experiment, name);

CREATE TABLE metric_block (
    id {id},
    run BIGINT NOT NULL,
    key {text} NOT NULL,
    points {bytes} NOT NULL);

CREATE INDEX metric_block_run ON metric_block (run, key);

CREATE TABLE latest_metric (
    run BIGINT NOT NULL,
    key {text} NOT NULL,
    experiment BIGINT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    nan BIGINT NOT NULL,
    timestamp BIGINT NOT NULL,
    step BIGINT NOT NULL,
    PRIMARY KEY (run, key)){clustered};

CREATE INDEX latest_metric_value ON latest_metric (experiment, key, nan, value);

CREATE TABLE param (
    run BIGINT NOT NULL,
    key {text} NOT NULL,
    experiment BIGINT NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (run, key)){clustered};

CREATE INDEX param_value ON param (experiment, key, substr(value, 1, 100));

CREATE TABLE run_tag (
    run BIGINT NOT NULL,
    key {text} NOT NULL,
    experiment BIGINT NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (run, key)){clustered};

CREATE INDEX run_tag_value ON run_tag (experiment, key, substr(value, 1, 100));

CREATE TABLE dataset (
    id {id},
    experiment BIGINT NOT NULL,
    name {text} NOT NULL,
    digest {text} NOT NULL,
    source_type {text} NOT NULL,
    source {text} NOT NULL,
    schema {text},
    profile {text},
    UNIQUE (experiment, name, digest));

CREATE TABLE dataset_input (
    run BIGINT NOT NULL,
    dataset BIGINT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (run, dataset)){clustered};

CREATE INDEX dataset_input_dataset ON dataset_input (dataset);

CREATE TABLE dataset_input_tag (
    run BIGINT NOT NULL,
    dataset BIGINT NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (run, dataset, key)){clustered};

CREATE TABLE model_input (
    run BIGINT NOT NULL,
    model_id {text} NOT NULL,
    PRIMARY KEY (run, model_id)){clustered};

CREATE TABLE model_output (
    run BIGINT NOT NULL,
    model_id {text} NOT NULL,
    step BIGINT NOT NULL,
    PRIMARY KEY (run, model_id)){clustered};

CREATE TABLE artifact (
    path {text} NOT NULL PRIMARY KEY,
    blob {text} NOT NULL,
    size BIGINT NOT NULL,
    modified BIGINT NOT NULL){clustered};

CREATE TABLE logged_model (
    id {text} NOT NULL PRIMARY KEY,
    experiment BIGINT NOT NULL,
    name {text} NOT NULL,
    artifact_uri {text} NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    status {text} NOT NULL,
    status_message {text},
    lifecycle {text} NOT NULL,
    model_type {text},
    source_run_id {text});

CREATE INDEX logged_model_newest ON logged_model (experiment, created DESC);

CREATE TABLE logged_model_tag (
    model_id {text} NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (model_id, key)){clustered};

CREATE TABLE logged_model_param (
    model_id {text} NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (model_id, key)){clustered};

CREATE TABLE logged_model_metric (
    model_id {text} NOT NULL,
    key {text} NOT NULL,
    timestamp BIGINT NOT NULL,
    step BIGINT NOT NULL,
    run {text} NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    dataset_name {text} NOT NULL,
    dataset_digest {text} NOT NULL,
    PRIMARY KEY (model_id, key, timestamp, step, run, dataset_name, dataset_digest)){clustered};

CREATE TABLE registered_model (
    name {text} NOT NULL PRIMARY KEY,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    description {text},
    next_version BIGINT NOT NULL){clustered};

CREATE TABLE registered_model_tag (
    name {text} NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (name, key)){clustered};

CREATE TABLE registered_model_alias (
    name {text} NOT NULL,
    alias {text} NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (name, alias)){clustered};

CREATE TABLE model_version (
    name {text} NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    description {text},
    user_id {text},
    stage {text} NOT NULL,
    source {text},
    storage_location {text},
    run_id {text},
    run_link {text},
    model_id {text},
    status {text} NOT NULL,
    PRIMARY KEY (name, version)){clustered};

CREATE INDEX model_version_run ON model_version (run_id);

CREATE TABLE model_version_tag (
    name {text} NOT NULL,
    version BIGINT NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (name, version, key)){clustered};

CREATE TABLE webhook (
    id {text} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    description {text},
    url {text} NOT NULL,
    events {text} NOT NULL,
    secret {text},
    status {text} NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL);

CREATE TABLE trace (
    id {text} NOT NULL PRIMARY KEY,
    experiment BIGINT NOT NULL,
    request_time BIGINT NOT NULL,
    duration BIGINT,
    state {text} NOT NULL,
    client_request_id {text},
    request_preview {text},
    response_preview {text});

CREATE INDEX trace_newest ON trace (experiment, request_time DESC);

CREATE TABLE trace_tag (
    trace {text} NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (trace, key)){clustered};

CREATE TABLE trace_metadata (
    trace {text} NOT NULL,
    key {text} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (trace, key)){clustered};

CREATE INDEX trace_metadata_value ON trace_metadata (key, substr(value, 1, 100));

CREATE TABLE span (
    trace {text} NOT NULL,
    id {text} NOT NULL,
    parent {text},
    name {text} NOT NULL,
    type {text},
    status {text} NOT NULL,
    start_time BIGINT NOT NULL,
    end_time BIGINT,
    content {text} NOT NULL,
    PRIMARY KEY (trace, id)){clustered};

CREATE TABLE assessment (
    id {text} NOT NULL PRIMARY KEY,
    trace {text} NOT NULL,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    value {text} NOT NULL,
    number DOUBLE PRECISION,
    valid BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    content {text} NOT NULL);

CREATE INDEX assessment_trace ON assessment (trace, created);

CREATE TABLE account (
    id {id},
    username {text} NOT NULL UNIQUE,
    password {text} NOT NULL,
    admin BIGINT NOT NULL);

CREATE TABLE permission (
    kind {text} NOT NULL,
    resource {text} NOT NULL,
    account BIGINT NOT NULL,
    permission {text} NOT NULL,
    PRIMARY KEY (kind, resource, account)){clustered};
