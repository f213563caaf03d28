CREATE TABLE chunk_sample (
    chunk {text} NOT NULL PRIMARY KEY,
    bundle {text} NOT NULL);

CREATE INDEX chunk_sample_bundle ON chunk_sample (bundle);
