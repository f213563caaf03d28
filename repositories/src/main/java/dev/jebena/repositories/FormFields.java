package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a body of type `application/x-www-form-urlencoded`.
final class FormFields {
    private static final int MOST_BYTES = 4 << 20;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private FormFields() {}

    /// Throws status 400 for a body that is no form.
    static FormFields of(HttpExchange exchange) {
        String body = new String(exchange.body(MOST_BYTES), StandardCharsets.UTF_8);
        FormFields form = new FormFields();
        for (String field : body.split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                form.values
                        .computeIfAbsent(
                                decoded(field.substring(0, equals)), _ -> new ArrayList<>())
                        .add(decoded(field.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw HubError.bad("The form is not encoded correctly");
        }
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    @Nullable String first(String name) {
        List<String> found = all(name);
        return found.isEmpty() ? null : found.getFirst();
    }
}
