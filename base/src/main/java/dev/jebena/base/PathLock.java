package dev.jebena.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A lock named by a file, between processes and between the threads of one process. The system
/// lets go of it when its process dies. Not reentrant when exclusive; shared ones count.
///
/// The file is never deleted: deleting a lock file lets two holders lock two files of one name.
public final class PathLock implements Blobs.Hold {
    /// One entry a path in this process, because the system's locks belong to the process: closing
    /// any channel of the file would release them all.
    private static final Map<Path, Held> HELD = new HashMap<>();

    private static final class Held {
        final FileChannel channel;
        final FileLock lock;
        int holders;

        Held(FileChannel channel, FileLock lock) {
            this.channel = channel;
            this.lock = lock;
        }
    }

    private final Path path;
    private boolean closed;

    private PathLock(Path path) {
        this.path = path;
    }

    /// Takes the lock alone; empty when somebody else has it.
    public static Optional<PathLock> tryExclusive(Path file) {
        return tryTake(file, false);
    }

    /// Takes the lock together with others that share it; empty when somebody has it alone.
    public static Optional<PathLock> tryShared(Path file) {
        return tryTake(file, true);
    }

    /// Takes the lock alone; waits as long as it takes.
    public static PathLock exclusive(Path file) {
        return await(file, false, null);
    }

    /// As [#exclusive(Path)]; `whileWaiting` is called a few times a second while it waits.
    public static PathLock exclusive(Path file, Runnable whileWaiting) {
        return await(file, false, whileWaiting);
    }

    /// Takes the lock together with others that share it; waits as long as it takes.
    public static PathLock shared(Path file) {
        return await(file, true, null);
    }

    private static PathLock await(Path file, boolean shared, @Nullable Runnable whileWaiting) {
        long pause = 2;
        while (true) {
            Optional<PathLock> lock = tryTake(file, shared);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (whileWaiting != null) {
                whileWaiting.run();
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(
                        Problem.Code.UNAVAILABLE, "interrupted while waiting for " + file, null, e);
            }
            pause = Math.min(pause * 2, 250);
        }
    }

    private static Optional<PathLock> tryTake(Path file, boolean shared) {
        Path path = file.toAbsolutePath().normalize();
        synchronized (HELD) {
            Held held = HELD.get(path);
            if (held != null) {
                if (!shared || !held.lock.isShared()) {
                    return Optional.empty();
                }
                held.holders++;
                return Optional.of(new PathLock(path));
            }
            try {
                Held taken = open(path, shared);
                if (taken == null) {
                    return Optional.empty();
                }
                taken.holders = 1;
                HELD.put(path, taken);
                return Optional.of(new PathLock(path));
            } catch (IOException e) {
                throw Problem.unwritable("cannot lock " + path, e);
            }
        }
    }

    private static @Nullable Held open(Path path, boolean shared) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        FileChannel channel = channel(path, shared);
        FileLock lock = null;
        try {
            lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            return lock == null ? null : new Held(channel, lock);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    /// Who only reads may share the lock of a folder that it cannot write to.
    private static FileChannel channel(Path path, boolean shared) throws IOException {
        try {
            return FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        } catch (FileSystemException e) {
            if (shared && Files.isReadable(path)) {
                return FileChannel.open(path, StandardOpenOption.READ);
            }
            throw e;
        }
    }

    /// Lets go. Closing twice is fine.
    @Override
    public void close() {
        synchronized (HELD) {
            Held held = HELD.get(path);
            if (closed || held == null) {
                return;
            }
            closed = true;
            if (--held.holders == 0) {
                HELD.remove(path);
                try {
                    held.lock.release();
                    held.channel.close();
                } catch (IOException e) {
                    throw Problem.storage("cannot unlock " + path, e);
                }
            }
        }
    }
}
