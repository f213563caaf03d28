package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of a graph while it runs, and those of the graph around it.
final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Datum> data = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    @Nullable Datum find(String name) {
        Datum own = data.get(name);
        return own != null || outer == null ? own : outer.find(name);
    }

    void put(String name, Datum datum) {
        data.put(name, datum);
    }

    /// Frees what nobody uses any more.
    void drop(String name) {
        data.remove(name);
    }
}
