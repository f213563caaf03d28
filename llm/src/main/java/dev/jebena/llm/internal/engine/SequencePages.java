package dev.jebena.llm.internal.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pages of one sequence, in order of position: its own ones, and full ones that others may
/// read as well.
final class SequencePages {
    private long[] offsets = {};
    private SharedPages.@Nullable Page[] shared = {};
    private SharedPages.@Nullable Page last;
    private int count;
    private int sealed;

    long[] offsets() {
        return offsets;
    }

    int count() {
        return count;
    }

    /// Pages from the start that are full and have been offered to others.
    int sealed() {
        return sealed;
    }

    /// The last sealed page, which tells all that comes before the next one.
    SharedPages.@Nullable Page last() {
        return last;
    }

    SharedPages.@Nullable Page shared(int page) {
        return shared[page];
    }

    /// Appends an own page.
    void add(long offset) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(4, 2 * count));
            shared = Arrays.copyOf(shared, offsets.length);
        }
        offsets[count++] = offset;
    }

    /// Appends a page that others have computed.
    void add(SharedPages.Page page) {
        add(page.offset());
        seal(page, true);
    }

    /// Notes that the next page is full and the same as `page`.
    ///
    /// @param mine whether the sequence reads that page itself, and not an equal one of its own
    void seal(SharedPages.Page page, boolean mine) {
        shared[sealed++] = mine ? page : null;
        last = page;
    }

    void clear() {
        Arrays.fill(shared, null);
        last = null;
        count = 0;
        sealed = 0;
    }
}
