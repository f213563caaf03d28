package dev.jebena.llm.internal.memory;

import dev.jebena.compute.PageMemory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Zeroed native memory whose pages become real only when they are written.
///
/// `Arena.allocate` writes zeros to every byte and so makes all of it resident. This asks the
/// system for pages instead; where it cannot be asked, it maps an empty sparse file copy-on-write:
/// the file is never written and is deleted at once, and a page that nobody touches costs address
/// space only.
public final class LazyMemory {
    /// Below this size zeroing is cheaper than a mapping.
    private static final long SMALL = 1L << 20;

    private LazyMemory() {}

    /// `bytes` zero bytes, 64-byte aligned, until `arena` is closed.
    public static MemorySegment allocate(Arena arena, long bytes) {
        if (bytes < SMALL) {
            return arena.allocate(Math.max(64, bytes), 64);
        }
        return PageMemory.map(arena, bytes).orElseGet(() -> sparse(arena, bytes));
    }

    private static MemorySegment sparse(Arena arena, long bytes) {
        Path file = null;
        try {
            file = Files.createTempFile("jebena-memory", ".sparse");
            try (FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.SPARSE)) {
                return channel.map(FileChannel.MapMode.PRIVATE, 0, bytes, arena);
            }
        } catch (IOException | UnsupportedOperationException e) {
            return arena.allocate(bytes, 64);
        } finally {
            delete(file);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // Windows keeps a mapped file; it is empty on disk.
                file.toFile().deleteOnExit();
            }
        }
    }
}
