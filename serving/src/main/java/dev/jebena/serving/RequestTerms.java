package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.llm.Generation;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a request's head says to the engine: who asks, and how long it may take.
final class RequestTerms {
    private static final String TIMEOUT = "X-Request-Timeout";

    private static final Pattern URGENCY = Pattern.compile("(?:^|[,;\\s])u=([0-7])");
    private static final int DEFAULT_URGENCY = 3;

    private RequestTerms() {}

    /// The options with caller and time limit.
    ///
    /// @param serverLimit what no request may exceed; null for no limit
    static Generation apply(
            HttpExchange exchange, Generation options, @Nullable Duration serverLimit) {
        Duration own = timeout(exchange.header(TIMEOUT));
        boolean sooner = own != null && (serverLimit == null || own.compareTo(serverLimit) < 0);
        return options.caller(caller(exchange))
                .timeLimit(sooner ? own : serverLimit)
                .priority(lower(options.priority(), urgency(exchange.header("Priority"))));
    }

    private static int lower(int priority, int by) {
        return (int) Math.min(Integer.MAX_VALUE, (long) priority + by);
    }

    /// How far below others the header `Priority` (RFC 9218) puts a request: `u=7` is the least
    /// urgent, and what says more than the default of 3 means no more here.
    private static int urgency(@Nullable String priority) {
        Matcher found = URGENCY.matcher(priority == null ? "" : priority);
        return found.find() ? Math.max(0, Integer.parseInt(found.group(1)) - DEFAULT_URGENCY) : 0;
    }

    /// Callers with keys are told apart by these, others by their address. Not the key itself,
    /// which has no business in a log of options.
    private static String caller(HttpExchange exchange) {
        String authorization = exchange.header("Authorization");
        String key = authorization == null ? exchange.header("X-API-Key") : authorization;
        return key == null
                ? exchange.remoteAddress()
                : "key-" + Integer.toHexString(key.hashCode());
    }

    private static @Nullable Duration timeout(@Nullable String seconds) {
        if (seconds == null) {
            return null;
        }
        if (!seconds.strip().matches("[0-9]{1,7}([.][0-9]{1,9})?")) {
            throw new HttpException(
                    400,
                    "invalid_value",
                    "Header " + TIMEOUT + " is '" + seconds + "'; expected seconds, as 30 or 2.5");
        }
        return Duration.ofNanos((long) (Double.parseDouble(seconds.strip()) * 1e9));
    }
}
