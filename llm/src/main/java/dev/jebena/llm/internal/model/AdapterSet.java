package dev.jebena.llm.internal.model;

import java.util.List;

/// The adapters of one sequence, each with the factor that its request put on it, in the order in
/// which they are added. Sequences with equal sets compute the same keys and values.
public record AdapterSet(List<Use> uses) {
    public static final AdapterSet NONE = new AdapterSet(List.of());

    /// @param scale never 0: such an adapter is left out
    public record Use(Adapter adapter, float scale) {}

    public AdapterSet {
        uses = List.copyOf(uses);
    }

    boolean isEmpty() {
        return uses.isEmpty();
    }
}
