package dev.jebena.llm.internal.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pages of one sequence, in order of position: its own ones, and full ones that others may
/// read as well.
final class SequencePages {
    private final Object kind;
    private long[] offsets = {};
    private PrefixTree.@Nullable Page[] shared = {};
    private PrefixTree.@Nullable Page last;
    private int count;
    private int sealed;

    /// @param kind what besides tokens decides what the pages hold: the sequence's adapters
    SequencePages(Object kind) {
        this.kind = kind;
    }

    Object kind() {
        return kind;
    }

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
    PrefixTree.@Nullable Page last() {
        return last;
    }

    /// A sealed page.
    PrefixTree.Page shared(int page) {
        PrefixTree.Page found = shared[page];
        if (found == null) {
            throw new IllegalStateException("page " + page + " is not shared");
        }
        return found;
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
    void add(PrefixTree.Page page) {
        add(page.offset());
        seal(page);
    }

    /// Puts `page` into the place of the next page, which is full and the same.
    void seal(PrefixTree.Page page) {
        offsets[sealed] = page.offset();
        shared[sealed++] = page;
        last = page;
    }

    void clear() {
        Arrays.fill(shared, null);
        last = null;
        count = 0;
        sealed = 0;
    }
}
