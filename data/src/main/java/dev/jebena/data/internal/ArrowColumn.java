package dev.jebena.data.internal;

import static dev.jebena.data.internal.ArrowBatch.INT;
import static dev.jebena.data.internal.ArrowBatch.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One column of a batch. Accesses outside of its buffers are an [IndexOutOfBoundsException].
sealed interface ArrowColumn {
    long length();

    /// The value as our types have it.
    ///
    /// @param budget is charged for what the value takes
    @Nullable Object at(long i, Budget budget);

    /// What one row may take: lists of nothing and references to one large text are cheap in a file
    /// and dear in memory.
    final class Budget {
        private final long limit;
        private long left;

        Budget(long limit) {
            this.limit = limit;
            this.left = limit;
        }

        void reset() {
            left = limit;
        }

        int take(long bytes) {
            left -= bytes;
            if (bytes < 0 || left < 0) {
                throw new IndexOutOfBoundsException(
                        "a row of more than %,d bytes".formatted(limit));
            }
            return (int) bytes;
        }
    }

    /// Nothing but nulls.
    record Nulls(long length) implements ArrowColumn {
        @Override
        public @Nullable Object at(long i, Budget budget) {
            return null;
        }
    }

    /// Values of one column and then of another: a dictionary that was added to.
    record Joined(ArrowColumn first, ArrowColumn second) implements ArrowColumn {
        @Override
        public long length() {
            return first.length() + second.length();
        }

        @Override
        public @Nullable Object at(long i, Budget budget) {
            return i < first.length() ? first.at(i, budget) : second.at(i - first.length(), budget);
        }
    }

    /// Values that a dictionary has.
    record Dictionary(ArrowColumn indices, ArrowColumn values) implements ArrowColumn {
        @Override
        public long length() {
            return indices.length();
        }

        @Override
        public @Nullable Object at(long i, Budget budget) {
            Object index = indices.at(i, budget);
            return index instanceof Long at
                    ? values.at(Objects.checkIndex(at, values.length()), budget)
                    : null;
        }
    }

    /// Numbers, times, truths and binaries of one size.
    record Fixed(ArrowField field, MemorySegment valid, long length, MemorySegment data)
            implements ArrowColumn {
        @Override
        public @Nullable Object at(long i, Budget budget) {
            return ArrowBatch.isValid(valid, i) ? ArrowScalars.at(field, data, i) : null;
        }
    }

    /// Texts and binaries.
    record Bytes(
            ArrowField field,
            MemorySegment valid,
            long length,
            MemorySegment offsets,
            MemorySegment data)
            implements ArrowColumn {
        @Override
        public @Nullable Object at(long i, Budget budget) {
            if (!ArrowBatch.isValid(valid, i)) {
                return null;
            }
            boolean large =
                    field.tag() == ArrowField.LARGE_UTF8 || field.tag() == ArrowField.LARGE_BINARY;
            long from = large ? offsets.getAtIndex(LONG, i) : offsets.getAtIndex(INT, i);
            long to = large ? offsets.getAtIndex(LONG, i + 1) : offsets.getAtIndex(INT, i + 1);
            boolean text = field.tag() == ArrowField.UTF8 || field.tag() == ArrowField.LARGE_UTF8;
            return bytes(data, from, to - from, text, budget);
        }
    }

    /// Texts and binaries whose short ones lie within the table of places.
    record Views(
            ArrowField field,
            MemorySegment valid,
            long length,
            MemorySegment views,
            List<MemorySegment> buffers)
            implements ArrowColumn {
        @Override
        public @Nullable Object at(long i, Budget budget) {
            if (!ArrowBatch.isValid(valid, i)) {
                return null;
            }
            int size = views.get(INT, 16 * i);
            boolean text = field.tag() == ArrowField.UTF8_VIEW;
            if (size <= 12) {
                return bytes(views, 16 * i + 4, size, text, budget);
            }
            int buffer = Objects.checkIndex(views.get(INT, 16 * i + 8), buffers.size());
            return bytes(buffers.get(buffer), views.get(INT, 16 * i + 12), size, text, budget);
        }
    }

    private static Object bytes(
            MemorySegment data, long from, long size, boolean text, Budget budget) {
        byte[] bytes = new byte[budget.take(size)];
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
        return text ? new String(bytes, StandardCharsets.UTF_8) : bytes;
    }

    /// Lists.
    ///
    /// @param offsets null for lists of one size
    record Lists(
            ArrowField field,
            MemorySegment valid,
            long length,
            @Nullable MemorySegment offsets,
            ArrowColumn elements)
            implements ArrowColumn {
        @Override
        public @Nullable Object at(long i, Budget budget) {
            if (!ArrowBatch.isValid(valid, i)) {
                return null;
            }
            boolean large = field.tag() == ArrowField.LARGE_LIST;
            long from = offsets == null ? i * field.width() : offset(offsets, large, i);
            long to = offsets == null ? from + field.width() : offset(offsets, large, i + 1);
            Objects.checkFromToIndex(from, to, elements.length());
            budget.take(8 * (to - from));
            List<@Nullable Object> list = new ArrayList<>((int) (to - from));
            for (long k = from; k < to; k++) {
                list.add(elements.at(k, budget));
            }
            return list;
        }

        private static long offset(MemorySegment offsets, boolean large, long i) {
            return large ? offsets.getAtIndex(LONG, i) : offsets.getAtIndex(INT, i);
        }
    }

    /// Named values.
    record Struct(ArrowField field, MemorySegment valid, long length, List<ArrowColumn> children)
            implements ArrowColumn {
        @Override
        public @Nullable Object at(long i, Budget budget) {
            if (!ArrowBatch.isValid(valid, i)) {
                return null;
            }
            budget.take(16L * children.size());
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (int k = 0; k < children.size(); k++) {
                map.put(field.children().get(k).name(), children.get(k).at(i, budget));
            }
            return map;
        }
    }
}
