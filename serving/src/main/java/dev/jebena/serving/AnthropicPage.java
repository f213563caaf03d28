package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Anthropic's lists: `limit` and `after_id` of the query, newest first.
final class AnthropicPage {
    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST = 1000;

    private AnthropicPage() {}

    /// The `limit` of the query, checked.
    static int limit(HttpExchange exchange) {
        String text = exchange.query("limit");
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > LARGEST) {
            throw HttpException.invalid("limit", "limit: expected a number from 1 to " + LARGEST);
        }
        return limit;
    }

    static Page of(HttpExchange exchange) {
        String before = exchange.query("before_id");
        return before == null
                ? new Page(limit(exchange), true, exchange.query("after_id"))
                : new Page(limit(exchange), false, before);
    }

    static Map<String, @Nullable Object> reply(
            List<Map<String, @Nullable Object>> data, boolean more) {
        return HttpJson.object(
                "data",
                data,
                "has_more",
                more,
                "first_id",
                data.isEmpty() ? null : data.getFirst().get("id"),
                "last_id",
                data.isEmpty() ? null : data.getLast().get("id"));
    }
}
