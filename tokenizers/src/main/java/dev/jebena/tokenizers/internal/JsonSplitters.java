package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.internal.FinderSplitter.Behavior;
import java.nio.charset.StandardCharsets;
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
            case "FixedLength" -> fixedLength(fields);
            case "UnicodeScripts" -> new ScriptSplitter();
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
        return Splitter.rewriting(
                (text, from, to) -> {
                    TextBuilder out = new TextBuilder(text, to - from + 1);
                    if (text.bytes[from] != ' ') {
                        out.addByte((byte) ' ', from);
                    }
                    out.copy(from, to);
                    return out.text();
                },
                words);
    }

    private static Splitter fixedLength(Fields fields) {
        int length = fields.integer("length", 5);
        if (length == 0) {
            throw fields.wrong("length", "at least 1", 0L);
        }
        return new RunScanner(c -> true, 1, length);
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
        byte[] mark = Utf8.bytes(fields.string("replacement", "▁"));
        if (mark.length == 0) {
            throw fields.wrong("replacement", "a character", "");
        }
        Splitter pieces =
                fields.flag("split", true)
                        ? new FinderSplitter(Finder.literal(mark), Behavior.MERGED_WITH_NEXT, false)
                        : Splitter.none();
        return Splitter.rewriting(new SpaceMarks(mark, prefix, true), pieces);
    }

    /// Runs a splitter that follows `ByteLevel` on the visible characters, as it is meant.
    private static Splitter onSpelling(Splitter splitter) {
        return Splitter.rewriting(
                JsonSplitters::spelled,
                (text, from, to, sink) ->
                        splitter.split(
                                text,
                                from,
                                to,
                                (t, f, e) -> {
                                    Text bytes = unspelled(t, f, e);
                                    if (bytes != null) {
                                        sink.piece(bytes, 0, bytes.bytes.length);
                                    }
                                }));
    }

    private static Text spelled(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, 2 * (to - from));
        for (int i = from; i < to; i++) {
            out.add(ByteAlphabet.charOf(text.bytes[i] & 0xFF), i);
        }
        return out.text();
    }

    private static @Nullable Text unspelled(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, to - from);
        for (int at = from; at < to; at += CodePoints.length(text.bytes[at])) {
            int c = CodePoints.at(text.bytes, at);
            int b = c > Character.MAX_VALUE ? -1 : ByteAlphabet.byteOf((char) c);
            if (b < 0) {
                return null;
            }
            out.addByte((byte) b, at);
        }
        return out.text();
    }
}
