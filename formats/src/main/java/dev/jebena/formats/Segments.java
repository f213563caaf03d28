package dev.jebena.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Memory of any size as output, in pieces that a [ByteBuffer] can show.
final class Segments {
    private static final long PIECE = 1 << 20;

    private Segments() {}

    static void write(WritableByteChannel out, MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += PIECE) {
            ByteBuffer piece = piece(bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at)));
            while (piece.hasRemaining()) {
                out.write(piece);
            }
        }
    }

    /// Arrays of other elements than bytes cannot be shown as a buffer; they are copied.
    private static ByteBuffer piece(MemorySegment bytes) {
        boolean shown = bytes.heapBase().map(byte[].class::isInstance).orElse(true);
        return shown ? bytes.asByteBuffer() : ByteBuffer.wrap(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
