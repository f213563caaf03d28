package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Addresses of the next page of a list.
final class Links {
    /// What a list may have been asked with.
    private static final List<String> KEPT =
            List.of(
                    "search",
                    "author",
                    "filter",
                    "tags",
                    "library",
                    "pipeline_tag",
                    "gated",
                    "sort",
                    "direction",
                    "limit",
                    "full",
                    "expand",
                    "config",
                    "cardData",
                    "recursive",
                    "formatted",
                    "path");

    private Links() {}

    /// The request's own address with one parameter changed.
    static String with(HttpExchange exchange, String name, String value) {
        StringBuilder link =
                new StringBuilder(exchange.baseUrl()).append(exchange.path()).append('?');
        for (String kept : KEPT) {
            for (String one : exchange.queryAll(kept)) {
                link.append(kept).append('=').append(encoded(one)).append('&');
            }
        }
        return link.append(name).append('=').append(encoded(value)).toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
