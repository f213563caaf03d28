package dev.jebena.tokenizers.internal;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.Base64;
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
        return switch (fields.string("type")) {
            case "Sequence" -> sequence(fields);
            case "NFC" -> new UnicodeForm(Form.NFC);
            case "NFD" -> new UnicodeForm(Form.NFD);
            case "NFKC" -> new UnicodeForm(Form.NFKC);
            case "NFKD" -> new UnicodeForm(Form.NFKD);
            case "Nmt" -> Normalizer.ofCharacters(JsonNormalizers::nmt);
            case "Lowercase" -> new Lowercase();
            case "StripAccents" -> BertNormalizer.without(CodePoints.MARKS);
            case "BertNormalizer", "Bert" -> BertNormalizer.of(fields);
            case "Strip" -> strip(fields);
            case "Prepend" -> prepend(fields.string("prepend"));
            case "Replace" -> replace(fields);
            case "Precompiled" -> precompiled(fields);
            // Byte-level vocabularies keep bytes, so that their spelling is no step.
            case "ByteLevel" -> null;
            default -> throw fields.unknownType();
        };
    }

    private static @Nullable Normalizer sequence(Fields fields) {
        Normalizer all = null;
        for (Fields child : fields.children("normalizers")) {
            Normalizer next = read(child);
            all = all == null ? next : next == null ? all : all.then(next);
        }
        return all;
    }

    /// The cleaning of Google's neural machine translation.
    private static int nmt(int c) {
        return switch (c) {
            case '\t', '\n', '\f', '\r', 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD -> ' ';
            case 0x0B, 0x7F, 0x8F, 0x9F -> -1;
            default ->
                    (c >= 0x01 && c <= 0x08) || (c >= 0x0E && c <= 0x1F)
                            ? -1
                            : c >= 0x200B && c <= 0x200F ? ' ' : c;
        };
    }

    private static Normalizer strip(Fields fields) {
        boolean left = fields.flag("strip_left", true);
        boolean right = fields.flag("strip_right", true);
        return (text, from, to) -> {
            int start = left ? Spaces.after(text.bytes, from, to) : from;
            int end = right ? Spaces.before(text.bytes, to, start) : to;
            return text.slice(start, end);
        };
    }

    private static Normalizer prepend(String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
        return (text, from, to) -> {
            TextBuilder out = new TextBuilder(text, bytes.length + to - from);
            out.add(bytes, from);
            out.copy(from, to);
            return out.text();
        };
    }

    private static @Nullable Normalizer precompiled(Fields fields) {
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(fields.string("precompiled_charsmap", ""));
        } catch (IllegalArgumentException e) {
            throw fields.wrong("precompiled_charsmap", "Base64", e.getMessage());
        }
        CharacterMap map = CharacterMap.of(blob, fields.place());
        return map == null ? null : new PrecompiledNormalizer(map);
    }

    private static @Nullable Normalizer replace(Fields fields) {
        String content = fields.string("content");
        byte[] bytes = Utf8.bytes(content);
        Fields pattern = fields.required("pattern");
        String literal = pattern.optional("String");
        if (literal == null) {
            return replaceExpression(
                    Expressions.compile(pattern.string("Regex"), fields.place()), bytes);
        }
        if (literal.isEmpty()) {
            return null;
        }
        if (literal.equals(" ")) {
            return new SpaceMarks(bytes, false, false);
        }
        Finder finder = Finder.literal(Utf8.bytes(literal));
        return (text, from, to) -> {
            TextBuilder out = new TextBuilder(text, to - from + 16);
            int[] found = finder.find(text.bytes, from, to);
            int at = from;
            for (int i = 0; i < found.length; i += 2) {
                out.copy(at, found[i]);
                at = found[i + 1];
                out.add(bytes, at - 1);
            }
            out.copy(at, to);
            return out.text();
        };
    }

    private static Normalizer replaceExpression(Pattern regex, byte[] content) {
        return (text, from, to) -> {
            String string = text.string(from, to);
            Matcher matcher = Expressions.matcher(regex, string);
            TextBuilder out = new TextBuilder(text, to - from + 16);
            int chars = 0;
            int at = from;
            while (Expressions.find(matcher)) {
                int start = at + Utf8.length(string, chars, matcher.start());
                out.copy(at, start);
                at = start + Utf8.length(string, matcher.start(), matcher.end());
                chars = matcher.end();
                out.add(content, Math.max(from, at - 1));
            }
            out.copy(at, to);
            return out.text();
        };
    }
}
