package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's `metadata`: up to 16 texts that clients attach to what the server keeps.
final class Metadata {
    private static final int PAIRS = 16;
    private static final int KEY_LENGTH = 64;
    private static final int VALUE_LENGTH = 512;

    private Metadata() {}

    /// The field `metadata` of a request; empty when absent.
    static Map<String, @Nullable Object> of(RequestFields request) {
        RequestFields metadata = request.object("metadata");
        if (metadata == null) {
            return HttpJson.object();
        }
        if (metadata.values().size() > PAIRS) {
            throw request.invalid(
                    "metadata", "at most " + PAIRS + " keys, found " + metadata.values().size());
        }
        metadata.values()
                .forEach((key, value) -> {
                    if (key.length() > KEY_LENGTH) {
                        throw request.invalid("metadata", "keys have at most 64 characters");
                    }
                    if (!(value instanceof String text) || text.length() > VALUE_LENGTH) {
                        throw metadata.invalid(key, "expected a string of at most 512 characters");
                    }
                });
        return metadata.values();
    }

    /// The pairs that a list is to be narrowed to: `metadata[key]=value` in the query.
    static Map<String, String> asked(HttpExchange exchange) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String name : exchange.queryNames()) {
            String value = exchange.query(name);
            if (name.equals("metadata") || (name.startsWith("metadata[") && !name.endsWith("]"))) {
                throw HttpException.invalid(
                        "metadata", "Invalid 'metadata': expected metadata[key]=value");
            }
            if (name.startsWith("metadata[") && value != null) {
                pairs.put(name.substring("metadata[".length(), name.length() - 1), value);
            }
        }
        return pairs;
    }

    /// Whether metadata that are kept hold all these pairs.
    static boolean holds(@Nullable Object kept, Map<String, String> pairs) {
        return pairs.isEmpty()
                || (kept instanceof Map<?, ?> map
                        && pairs.entrySet().stream()
                                .allMatch(pair -> pair.getValue().equals(map.get(pair.getKey()))));
    }
}
