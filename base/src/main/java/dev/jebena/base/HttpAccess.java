package dev.jebena.base;

/// Decides who may come in, in place of API keys alone.
@FunctionalInterface
public interface HttpAccess {
    /// Throws [HttpException] 401 or 403 for a request that is not let in.
    void check(HttpExchange exchange);
}
