package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where a page of results begins. As in MLflow it is sent as Base64 of `{"offset": n}`.
record PageToken(long offset) {
    static PageToken parse(String token) {
        if (token.isEmpty()) {
            return new PageToken(0);
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(token.getBytes(StandardCharsets.UTF_8));
            if (HttpJson.parse(decoded) instanceof Map<?, ?> map
                    && map.get("offset") instanceof Long offset
                    && offset >= 0) {
                return new PageToken(offset);
            }
        } catch (RuntimeException e) {
            throw MlflowError.invalid("Invalid page token, could not base64-decode").causedBy(e);
        }
        throw MlflowError.invalid("Invalid page token, decoded value=" + token);
    }

    String text() {
        byte[] json = HttpJson.bytes(HttpJson.object("offset", offset));
        return Base64.getEncoder().encodeToString(json);
    }

    PageToken plus(long more) {
        return new PageToken(offset + more);
    }

    /// Leaves out of a reply what the caller may not see.
    static Map<String, @Nullable Object> visible(
            Map<String, @Nullable Object> reply, String name, Predicate<Map<?, ?>> readable) {
        if (reply.get(name) instanceof List<?> items) {
            reply.put(
                    name,
                    items.stream()
                            .filter(i -> i instanceof Map<?, ?> m && readable.test(m))
                            .toList());
        }
        return reply;
    }

    /// A reply with at most `most` of the items, and the next token when one more was found.
    Map<String, @Nullable Object> json(
            String name,
            List<Map<String, @Nullable Object>> items,
            long most,
            UnaryOperator<Map<String, @Nullable Object>> each) {
        boolean more = items.size() > most;
        Map<String, @Nullable Object> reply = HttpJson.object();
        if (!items.isEmpty() && most > 0) {
            reply.put(
                    name,
                    (more ? items.subList(0, (int) most) : items).stream().map(each).toList());
        }
        if (more) {
            reply.put("next_page_token", plus(most).text());
        }
        return reply;
    }
}
