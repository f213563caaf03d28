package dev.jebena.base;

import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Immutable blobs, each named by the SHA-256 of its bytes: there completely or not at all.
/// [BlobStore] keeps them in a folder. Safe for use by many threads and processes.
///
/// Blobs that nothing refers to are removed by [#collect]. Whoever writes blobs and only then the
/// thing that refers to them takes a [#hold] around both, so that a collection in another process
/// cannot come between.
public interface Blobs {
    /// What a collection removed.
    record Collected(int blobs, long bytes) {}

    /// Keeps collections away until it is closed.
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    boolean contains(ContentId id);

    /// Number of bytes. Throws NOT_FOUND when it is not there.
    long size(ContentId id);

    /// Reads the blob from any position. Throws NOT_FOUND when it is not there.
    SeekableByteChannel open(ContentId id);

    /// Stores all bytes of a stream; durable on return.
    ///
    /// @param limit more bytes than this are refused with TOO_LARGE, and nothing is kept
    /// @param expected what the bytes must hash to; others are refused with BAD_FILE and nothing is
    ///   kept. Null for any bytes
    /// @param written is told the number of bytes written so far
    ContentId put(InputStream in, long limit, @Nullable ContentId expected, LongConsumer written);

    Hold hold();

    /// Says who the references to these blobs belong to: with those of somebody else all blobs
    /// would look as if nobody needed them. Returns the owner, which is the first one who claimed
    /// them.
    ///
    /// @param owner becomes the owner when there is none
    String claim(String owner);

    /// Removes the blobs that are not referenced. Does nothing, and returns empty, while somebody
    /// holds the store: the next collection will do it.
    ///
    /// @param referenced is asked once, when nobody writes: it must read the references then
    Optional<Collected> collect(Supplier<Set<ContentId>> referenced);
}
