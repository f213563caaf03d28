package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Bytes of a file, mapped or in memory, compared by content. Nobody changes them.
public final class Bytes {
    private final MemorySegment segment;

    private Bytes(MemorySegment segment) {
        this.segment = segment.asReadOnly();
    }

    /// A view of `segment`, which must not change any more.
    public static Bytes of(MemorySegment segment) {
        return new Bytes(segment);
    }

    public static Bytes utf8(String text) {
        return new Bytes(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    }

    public MemorySegment segment() {
        return segment;
    }

    public long size() {
        return segment.byteSize();
    }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    public String utf8() {
        return new String(segment.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes bytes && segment.mismatch(bytes.segment) < 0;
    }

    @Override
    public int hashCode() {
        // Enough to tell apart what has another size or beginning; tensors are large.
        int hash = Long.hashCode(size());
        for (long i = 0; i < Math.min(64, size()); i++) {
            hash = 31 * hash + segment.get(ValueLayout.JAVA_BYTE, i);
        }
        return hash;
    }

    @Override
    public String toString() {
        return size() + " bytes";
    }
}
