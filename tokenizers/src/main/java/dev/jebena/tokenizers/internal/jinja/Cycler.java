package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The value of `cycler(...)`: goes around its items.
final class Cycler {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
        if (items.isEmpty()) {
            throw new JinjaException("cycler() needs at least one item");
        }
        this.items = items;
    }

    /// The attribute `name`, or null where there is none.
    @Nullable Object attribute(String name) {
        return switch (name) {
            case "current" -> items.get(at);
            case "next" ->
                    (Callable)
                            (arguments, budget) -> {
                                Object item = items.get(at);
                                at = (at + 1) % items.size();
                                return item;
                            };
            case "reset" ->
                    (Callable)
                            (arguments, budget) -> {
                                at = 0;
                                return None.NONE;
                            };
            default -> null;
        };
    }
}
