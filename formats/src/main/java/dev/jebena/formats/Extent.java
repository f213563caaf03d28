package dev.jebena.formats;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where a tensor's bytes lie in a file's data.
///
/// @param offset from the beginning of the data
record Extent(String name, long offset, long bytes) implements Comparable<Extent> {
    @Override
    public int compareTo(Extent other) {
        return Long.compare(offset, other.offset);
    }

    /// Throws when two of `extents` share a byte. Sorts them by offset.
    static void checkOverlap(MappedFile file, Extent[] extents) {
        Arrays.sort(extents);
        @Nullable Extent before = null;
        for (Extent extent : extents) {
            if (extent.bytes == 0) {
                continue;
            }
            if (before != null && extent.offset - before.offset < before.bytes) {
                throw file.problem(
                        "the tensor %s begins at data offset %d, inside the tensor %s, which has %d bytes from offset %d on"
                                .formatted(
                                        Names.quoted(extent.name),
                                        extent.offset,
                                        Names.quoted(before.name),
                                        before.bytes,
                                        before.offset));
            }
            before = extent;
        }
    }
}
