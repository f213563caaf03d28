package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Encoding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the tokens of a text word by word, and where wanted which word and which stretch of the
/// original each of them comes from.
final class Words {
    private final Ids ids;
    private final @Nullable Ids words;
    private int count;

    private Words(Ids ids, @Nullable Ids words) {
        this.ids = ids;
        this.words = words;
    }

    static Words plain(Ids ids) {
        return new Words(ids, null);
    }

    static Words traced(int capacity) {
        return new Words(Ids.traced(capacity), new Ids(capacity));
    }

    void addWord(WordModel model, Text text, int from, int to, Symbols work) {
        int before = ids.size();
        model.encode(text.bytes, from, to, work, ids);
        if (words != null) {
            finish(words, before, text);
        }
    }

    /// A token that was found in the text.
    void addToken(int id, Text text, int from, int to) {
        int before = ids.size();
        ids.add(id, from, to);
        if (words != null) {
            finish(words, before, text);
        }
    }

    private void finish(Ids numbers, int before, Text text) {
        ids.trace(before, text);
        for (int i = before; i < ids.size(); i++) {
            numbers.add(count);
        }
        count++;
    }

    /// @param original the text that was traced
    Encoding encoding(String original, int typeId) {
        int[] chars = charOfByte(original);
        int size = ids.size();
        int[] starts = new int[size];
        int[] ends = new int[size];
        for (int i = 0; i < size; i++) {
            starts[i] = chars[ids.start(i)];
            ends[i] = chars[ids.end(i)];
        }
        return new Encoding(
                ids.toArray(),
                Encodings.filled(size, typeId),
                starts,
                ends,
                words == null ? new int[size] : words.toArray(),
                new int[size],
                Encodings.filled(size, 1),
                List.of());
    }

    /// The index of the `char` that each byte of the UTF-8 form of `text` belongs to, and the end.
    private static int[] charOfByte(String text) {
        int[] chars = new int[Utf8.bytes(text).length + 1];
        int at = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            for (int b = 0; b < length; b++) {
                chars[at++] = i;
            }
            i += Character.charCount(c);
        }
        chars[at] = text.length();
        return chars;
    }
}
