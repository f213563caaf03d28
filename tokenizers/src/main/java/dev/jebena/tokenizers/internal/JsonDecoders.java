package dev.jebena.tokenizers.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The `decoder` of a `tokenizer.json`: what a token's spelling stands for, in steps.
final class JsonDecoders implements TokenText {
    private final IntFunction<String> spelling;
    private final List<Step> steps = new ArrayList<>();
    private boolean bytesReached;
    private boolean joined;
    private boolean provisionalSpace;

    /// One step from a spelling to bytes.
    @FunctionalInterface
    private interface Step {
        byte[] apply(byte[] bytes, boolean first);
    }

    private JsonDecoders(IntFunction<String> spelling) {
        this.spelling = spelling;
    }

    static JsonDecoders read(@Nullable Fields fields, IntFunction<String> spelling) {
        JsonDecoders decoders = new JsonDecoders(spelling);
        if (fields == null) {
            decoders.steps.add((bytes, first) -> first ? bytes : concat(" ", bytes));
        } else {
            decoders.add(fields);
        }
        return decoders;
    }

    @Override
    public byte[] bytes(int id) {
        return apply(id, false);
    }

    @Override
    public byte[] first(int id) {
        return apply(id, true);
    }

    @Override
    public boolean lastSpaceIsProvisional() {
        return provisionalSpace;
    }

    private byte[] apply(int id, boolean first) {
        byte[] bytes = spelling.apply(id).getBytes(StandardCharsets.UTF_8);
        for (Step step : steps) {
            bytes = step.apply(bytes, first);
        }
        return bytes;
    }

    private void add(Fields fields) {
        switch (fields.string("type")) {
            case "Sequence" -> fields.children("decoders").forEach(this::add);
            case "ByteLevel" -> steps.add((bytes, first) -> unspelled(bytes));
            case "ByteFallback" -> steps.add((bytes, first) -> MarkedText.singleByte(bytes));
            case "Fuse" -> joined = true;
            case "Replace" -> replace(fields);
            case "Strip" -> strip(fields);
            case "WordPiece" -> wordPiece(fields);
            case "Metaspace" -> metaspace(fields);
            case "BPEDecoder" -> {
                String suffix = fields.string("suffix", "</w>");
                provisionalSpace = true;
                steps.add((bytes, first) -> edit(bytes, text -> text.replace(suffix, " ")));
            }
            default -> throw fields.unknownType();
        }
        bytesReached |= fields.string("type").equals("ByteFallback");
    }

    private static byte[] unspelled(byte[] bytes) {
        byte[] raw = ByteAlphabet.bytes(Utf8.string(bytes, 0, bytes.length));
        return raw == null ? bytes : raw;
    }

    private void replace(Fields fields) {
        Fields pattern = fields.required("pattern");
        String literal = pattern.optional("String");
        String content = fields.string("content");
        if (literal == null || literal.isEmpty()) {
            throw fields.wrong("pattern", "a String of at least one character", literal);
        }
        if (bytesReached) {
            throw fields.unknownType();
        }
        steps.add((bytes, first) -> edit(bytes, text -> text.replace(literal, content)));
    }

    private void strip(Fields fields) {
        String content = fields.string("content");
        int start = fields.integer("start", 0);
        boolean firstOnly = joined;
        if (content.length() != 1 || content.charAt(0) >= 0x80) {
            throw fields.wrong("content", "one ASCII character", content);
        }
        byte stripped = (byte) content.charAt(0);
        steps.add((bytes, first) -> {
            int at = 0;
            while ((first || !firstOnly)
                    && at < Math.min(start, bytes.length)
                    && bytes[at] == stripped) {
                at++;
            }
            return at == 0 ? bytes : Arrays.copyOfRange(bytes, at, bytes.length);
        });
    }

    private void wordPiece(Fields fields) {
        String prefix = fields.string("prefix", "##");
        boolean cleanup = fields.flag("cleanup", true);
        steps.add((bytes, first) ->
                edit(
                        bytes,
                        text -> {
                            String word =
                                    first
                                            ? text
                                            : text.startsWith(prefix)
                                                    ? text.substring(prefix.length())
                                                    : " " + text;
                            return cleanup ? cleaned(word) : word;
                        }));
    }

    private static String cleaned(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" do not", " don't")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }

    private void metaspace(Fields fields) {
        boolean byDefault = fields.flag("add_prefix_space", true);
        String scheme = fields.string("prepend_scheme", byDefault ? "always" : "never");
        String mark = fields.string("replacement", "▁");
        boolean dropFirst = !scheme.equals("never");
        steps.add((bytes, first) ->
                edit(bytes, text -> text.replace(mark, first && dropFirst ? "" : " ")));
    }

    private static byte[] edit(byte[] bytes, java.util.function.UnaryOperator<String> change) {
        return change.apply(Utf8.string(bytes, 0, bytes.length)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(String head, byte[] tail) {
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + tail.length);
        System.arraycopy(tail, 0, all, start.length, tail.length);
        return all;
    }
}
