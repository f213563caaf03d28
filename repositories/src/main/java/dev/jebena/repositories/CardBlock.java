package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The block of metadata that a card begins with: YAML between two lines of `---`.
///
/// @param data what it says; empty where there is no block, or a wrong one
/// @param errors why it cannot be used
/// @param warnings what is worth a word
record CardBlock(Map<String, @Nullable Object> data, List<String> errors, List<String> warnings) {
    private static final int LONGEST = 1 << 18;

    private static final YAMLMapper YAML =
            new YAMLMapper(
                    YAMLFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(HttpJson.MAX_DEPTH)
                                            .maxStringLength(LONGEST)
                                            .build())
                            .build());

    /// Reads the block of a `README.md`.
    static CardBlock of(String readme) {
        String text = readme.startsWith("\uFEFF") ? readme.substring(1) : readme;
        text = text.replace("\r\n", "\n");
        if (!text.startsWith("---\n")) {
            return warned("empty or missing yaml metadata in repo card");
        }
        int end = text.indexOf("\n---", 3);
        if (end < 0) {
            return wrong("The metadata block has no end: expected a line with ---");
        }
        if (end > LONGEST) {
            return wrong("The metadata block is longer than " + LONGEST + " characters");
        }
        return parsed(text.substring(4, Math.max(4, end + 1)));
    }

    private static CardBlock parsed(String yaml) {
        try {
            Object value = yaml.isBlank() ? null : YAML.readValue(yaml, Object.class);
            return switch (value) {
                case null -> warned("empty or missing yaml metadata in repo card");
                case Map<?, ?> map -> new CardBlock(HttpJson.objectOf(map), List.of(), List.of());
                default -> wrong("The metadata block is no list of keys with values");
            };
        } catch (JacksonException e) {
            return wrong("The metadata block is not valid YAML: " + e.getOriginalMessage());
        }
    }

    private static CardBlock wrong(String error) {
        return new CardBlock(Map.of(), List.of(error), List.of());
    }

    private static CardBlock warned(String warning) {
        return new CardBlock(Map.of(), List.of(), List.of(warning));
    }

    /// The texts under a key: one, or a list of them.
    List<String> texts(String key) {
        return switch (data.get(key)) {
            case String one when !one.isBlank() -> List.of(one);
            case List<?> many ->
                    many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
            case null, default -> List.of();
        };
    }

    /// The text under a key; null when there is none.
    @Nullable String text(String key) {
        return data.get(key) instanceof String text && !text.isBlank() ? text : null;
    }
}
