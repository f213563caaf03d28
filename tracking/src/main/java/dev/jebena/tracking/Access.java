package dev.jebena.tracking;

import dev.jebena.base.HttpExchange;

/// Who may do what.
interface Access {
    /// Throws 401 without valid credentials and PERMISSION_DENIED when they do not suffice.
    void check(HttpExchange exchange, RequestFields fields, Need need);

    /// Whether a search may show an experiment (by id) or a registered model (by name).
    default boolean isReadable(HttpExchange exchange, Need.Thing thing, String name) {
        return true;
    }

    /// Told who made something: they may manage it.
    default void created(HttpExchange exchange, Need.Thing thing, String name) {}

    /// Who calls, for the audit log: an account, or the address.
    default String user(HttpExchange exchange) {
        return exchange.remoteAddress();
    }

    /// Where everybody may do everything.
    static Access open() {
        return (_, _, _) -> {};
    }
}
