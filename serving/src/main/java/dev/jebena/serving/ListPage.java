package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Listed;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's lists: `limit`, `order` and `after` of the query, `has_more` of the reply.
final class ListPage {
    private static final int DEFAULT_LIMIT = 20;

    private ListPage() {}

    /// @param most largest `limit`
    static Page of(HttpExchange exchange, int most) {
        return of(exchange, DEFAULT_LIMIT, most);
    }

    /// @param limit where the query has none
    static Page of(HttpExchange exchange, int limit, int most) {
        String order = exchange.query("order");
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw HttpException.invalid(
                    "order", "Invalid 'order': expected asc or desc, found " + order);
        }
        String sent = exchange.query("limit");
        int number = sent == null ? limit : sent.matches("[0-9]{1,6}") ? Integer.parseInt(sent) : 0;
        if (number < 1 || number > most) {
            throw HttpException.invalid(
                    "limit", "Invalid 'limit': expected 1 to " + most + ", found " + sent);
        }
        return new Page(number, !"asc".equals(order), exchange.query("after"));
    }

    /// The reply with a part of a list.
    static Map<String, @Nullable Object> reply(Listed listed) {
        return reply(listed.documents().stream().map(Document::json).toList(), listed.more());
    }

    /// A part of a list that is in memory, oldest first. Throws [HttpException] 404 when there is
    /// no item of the id that `page` goes on from.
    static Map<String, @Nullable Object> reply(
            List<Map<String, @Nullable Object>> items, Page page) {
        List<Map<String, @Nullable Object>> ordered = page.newestFirst() ? items.reversed() : items;
        int from = 0;
        if (page.after() != null) {
            while (from < ordered.size() && !page.after().equals(ordered.get(from).get("id"))) {
                from++;
            }
            if (from++ == ordered.size()) {
                throw new HttpException(404, "not_found", "There is no item '" + page.after() + "'")
                        .param("after");
            }
        }
        int to = Math.min(ordered.size(), from + page.limit());
        return reply(ordered.subList(from, to), to < ordered.size());
    }

    static Map<String, @Nullable Object> reply(
            List<? extends Map<String, ? extends @Nullable Object>> data, boolean more) {
        return HttpJson.object(
                "object",
                "list",
                "data",
                data,
                "first_id",
                data.isEmpty() ? null : data.getFirst().get("id"),
                "last_id",
                data.isEmpty() ? null : data.getLast().get("id"),
                "has_more",
                more);
    }
}
