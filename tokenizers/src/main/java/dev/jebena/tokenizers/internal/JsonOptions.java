package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Padding;
import dev.jebena.tokenizers.Side;
import dev.jebena.tokenizers.Truncation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `truncation` and `padding` of a `tokenizer.json`.
final class JsonOptions {
    private JsonOptions() {}

    static EncodeOptions read(Fields file) {
        return EncodeOptions.defaults()
                .withTruncation(truncation(file.child("truncation")))
                .withPadding(padding(file.child("padding")));
    }

    private static @Nullable Truncation truncation(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        String strategy = fields.string("strategy", "LongestFirst");
        return new Truncation(
                fields.integer("max_length", 512),
                fields.integer("stride", 0),
                switch (strategy) {
                    case "LongestFirst", "longest_first" -> Truncation.Strategy.LONGEST_FIRST;
                    case "OnlyFirst", "only_first" -> Truncation.Strategy.ONLY_FIRST;
                    case "OnlySecond", "only_second" -> Truncation.Strategy.ONLY_SECOND;
                    default -> throw fields.wrong("strategy", "a known strategy", strategy);
                },
                side(fields));
    }

    private static @Nullable Padding padding(@Nullable Fields fields) {
        if (fields == null) {
            return null;
        }
        // {"Fixed": 128} or "BatchLongest"
        Object strategy = fields.values().get("strategy");
        Object fixed = strategy instanceof Map<?, ?> map ? map.get("Fixed") : null;
        return new Padding(
                fixed == null ? 0 : fields.id(fixed, "strategy.Fixed"),
                fields.integer("pad_to_multiple_of", 0),
                side(fields),
                fields.integer("pad_id", 0),
                fields.integer("pad_type_id", 0));
    }

    private static Side side(Fields fields) {
        return fields.string("direction", "Right").equalsIgnoreCase("left")
                ? Side.LEFT
                : Side.RIGHT;
    }
}
