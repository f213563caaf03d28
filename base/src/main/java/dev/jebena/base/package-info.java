/// Problems, content ids, blobs, progress events and HTTP plumbing: what every server feature
/// needs.
///
/// [dev.jebena.base.Problem] is the one exception, [dev.jebena.base.BlobStore] keeps bytes under
/// their [dev.jebena.base.ContentId], [dev.jebena.base.Progress] tells how far a task is:
///
/// ```java
/// BlobStore blobs = BlobStore.open(Path.of("blobs"));
/// ContentId id = blobs.put("hello".getBytes(UTF_8));
/// byte[] same = Files.readAllBytes(blobs.path(id));
/// ```
@NullMarked
package dev.jebena.base;

import org.jspecify.annotations.NullMarked;
