package dev.jebena.base;

import java.time.Duration;

/// Hears of every request when it is done.
@FunctionalInterface
public interface HttpObserver {
    /// @param route pattern that matched, or `other`
    void done(HttpExchange exchange, String route, int status, Duration duration);
}
