package dev.jebena.repositories;

import dev.jebena.data.DataFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ObjectStream;
import org.jspecify.annotations.Nullable;

/// A file of a repository at a commit, as data sets read it: from the store of large files, or out
/// of git.
final class RepositoryDataFile implements DataFile {
    /// Files in git up to this size are kept while memory allows: git can only read from the front.
    private static final long KEPT = 32L << 20;

    private final Repositories repositories;
    private final long repository;
    private final FileEntry file;
    private volatile SoftReference<byte @Nullable []> kept = new SoftReference<>(null);

    RepositoryDataFile(Repositories repositories, long repository, FileEntry file) {
        this.repositories = repositories;
        this.repository = repository;
        this.file = file;
    }

    FileEntry entry() {
        return file;
    }

    @Override
    public String name() {
        return file.path();
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public @Nullable Path path() {
        return null;
    }

    @Override
    public boolean isNear() {
        return true;
    }

    @Override
    public InputStream open(long offset) throws IOException {
        if (file.lfs() != null) {
            return Channels.newInputStream(channel().position(offset));
        }
        if (file.size() <= KEPT) {
            byte[] bytes = bytes();
            int from = (int) Math.min(offset, bytes.length);
            return new java.io.ByteArrayInputStream(bytes, from, bytes.length - from);
        }
        return stream(offset);
    }

    @Override
    public ByteBuffer range(long offset, int length) throws IOException {
        if (offset < 0 || offset > file.size() - length) {
            throw new EOFException(
                    "%s has %,d bytes, wanted are %,d from %,d"
                            .formatted(name(), file.size(), length, offset));
        }
        if (file.lfs() == null && file.size() <= KEPT) {
            return ByteBuffer.wrap(bytes(), (int) offset, length).slice();
        }
        try (InputStream in = open(offset)) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException(name() + " ends at byte " + (offset + bytes.length));
            }
            return ByteBuffer.wrap(bytes);
        }
    }

    private SeekableByteChannel channel() {
        return repositories.large().open(repository, file.requiredLfs().oid());
    }

    private byte[] bytes() throws IOException {
        byte[] known = kept.get();
        if (known != null) {
            return known;
        }
        try (InputStream in = stream(0)) {
            byte[] bytes = in.readNBytes((int) file.size());
            kept = new SoftReference<>(bytes);
            return bytes;
        }
    }

    /// Closing it closes the reader of git that it needs.
    private InputStream stream(long offset) throws IOException {
        GitRepository git = repositories.git().open(repository);
        ObjectReader reader = git.newObjectReader();
        try {
            ObjectStream in = reader.open(file.id(), Constants.OBJ_BLOB).openStream();
            in.skipNBytes(offset);
            return new java.io.FilterInputStream(in) {
                @Override
                public void close() throws IOException {
                    super.close();
                    reader.close();
                    git.close();
                }
            };
        } catch (MissingObjectException e) {
            reader.close();
            git.close();
            throw new IOException("its bytes are not there any more", e);
        } catch (IOException | RuntimeException e) {
            reader.close();
            git.close();
            throw e;
        }
    }
}
