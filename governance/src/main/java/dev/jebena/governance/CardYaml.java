package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The metadata block of a card, with the line of every value. Anchors are not followed, so no
/// block is larger than its text.
///
/// @param data what it says
/// @param lines by field: `tags[0]`, `model-index[0].name`
/// @param problem why it cannot be read; null where it can
/// @param problemLine where
record CardYaml(
        Map<String, @Nullable Object> data,
        Map<String, Integer> lines,
        @Nullable String problem,
        int problemLine) {
    private static final int LONGEST = 1 << 20;

    private static final YAMLMapper MAPPER =
            new YAMLMapper(
                    YAMLFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(HttpJson.MAX_DEPTH)
                                            .maxStringLength(LONGEST)
                                            .build())
                            .build());

    /// @param offset lines above the block
    static CardYaml of(String yaml, int offset) {
        Reading reading = new Reading(offset);
        try (JsonParser parser = MAPPER.createParser(yaml)) {
            if (parser.nextToken() == null) {
                return new CardYaml(Map.of(), Map.of(), null, 0);
            }
            Object value = reading.value(parser, "");
            if (!(value instanceof Map<?, ?> map)) {
                return wrong("repo card metadata block was not parsed as a dict", offset + 1);
            }
            return new CardYaml(
                    HttpJson.objectOf(map), reading.lines, reading.repeated, reading.repeatedLine);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            return wrong("the metadata block is no valid YAML: " + what, offset + line);
        }
    }

    private static CardYaml wrong(String problem, int line) {
        return new CardYaml(Map.of(), Map.of(), problem, line);
    }

    /// The line of a field, or of the nearest one around it.
    int line(String field) {
        String at = field;
        while (!at.isEmpty()) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = cut < 0 ? "" : at.substring(0, cut);
        }
        return 1;
    }

    private static final class Reading {
        private final int offset;
        private final Map<String, Integer> lines = new LinkedHashMap<>();
        private @Nullable String repeated;
        private int repeatedLine;

        Reading(int offset) {
            this.offset = offset;
        }

        @Nullable Object value(JsonParser parser, String field) {
            if (!field.isEmpty()) {
                lines.putIfAbsent(field, offset + parser.currentTokenLocation().getLineNr());
            }
            return switch (parser.currentToken()) {
                case START_OBJECT -> object(parser, field);
                case START_ARRAY -> array(parser, field);
                case VALUE_NULL -> null;
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
                default -> parser.getString();
            };
        }

        private Map<String, @Nullable Object> object(JsonParser parser, String field) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                String inner = field.isEmpty() ? key : field + "." + key;
                int line = offset + parser.currentTokenLocation().getLineNr();
                if (map.containsKey(key) && repeated == null) {
                    repeated = "duplicated mapping key: " + inner;
                    repeatedLine = line;
                }
                lines.put(inner, line);
                parser.nextToken();
                map.put(key, value(parser, inner));
            }
            return map;
        }

        private List<@Nullable Object> array(JsonParser parser, String field) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser, field + "[" + list.size() + "]"));
            }
            return list;
        }
    }

    /// A block of YAML for a card.
    static String write(Map<String, ? extends @Nullable Object> data) {
        return WRITER.writeValueAsString(data);
    }

    private static final YAMLMapper WRITER =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .disable(
                                            tools.jackson.dataformat.yaml.YAMLWriteFeature
                                                    .WRITE_DOC_START_MARKER)
                                    .enable(
                                            tools.jackson.dataformat.yaml.YAMLWriteFeature
                                                    .MINIMIZE_QUOTES)
                                    .build())
                    .build();
}
