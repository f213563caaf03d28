package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.compute.KvPages;

/// What a graph keeps of a sequence from step to step, in pages of a [KvPool].
public sealed interface SequenceMemory {
    /// Layers that keep something.
    int layers();

    /// Bytes of a page in one layer.
    ///
    /// @param type of keys and values
    long pageBytes(DataType type);

    /// Pages for `positions` positions.
    int pagesFor(int positions);

    /// Whether a sequence can go back to an earlier position, and others can share its beginning.
    boolean rewinds();

    /// Keys and values of each position.
    record KeysAndValues(int layers, int kvHeads, int headDim) implements SequenceMemory {
        @Override
        public long pageBytes(DataType type) {
            return KvPages.pageBytes(type, kvHeads, headDim);
        }

        @Override
        public int pagesFor(int positions) {
            return (positions + KvPages.PAGE - 1) / KvPages.PAGE;
        }

        @Override
        public boolean rewinds() {
            return true;
        }
    }

    /// A state of fixed size that every position changes: one page, however long the sequence.
    ///
    /// @param floats of one layer
    record State(int layers, int floats) implements SequenceMemory {
        @Override
        public long pageBytes(DataType type) {
            return (4L * floats + 63) & -64;
        }

        @Override
        public int pagesFor(int positions) {
            return positions > 0 ? 1 : 0;
        }

        @Override
        public boolean rewinds() {
            return false;
        }
    }
}
