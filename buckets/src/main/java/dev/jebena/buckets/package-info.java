/// Blobs in a bucket of S3, or of what speaks its protocol, for servers that share their data.
///
/// ```java
/// S3Blobs blobs = S3Blobs.open(S3Address.parse("s3://bucket/hub"), temporaryFolder);
/// ```
@NullMarked
package dev.jebena.buckets;

import org.jspecify.annotations.NullMarked;
