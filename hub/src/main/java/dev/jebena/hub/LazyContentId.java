package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.util.function.Supplier;

/// The SHA-256 of some bytes, computed when it is asked for; equal to another of equal bytes.
final class LazyContentId implements Supplier<ContentId> {
    private final byte[] bytes;

    /// @param bytes not to be changed afterwards
    LazyContentId(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public ContentId get() {
        return ContentId.of(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LazyContentId id && get().equals(id.get());
    }

    @Override
    public int hashCode() {
        return get().hashCode();
    }

    @Override
    public String toString() {
        return get().toString();
    }
}
