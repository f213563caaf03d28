package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of several blobs, one after the other.
final class JoinedBlobs extends InputStream {
    private final Blobs blobs;
    private final Iterator<ContentId> rest;
    private @Nullable SeekableByteChannel current;

    JoinedBlobs(Blobs blobs, List<ContentId> ids) {
        this.blobs = blobs;
        this.rest = ids.iterator();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        while (true) {
            if (current == null) {
                if (!rest.hasNext()) {
                    return -1;
                }
                current = blobs.open(rest.next());
            }
            int read = current.read(ByteBuffer.wrap(buffer, offset, count));
            if (read >= 0) {
                return read;
            }
            close();
        }
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
