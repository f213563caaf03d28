package dev.jebena.tokenizers.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `decoder` of a `tokenizer.json`: what a token's spelling stands for, in steps.
final class JsonDecoders implements TokenText {
    private final IntFunction<String> spelling;
    private final List<Step> steps = new ArrayList<>();
    // Steps on the whole text.
    private final List<Step> wholeSteps = new ArrayList<>();
    private boolean bytesReached;
    private boolean joined;
    private boolean provisionalSpace;
    private boolean repeatsSkipped;

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
        return apply(spelling.apply(id), false);
    }

    @Override
    public byte[] first(int id) {
        return apply(spelling.apply(id), true);
    }

    @Override
    public boolean lastSpaceIsProvisional() {
        return provisionalSpace;
    }

    @Override
    public boolean skipsRepeats() {
        return repeatsSkipped;
    }

    @Override
    public boolean needsWholeText() {
        return !wholeSteps.isEmpty();
    }

    @Override
    public String whole(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (Step step : wholeSteps) {
            bytes = step.apply(bytes, true);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String join(List<String> spellings) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < spellings.size(); i++) {
            all.writeBytes(apply(spellings.get(i), i == 0));
        }
        String text = whole(all.toString(StandardCharsets.UTF_8));
        return provisionalSpace && text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
    }

    private byte[] apply(String spelled, boolean first) {
        byte[] bytes = spelled.getBytes(StandardCharsets.UTF_8);
        for (Step step : steps) {
            bytes = step.apply(bytes, first);
        }
        return bytes;
    }

    /// Adds a step on tokens, or on the whole text once the tokens are joined.
    private void step(Step step) {
        (joined || !wholeSteps.isEmpty() ? wholeSteps : steps).add(step);
    }

    private void add(Fields fields) {
        switch (fields.string("type")) {
            case "Sequence" -> fields.children("decoders").forEach(this::add);
            case "ByteLevel" -> {
                step((bytes, first) -> unspelled(bytes));
                joined = true;
            }
            case "ByteFallback" -> {
                step((bytes, first) -> MarkedText.singleByte(bytes));
                bytesReached = true;
            }
            case "Fuse" -> joined = true;
            case "Replace" -> replace(fields);
            case "Strip" -> strip(fields);
            case "WordPiece" -> wordPiece(fields);
            case "Metaspace" -> metaspace(fields);
            case "CTC" -> connectionist(fields);
            case "BPEDecoder" -> suffix(fields.string("suffix", "</w>"));
            default -> throw fields.unknownType();
        }
    }

    private void suffix(String suffix) {
        if (joined) {
            step((bytes, first) -> edit(bytes, text -> text.replace(suffix, "")));
        } else {
            provisionalSpace = true;
            step((bytes, first) -> edit(bytes, text -> text.replace(suffix, " ")));
        }
    }

    /// Decoding of connectionist temporal classification: repeated tokens are one.
    private void connectionist(Fields fields) {
        String pad = fields.string("pad_token", "<pad>");
        String delimiter = fields.string("word_delimiter_token", "|");
        boolean cleanup = fields.flag("cleanup", true);
        repeatsSkipped = !joined;
        step((bytes, first) ->
                edit(
                        bytes,
                        text -> {
                            String said = text.replace(pad, "");
                            return cleanup ? cleaned(said).replace(delimiter, " ") : said;
                        }));
    }

    private static byte[] unspelled(byte[] bytes) {
        byte[] raw = ByteAlphabet.bytes(Utf8.string(bytes, 0, bytes.length));
        return raw == null ? bytes : raw;
    }

    private void replace(Fields fields) {
        Fields pattern = fields.required("pattern");
        String literal = pattern.optional("String");
        String content = fields.string("content");
        Step step;
        if (literal == null) {
            Pattern regex = Expressions.compile(pattern.string("Regex"), fields.place());
            step = (bytes, first) -> edit(bytes, text -> replaced(regex, text, content));
        } else if (literal.isEmpty()) {
            throw fields.wrong("pattern", "a String of at least one character", literal);
        } else {
            step = (bytes, first) -> edit(bytes, text -> text.replace(literal, content));
        }
        // Bytes are no text yet.
        if (bytesReached && !joined) {
            wholeSteps.add(step);
        } else {
            step(step);
        }
    }

    private static String replaced(Pattern regex, String text, String content) {
        Matcher matcher = Expressions.matcher(regex, text);
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (Expressions.find(matcher)) {
            out.append(text, at, matcher.start()).append(content);
            at = matcher.end();
        }
        return out.append(text, at, text.length()).toString();
    }

    private void strip(Fields fields) {
        String content = fields.string("content");
        int start = fields.integer("start", 0);
        int stop = fields.integer("stop", 0);
        if (content.codePointCount(0, content.length()) != 1) {
            throw fields.wrong("content", "one character", content);
        }
        byte[] stripped = content.getBytes(StandardCharsets.UTF_8);
        if (joined && stop == 0 && stripped.length == 1 && wholeSteps.isEmpty()) {
            // The beginning of the text is that of its first token, so that nothing has to wait.
            steps.add((bytes, first) -> first ? stripped(bytes, stripped, start, 0) : bytes);
        } else {
            step((bytes, first) -> stripped(bytes, stripped, start, stop));
        }
    }

    /// `text` without up to `start` and `stop` times `content` at its ends.
    private static byte[] stripped(byte[] text, byte[] content, int start, int stop) {
        int from = 0;
        int to = text.length;
        for (int i = 0; i < start && isAt(text, from, to, content); i++) {
            from += content.length;
        }
        for (int i = 0;
                i < stop && isAt(text, Math.max(from, to - content.length), to, content);
                i++) {
            to -= content.length;
        }
        return from == 0 && to == text.length ? text : Arrays.copyOfRange(text, from, to);
    }

    private static boolean isAt(byte[] text, int from, int to, byte[] content) {
        int end = from + content.length;
        return end <= to && Arrays.equals(text, from, end, content, 0, content.length);
    }

    private void wordPiece(Fields fields) {
        String prefix = fields.string("prefix", "##");
        boolean cleanup = fields.flag("cleanup", true);
        step((bytes, first) ->
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
        step((bytes, first) ->
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
