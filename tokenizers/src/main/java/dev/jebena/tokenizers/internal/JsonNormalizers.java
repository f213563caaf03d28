package dev.jebena.tokenizers.internal;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The `normalizer` of a `tokenizer.json`.
final class JsonNormalizers {
    private JsonNormalizers() {}

    /// Null where nothing is normalized.
    static @Nullable Normalizer read(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        String type = fields.string("type");
        return switch (type) {
            case "Sequence" -> sequence(fields);
            case "NFC" -> form(Form.NFC);
            case "NFD" -> form(Form.NFD);
            case "NFKC" -> form(Form.NFKC);
            case "NFKD" -> form(Form.NFKD);
            case "Lowercase" -> of(Lowercase::of);
            case "StripAccents" ->
                    of(in -> BertNormalizer.withoutMarks(in, 1 << Character.NON_SPACING_MARK));
            case "BertNormalizer" -> BertNormalizer.of(fields);
            case "Strip" -> strip(fields);
            case "Prepend" -> prepend(fields.string("prepend"));
            case "Replace" -> replace(fields);
            // Byte-level vocabularies keep bytes, so that their spelling is no step.
            case "ByteLevel" -> null;
            default -> throw fields.unknownType();
        };
    }

    private static @Nullable Normalizer sequence(Fields fields) {
        Normalizer all = null;
        for (Fields child : fields.children("normalizers")) {
            Normalizer next = read(child);
            all = all == null ? next : next == null ? all : chain(all, next);
        }
        return all;
    }

    private static Normalizer chain(Normalizer first, Normalizer second) {
        return (text, from, to) -> {
            byte[] between = first.normalize(text, from, to);
            return between.length == 0 ? between : second.normalize(between, 0, between.length);
        };
    }

    private static Normalizer of(UnaryOperator<String> step) {
        return (text, from, to) -> Utf8.bytes(step.apply(Utf8.string(text, from, to)));
    }

    private static Normalizer form(Form form) {
        Normalizer slow = of(in -> java.text.Normalizer.normalize(in, form));
        return (text, from, to) ->
                Utf8.isAscii(text, from, to)
                        ? java.util.Arrays.copyOfRange(text, from, to)
                        : slow.normalize(text, from, to);
    }

    private static Normalizer strip(Fields fields) {
        boolean left = fields.flag("strip_left", true);
        boolean right = fields.flag("strip_right", true);
        return (text, from, to) -> {
            int start = left ? Spaces.after(text, from, to) : from;
            int end = right ? Spaces.before(text, to, start) : to;
            return java.util.Arrays.copyOfRange(text, start, end);
        };
    }

    private static Normalizer prepend(String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
        return (text, from, to) -> {
            byte[] out = new byte[bytes.length + to - from];
            System.arraycopy(bytes, 0, out, 0, bytes.length);
            System.arraycopy(text, from, out, bytes.length, to - from);
            return out;
        };
    }

    private static Normalizer replace(Fields fields) {
        String content = fields.string("content");
        Fields pattern = fields.required("pattern");
        String literal = pattern.optional("String");
        if (literal != null) {
            if (literal.equals(" ") && content.equals("▁")) {
                return new SpaceMarks(false, false);
            }
            return literal.isEmpty() ? of(in -> in) : of(in -> in.replace(literal, content));
        }
        Pattern regex = Expressions.compile(pattern.string("Regex"), fields.place());
        return of(in -> {
            Matcher matcher = Expressions.matcher(regex, in);
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (Expressions.find(matcher)) {
                out.append(in, at, matcher.start()).append(content);
                at = matcher.end();
            }
            return out.append(in, at, in.length()).toString();
        });
    }
}
