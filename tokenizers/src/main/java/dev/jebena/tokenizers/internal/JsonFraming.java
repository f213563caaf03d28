package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import dev.jebena.tokenizers.internal.Framing.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `post_processor` of a `tokenizer.json`.
final class JsonFraming {
    private @Nullable List<Part> single;
    private @Nullable List<Part> pair;
    private @Nullable SpanTrim trim;

    private JsonFraming() {}

    static Framing read(@Nullable Fields fields) {
        JsonFraming framing = new JsonFraming();
        framing.add(fields);
        return new Framing(
                framing.single == null ? List.of(Part.text(0, 0)) : framing.single,
                framing.pair == null ? List.of(Part.text(0, 0), Part.text(1, 1)) : framing.pair,
                framing.trim);
    }

    private void add(@Nullable Fields fields) {
        if (fields == null) {
            return;
        }
        switch (fields.string("type")) {
            case "Sequence" -> fields.children("processors").forEach(this::add);
            case "TemplateProcessing" -> template(fields);
            case "BertProcessing" -> {
                int first = pairId(fields, "cls");
                int last = pairId(fields, "sep");
                frame(
                        fields,
                        List.of(Part.tokens(0, first), Part.text(0, 0), Part.tokens(0, last)),
                        List.of(Part.text(1, 1), Part.tokens(1, last)));
            }
            case "RobertaProcessing" -> {
                int first = pairId(fields, "cls");
                int last = pairId(fields, "sep");
                frame(
                        fields,
                        List.of(Part.tokens(0, first), Part.text(0, 0), Part.tokens(0, last)),
                        List.of(Part.tokens(0, last), Part.text(1, 0), Part.tokens(0, last)));
                trim(fields);
            }
            case "ByteLevel" -> trim(fields);
            default -> throw fields.unknownType();
        }
    }

    private void trim(Fields fields) {
        if (fields.flag("trim_offsets", true)) {
            trim = new SpanTrim(fields.flag("add_prefix_space", true));
        }
    }

    /// @param more what follows in a pair
    private void frame(Fields fields, List<Part> one, List<Part> more) {
        List<Part> both = new ArrayList<>(one);
        both.addAll(more);
        set(fields, one, both);
    }

    private void set(Fields fields, List<Part> one, List<Part> both) {
        if (single != null) {
            throw new TokenizerException(
                    fields.place() + ": more than one post-processor that adds tokens");
        }
        single = one;
        pair = both.isEmpty() ? null : both;
    }

    private static int pairId(Fields fields, String key) {
        List<?> pair = fields.list(key);
        if (pair.size() != 2) {
            throw fields.wrong(key, "a token and its id", pair);
        }
        return fields.id(pair.get(1), key);
    }

    private void template(Fields fields) {
        Fields tokens = fields.child("special_tokens");
        set(fields, pieces(fields, "single", tokens), pieces(fields, "pair", tokens));
    }

    private static List<Part> pieces(Fields fields, String key, @Nullable Fields tokens) {
        List<Part> parts = new ArrayList<>();
        for (Fields piece : fields.children(key)) {
            Fields text = piece.child("Sequence");
            if (text != null) {
                int index = text.string("id", "A").equals("B") ? 1 : 0;
                parts.add(Part.text(index, text.integer("type_id", 0)));
                continue;
            }
            Fields special = piece.required("SpecialToken");
            String name = special.string("id");
            Fields token = tokens == null ? null : tokens.child(name);
            if (token == null) {
                throw special.wrong("id", "one of special_tokens", name);
            }
            Ids ids = new Ids(2);
            for (Object id : token.list("ids")) {
                ids.add(token.id(id, "ids"));
            }
            parts.add(Part.tokens(special.integer("type_id", 0), ids.toArray()));
        }
        return parts;
    }
}
