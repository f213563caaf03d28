package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file mapped read-only into an arena, and the errors about it.
///
/// @param path what messages call it
/// @param bytes the whole file, as long as it was when it was opened
/// @param arena holds the mapping
record MappedFile(Path path, MemorySegment bytes, Arena arena) {
    static MappedFile open(Path path, Arena arena) {
        if (Files.isDirectory(path)) {
            throw new FormatException(path + ": this is a folder; name a file in it");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            MemorySegment bytes =
                    size == 0
                            ? MemorySegment.NULL
                            : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            return new MappedFile(path, bytes, arena);
        } catch (NoSuchFileException e) {
            throw new FormatException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new FormatException(path + ": cannot be read: " + e, e);
        }
    }

    long size() {
        return bytes.byteSize();
    }

    /// The `length` bytes from `offset` on, which must lie in the file. They are the mapping
    /// itself, unless a badly aligned file would make elements straddle their natural alignment:
    /// then an aligned copy, because everything that reads tensors relies on it.
    MemorySegment tensor(DataType type, long offset, long length) {
        return aligned(offset, length, type.blockSize() == 1 ? type.blockBytes() : 2);
    }

    /// The `length` bytes from `offset` on, which must lie in the file; a copy unless `offset` is a
    /// multiple of `alignment`.
    MemorySegment aligned(long offset, long length, int alignment) {
        MemorySegment mapped = bytes.asSlice(offset, length);
        if (offset % alignment == 0) {
            return mapped;
        }
        return allocate(length).copyFrom(mapped).asReadOnly();
    }

    /// Memory that lives as long as the mapping.
    MemorySegment allocate(long length) {
        try {
            return arena.allocate(length, 64);
        } catch (OutOfMemoryError e) {
            throw new FormatException(
                    path + ": a tensor needs " + length + " bytes of memory, there are not so many",
                    e);
        }
    }

    /// The 8-bit floats from `offset` on, which must lie in the file, as float16.
    MemorySegment halves(Float8 kind, long offset, long length) {
        return kind.halves(bytes.asSlice(offset, length), arena);
    }

    FormatException problem(String what) {
        return new FormatException(path + ": " + what);
    }

    FormatException problem(long at, String what) {
        return new FormatException(path + ": byte " + at + ": " + what);
    }

    /// An error for a file that ends before `what` does, at byte `end`.
    FormatException truncated(String what, long end) {
        return problem(
                "the file is truncated: "
                        + what
                        + " ends at byte "
                        + Long.toUnsignedString(end)
                        + ", the file has "
                        + size()
                        + " bytes; download it again");
    }
}
