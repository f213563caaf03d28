package dev.jebena.base;

import java.io.IOException;

/// Where the bytes of a transfer go; keeps what it got when the transfer breaks off.
public interface Resumable {
    /// Number of bytes that are there.
    long length();

    void append(byte[] bytes, int offset, int count) throws IOException;

    /// Throws away what is there.
    void restart() throws IOException;
}
