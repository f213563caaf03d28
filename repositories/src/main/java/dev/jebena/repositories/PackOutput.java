package dev.jebena.repositories;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jgit.internal.storage.dfs.DfsOutputStream;

/// A file of a pack while git writes it, and reads what it has written.
final class PackOutput extends DfsOutputStream {
    private final SpooledBytes bytes;

    PackOutput(SpooledBytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public void write(byte[] buffer, int offset, int count) throws IOException {
        bytes.write(buffer, offset, count);
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
        return bytes.read(position, into);
    }

    /// The bytes stay until the pack is committed or given up.
    @Override
    public void close() {}
}
