package dev.jebena.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The golden files of `make.py`, and rows in the form its expectations have.
final class Golden {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Golden() {}

    static Path file(String name) {
        return Path.of(System.getProperty("jebena.root"), "data/src/test/resources/golden", name);
    }

    static Dataset load(String name) {
        return Dataset.load(file(name).toString());
    }

    static Object expected(String name) {
        try {
            return JSON.readValue(Files.readString(file(name + ".expected.json")), Object.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        return JSON.valueToTree(expected(name));
    }

    static List<Object> rows(Dataset data) {
        List<Object> rows = new ArrayList<>();
        for (Row row : data) {
            rows.add(JSON.readValue(JSON.writeValueAsString(plain(row.toMap())), Object.class));
        }
        return rows;
    }

    /// As `plain` of `make.py` has it.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Duration span -> span.toMillis() / 1000.0;
            case java.time.Instant time -> time.toString().replaceFirst("Z$", "+00:00");
            case java.time.LocalDateTime time -> iso(time.toString());
            case java.time.LocalTime time -> iso(time.toString());
            case java.math.BigDecimal number -> number.toPlainString();
            case List<?> list -> {
                List<@Nullable Object> all = new ArrayList<>();
                list.forEach(item -> all.add(plain(item)));
                yield all;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((k, v) -> all.put(String.valueOf(k), plain(v)));
                yield all;
            }
            default -> dev.jebena.data.internal.Values.jsonValue(value);
        };
    }

    /// Java leaves out seconds that are zero.
    private static String iso(String time) {
        return time.matches(".*\\d\\d:\\d\\d:\\d\\d.*") ? time : time + ":00";
    }
}
