package dev.jebena.formats;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/// Where a writer gets a tensor's bytes from when it comes to them, so that a converted model needs
/// never be in memory as a whole.
@FunctionalInterface
public interface TensorData {
    /// Writes exactly the tensor's bytes.
    void writeTo(WritableByteChannel out) throws IOException;
}
