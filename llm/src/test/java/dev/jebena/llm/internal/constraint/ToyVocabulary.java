package dev.jebena.llm.internal.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// All single bytes, pieces of JSON, characters cut in the middle, and one token that ends.
final class ToyVocabulary {
    private ToyVocabulary() {}

    static Vocabulary make() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        String[] pieces = {
            "{\"",
            "\": ",
            "\":",
            "\",",
            "\"}",
            "}}",
            "]}",
            "[]",
            "{}",
            "[{",
            "}]",
            ", \"",
            ",\n",
            "\n  ",
            "true",
            "false",
            "null",
            "tr",
            "nu",
            "name",
            "name\": \"",
            "age",
            "12",
            "00",
            "1.5",
            "e1",
            " ",
            "  ",
            "\n\n",
            "\\n",
            "\\\"",
            "\\u00",
            "\\ud83d\\ude",
            "é",
            "日本",
            "😀",
            "ab",
            "abc",
            "hello world",
            "\"a\":1",
            "-1",
            "0.",
            "2024-02",
            "T12:",
            "\t",
            "é\"",
            "X\",\"",
            "null}"
        };
        for (String piece : pieces) {
            tokens.add(piece.getBytes(StandardCharsets.UTF_8));
        }
        byte[] smile = "😀é".getBytes(StandardCharsets.UTF_8);
        for (int i = 1; i < smile.length; i++) {
            tokens.add(java.util.Arrays.copyOfRange(smile, 0, i));
            tokens.add(java.util.Arrays.copyOfRange(smile, i, smile.length));
        }
        tokens.add("{\"".getBytes(StandardCharsets.UTF_8));
        tokens.add(new byte[0]);
        return Vocabulary.of(tokens.toArray(byte[][]::new), new int[] {tokens.size() - 1});
    }
}
