package dev.jebena.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;

/// Where a writer gets a tensor's bytes from when it comes to them, so that a converted model needs
/// never be in memory as a whole.
@FunctionalInterface
public interface TensorData {
    /// Writes exactly the tensor's bytes.
    void writeTo(WritableByteChannel out) throws IOException;

    /// Writes all of `data`.
    static void copy(MemorySegment data, WritableByteChannel out) throws IOException {
        // A buffer cannot be larger than 2 GiB.
        long step = 1L << 26;
        for (long at = 0; at < data.byteSize(); at += step) {
            out.write(data.asSlice(at, Math.min(step, data.byteSize() - at)).asByteBuffer());
        }
    }
}
