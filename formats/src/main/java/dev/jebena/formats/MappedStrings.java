package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/// An array of strings in a mapped file, each decoded when it is asked for: a vocabulary of a
/// quarter of a million entries costs one `int` each until then. What is not UTF-8 becomes U+FFFD.
final class MappedStrings extends AbstractList<String> implements Utf8Strings, RandomAccess {
    private static final int PREFIX = Long.BYTES;

    private final MemorySegment bytes;
    private final int[] starts;

    /// @param bytes the strings, each behind its 8-byte length
    /// @param starts where each string's length stands in `bytes`, then where the last one ends
    MappedStrings(MemorySegment bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
    }

    @Override
    public String get(int index) {
        Objects.checkIndex(index, size());
        int begin = starts[index] + PREFIX;
        byte[] utf8 = new byte[starts[index + 1] - begin];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, begin, utf8, 0, utf8.length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return starts.length - 1;
    }

    @Override
    public byte[] bytes() {
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public int start(int index) {
        return starts[index] + PREFIX;
    }

    @Override
    public int end(int index) {
        return starts[index + 1];
    }
}
