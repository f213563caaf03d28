package dev.jebena.tokenizers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An array of strings as bytes: a vocabulary is read from it without making its strings, which are
/// a hundred thousand and more.
///
/// Bytes that are not UTF-8 count as U+FFFD.
public interface EncodedStrings {
    int size();

    /// Holds all strings; not to be changed.
    byte[] bytes();

    /// Where string `index` begins in [#bytes].
    int start(int index);

    /// Where string `index` ends in [#bytes].
    int end(int index);

    /// String `index` itself.
    default String get(int index) {
        return new String(bytes(), start(index), end(index) - start(index), StandardCharsets.UTF_8);
    }

    /// The same as bytes.
    static EncodedStrings of(List<String> strings) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(8 * strings.size());
        int[] ends = new int[strings.size()];
        for (int i = 0; i < ends.length; i++) {
            all.writeBytes(strings.get(i).getBytes(StandardCharsets.UTF_8));
            ends[i] = all.size();
        }
        byte[] bytes = all.toByteArray();
        return new EncodedStrings() {
            @Override
            public int size() {
                return ends.length;
            }

            @Override
            public byte[] bytes() {
                return bytes;
            }

            @Override
            public int start(int index) {
                return index == 0 ? 0 : ends[index - 1];
            }

            @Override
            public int end(int index) {
                return ends[index];
            }
        };
    }
}
