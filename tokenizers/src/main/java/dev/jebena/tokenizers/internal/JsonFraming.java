package dev.jebena.tokenizers.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `post_processor` of a `tokenizer.json`: the ids around every text.
final class JsonFraming {
    private final Ids prefix = new Ids(2);
    private final Ids suffix = new Ids(2);

    private JsonFraming() {}

    static JsonFraming read(@Nullable Fields fields) {
        JsonFraming framing = new JsonFraming();
        framing.add(fields);
        return framing;
    }

    int[] prefix() {
        return prefix.toArray();
    }

    int[] suffix() {
        return suffix.toArray();
    }

    private void add(@Nullable Fields fields) {
        if (fields == null) {
            return;
        }
        switch (fields.string("type")) {
            case "Sequence" -> fields.children("processors").forEach(this::add);
            case "TemplateProcessing" -> template(fields);
            case "BertProcessing", "RobertaProcessing" -> {
                prefix.add(pairId(fields, "cls"));
                suffix.add(pairId(fields, "sep"));
            }
            // Only moves offsets, which are not kept.
            case "ByteLevel" -> {}
            default -> throw fields.unknownType();
        }
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
        boolean before = true;
        for (Fields piece : fields.children("single")) {
            Fields special = piece.child("SpecialToken");
            if (special == null) {
                before = false;
                continue;
            }
            String name = special.string("id");
            Fields token = tokens == null ? null : tokens.child(name);
            if (token == null) {
                throw special.wrong("id", "one of special_tokens", name);
            }
            for (Object id : token.list("ids")) {
                (before ? prefix : suffix).add(token.id(id, "ids"));
            }
        }
    }
}
