/// Problems, content ids, blobs, progress events and HTTP plumbing.
@NullMarked
package dev.jebena.base;

import org.jspecify.annotations.NullMarked;
