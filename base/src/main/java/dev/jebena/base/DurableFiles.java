package dev.jebena.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes that survive a crash: when a method returns, the file is on the disk with all its bytes;
/// a crash before that leaves the old file, or none, never a part.
public final class DurableFiles {
    /// Names that begin so are files under construction.
    public static final String TEMPORARY_PREFIX = ".tmp-";

    /// What has fewer bytes is not worth threads of its own.
    private static final long SMALL = 4 << 20;

    private DurableFiles() {}

    /// Replaces the file's content. The folder is made when it is missing.
    public static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(parent(file));
        Path temporary = temporary(parent(file));
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes all bytes of a stream to a new file, synced on return.
    ///
    /// @param limit more bytes than this are refused with TOO_LARGE
    /// @param expected what the bytes must hash to, others are refused with BAD_FILE; null for any
    /// @param written is told the number of bytes taken so far
    public static ContentId receive(
            InputStream in, Path to, long limit, @Nullable ContentId expected, LongConsumer written)
            throws IOException {
        MessageDigest digest = ContentId.sha256();
        try (FileChannel out =
                FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long total = receiveSmall(in, out, digest, limit, written);
            if (total >= SMALL) {
                receiveRest(in, out, digest, total, limit, written);
            }
            out.force(true);
        }
        ContentId id = ContentId.of(digest);
        checkHash(expected, id);
        return id;
    }

    /// Takes the beginning of a stream, all of it when it has fewer than `SMALL` bytes.
    private static long receiveSmall(
            InputStream in, FileChannel out, MessageDigest digest, long limit, LongConsumer written)
            throws IOException {
        byte[] buffer = new byte[1 << 18];
        long total = 0;
        while (total < SMALL) {
            int count = in.read(buffer);
            if (count < 0) {
                return total;
            }
            total += count;
            checkLimit(total, limit);
            digest.update(buffer, 0, count);
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            written.accept(total);
        }
        return total;
    }

    private static void receiveRest(
            InputStream in,
            FileChannel out,
            MessageDigest digest,
            long from,
            long limit,
            LongConsumer written)
            throws IOException {
        try (StagedWriter writer = new StagedWriter(out, digest)) {
            long total = from;
            for (int n = writer.take(in); n >= 0; n = writer.take(in)) {
                total += n;
                checkLimit(total, limit);
                written.accept(total);
            }
        }
    }

    private static void checkLimit(long total, long limit) {
        if (total > limit) {
            throw new Problem(
                    Problem.Code.TOO_LARGE,
                    "the data has more than the %,d bytes that are allowed".formatted(limit));
        }
    }

    static void checkHash(@Nullable ContentId expected, ContentId actual) {
        if (expected != null && !expected.equals(actual)) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "digest mismatch: expected " + expected + ", the data has " + actual);
        }
    }

    /// Gives a finished and synced file (or folder) its final name, replacing a file of that name.
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        syncFolder(parent(to));
    }

    /// Removes a file for good. False when there was none.
    public static boolean delete(Path file) throws IOException {
        boolean deleted = Files.deleteIfExists(file);
        if (deleted) {
            syncFolder(parent(file));
        }
        return deleted;
    }

    /// Forces a file's bytes to the disk.
    public static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /// A new name for a file under construction in this folder.
    public static Path temporary(Path folder) {
        return folder.resolve(
                TEMPORARY_PREFIX
                        + ProcessHandle.current().pid()
                        + "-"
                        + Long.toHexString(ThreadLocalRandom.current().nextLong()));
    }

    /// Makes names in the folder durable. Some systems (Windows) cannot open a folder and do not
    /// need it.
    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException _) {
            // A folder that cannot be synced: the file system orders renames by itself.
        }
    }

    /// Deletes a folder and everything in it; does not follow links. Missing is fine. While
    /// somebody else deletes the same tree or still writes into it, something may be left, for the
    /// next clean-up to find.
    public static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException | DirectoryNotEmptyException | UncheckedIOException _) {
            // As the contract says.
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        return parent;
    }
}
