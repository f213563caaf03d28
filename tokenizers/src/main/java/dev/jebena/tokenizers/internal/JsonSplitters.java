package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.internal.FinderSplitter.Behavior;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `pre_tokenizer` of a `tokenizer.json`.
final class JsonSplitters {
    private static final Pattern WORDS =
            Pattern.compile("\\w+|[^\\w\\s]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final boolean startOfText;
    private boolean spelled;

    /// @param startOfText whether the splitter is for the beginning of a text, where some
    ///   vocabularies add a space
    JsonSplitters(boolean startOfText) {
        this.startOfText = startOfText;
    }

    /// Null where text is not split.
    @Nullable Splitter read(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        if (fields.string("type").equals("Sequence")) {
            return sequence(fields);
        }
        boolean wasSpelled = spelled;
        Splitter splitter = single(fields);
        return wasSpelled ? onSpelling(splitter) : splitter;
    }

    /// Whether the pre-tokenizer spells bytes as visible characters, so that the vocabulary does.
    static boolean spellsBytes(@Nullable Fields fields) {
        if (fields == null) {
            return false;
        }
        boolean found = fields.string("type", "").equals("ByteLevel");
        for (String key : new String[] {"pretokenizers", "normalizers"}) {
            for (Fields child : fields.children(key)) {
                found |= spellsBytes(child);
            }
        }
        return found;
    }

    private @Nullable Splitter sequence(Fields fields) {
        Splitter all = null;
        for (Fields child : fields.children("pretokenizers")) {
            Splitter next = read(child);
            all = all == null ? next : next == null ? all : all.then(next);
        }
        return all;
    }

    private Splitter single(Fields fields) {
        return switch (fields.string("type")) {
            case "ByteLevel" -> byteLevel(fields);
            case "Split" -> split(fields);
            case "Digits" ->
                    new FinderSplitter(
                            Finder.of(CodePoints::isNumber),
                            fields.flag("individual_digits", false)
                                    ? Behavior.ISOLATED
                                    : Behavior.CONTIGUOUS,
                            false);
            case "Punctuation" ->
                    new FinderSplitter(
                            Finder.of(BertSplitter::isPunctuation), Behavior.of(fields), false);
            case "Whitespace" ->
                    new FinderSplitter(Finder.expression(WORDS), Behavior.REMOVED, true);
            case "WhitespaceSplit" ->
                    new FinderSplitter(Finder.of(CodePoints::isSpace), Behavior.REMOVED, false);
            case "CharDelimiterSplit" -> delimiter(fields.string("delimiter"));
            case "BertPreTokenizer" -> new BertSplitter(true);
            case "Metaspace" -> metaspace(fields);
            default -> throw fields.unknownType();
        };
    }

    private static Splitter delimiter(String delimiter) {
        return new FinderSplitter(
                Finder.literal(delimiter.getBytes(StandardCharsets.UTF_8)),
                Behavior.REMOVED,
                false);
    }

    private Splitter byteLevel(Fields fields) {
        spelled = true;
        Splitter words = fields.flag("use_regex", true) ? Scanners.gpt2() : Splitter.none();
        return fields.flag("add_prefix_space", true) ? withSpace(words) : words;
    }

    private static Splitter withSpace(Splitter words) {
        return (text, from, to, sink) -> {
            if (from == to || text[from] == ' ') {
                words.split(text, from, to, sink);
                return;
            }
            byte[] longer = new byte[to - from + 1];
            longer[0] = ' ';
            System.arraycopy(text, from, longer, 1, to - from);
            words.split(longer, 0, longer.length, sink);
        };
    }

    private static Splitter split(Fields fields) {
        Behavior behavior = Behavior.of(fields);
        boolean invert = fields.flag("invert", false);
        Fields pattern = fields.required("pattern");
        String literal = pattern.optional("String");
        if (literal != null) {
            return new FinderSplitter(
                    Finder.literal(literal.getBytes(StandardCharsets.UTF_8)), behavior, invert);
        }
        String expression = pattern.string("Regex");
        Scanner scanner = Scanners.byExpression(expression);
        // The known expressions match everywhere: nothing lies between their matches.
        if (scanner != null
                && (invert ? behavior == Behavior.REMOVED : behavior == Behavior.ISOLATED)) {
            return scanner;
        }
        Pattern compiled = Expressions.compile(expression, fields.place());
        return new FinderSplitter(Finder.expression(compiled), behavior, invert);
    }

    private Splitter metaspace(Fields fields) {
        boolean byDefault = fields.flag("add_prefix_space", true);
        String scheme = fields.string("prepend_scheme", byDefault ? "always" : "never");
        boolean prefix = scheme.equals("always") || (scheme.equals("first") && startOfText);
        byte[] mark = fields.string("replacement", "▁").getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(mark, "▁".getBytes(StandardCharsets.UTF_8))) {
            throw fields.wrong("replacement", "▁", fields.values().get("replacement"));
        }
        SpaceMarks marks = new SpaceMarks(prefix, true);
        Splitter pieces =
                fields.flag("split", true)
                        ? new FinderSplitter(Finder.literal(mark), Behavior.MERGED_WITH_NEXT, false)
                        : Splitter.none();
        return (text, from, to, sink) -> {
            byte[] marked = marks.normalize(text, from, to);
            pieces.split(marked, 0, marked.length, sink);
        };
    }

    /// Runs a splitter that follows `ByteLevel` on the visible characters, as it is meant.
    private static Splitter onSpelling(Splitter splitter) {
        return (text, from, to, sink) -> {
            byte[] spelling =
                    ByteAlphabet.spell(Arrays.copyOfRange(text, from, to))
                            .getBytes(StandardCharsets.UTF_8);
            splitter.split(
                    spelling,
                    0,
                    spelling.length,
                    (t, f, e) -> {
                        byte[] bytes = ByteAlphabet.bytes(Utf8.string(t, f, e));
                        if (bytes != null) {
                            sink.piece(bytes, 0, bytes.length);
                        }
                    });
        };
    }
}
