package dev.jebena.repositories;

import dev.jebena.base.ReadChannel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Bytes in memory as a channel to read from.
final class BytesChannel extends ReadChannel {
    private final byte[] bytes;

    BytesChannel(byte @Nullable [] bytes) {
        super(bytes == null ? 0 : bytes.length);
        this.bytes = bytes == null ? new byte[0] : bytes;
    }

    @Override
    protected int readAt(long from, ByteBuffer into) {
        return copy(bytes, 0, from, into);
    }

    @Override
    protected void release() {
        // Nothing is held but memory.
    }
}
