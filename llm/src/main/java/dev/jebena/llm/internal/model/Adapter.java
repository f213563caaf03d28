package dev.jebena.llm.internal.model;

import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A low-rank adapter (LoRA) of one model: what it adds to which tensors. Never merged into the
/// weights, so that sequences with different adapters are computed together.
///
/// Two adapters are the same only if they are one object.
public final class Adapter {
    private static final long MAX_RANK = 1 << 14;

    private final Map<String, LowRank> changes;

    private Adapter(Map<String, LowRank> changes) {
        this.changes = Map.copyOf(changes);
    }

    /// The two halves for one tensor as a file has them.
    ///
    /// @param inward `A`, null where the file lacks it
    /// @param outward `B`
    /// @param scale on their product
    public record Pair(
            @Nullable StoredTensor inward, @Nullable StoredTensor outward, float scale) {}

    /// An adapter of these halves, by the name of the tensor that they change. Their memory must
    /// stay. Throws BAD_REQUEST that names the first tensor that does not fit the model.
    public static Adapter of(Map<String, Pair> pairs, Weights model) {
        Map<String, LowRank> changes = new TreeMap<>();
        if (pairs.isEmpty()) {
            throw bad("the adapter has no tensors that end in .lora_a and .lora_b");
        }
        new TreeMap<>(pairs)
                .forEach((tensor, pair) -> changes.put(tensor, change(tensor, pair, model)));
        return new Adapter(changes);
    }

    private static LowRank change(String tensor, Pair pair, Weights model) {
        StoredTensor inward = pair.inward();
        StoredTensor outward = pair.outward();
        if (inward == null || outward == null) {
            throw bad(
                    "the adapter changes tensor %s, but lacks its %s half"
                            .formatted(tensor, inward == null ? "A" : "B"));
        }
        AdapterTarget target = model.adaptable().get(tensor);
        if (target == null) {
            throw bad(
                    (model.has(tensor)
                                    ? "the adapter changes tensor %s, which is no matrix that rows are"
                                            + " multiplied with"
                                    : "the adapter changes tensor %s, which the model does not have;"
                                            + " it was made for another model")
                            .formatted(tensor));
        }
        long rank = outward.shape().isEmpty() ? 0 : outward.shape().getLast();
        if (rank < 1 || rank > MAX_RANK) {
            throw bad(
                    "the adapter's rank for tensor %s is %d; expected 1 to %d"
                            .formatted(tensor, rank, MAX_RANK));
        }
        expectShape(tensor, "A", inward, target.inward(rank));
        expectShape(tensor, "B", outward, target.outward(rank));
        if (!Float.isFinite(pair.scale())) {
            throw bad("the adapter's scale for tensor %s is %s".formatted(tensor, pair.scale()));
        }
        try {
            return new LowRank(inward.matrix(), outward.matrix(), target.matrices(), pair.scale());
        } catch (IllegalArgumentException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the adapter's halves for tensor %s: %s".formatted(tensor, e.getMessage()),
                    e);
        }
    }

    private static void expectShape(
            String tensor, String half, StoredTensor stored, List<Long> expected) {
        if (!stored.shape().equals(expected)) {
            throw bad(
                    "the adapter's %s for tensor %s has shape %s; this model needs %s; it was made for another model"
                            .formatted(half, tensor, stored.shape(), expected));
        }
    }

    private static LlmException bad(String message) {
        return new LlmException(LlmException.Code.BAD_REQUEST, message);
    }

    /// What it adds to a tensor; null for nothing.
    @Nullable LowRank change(String tensor) {
        return changes.get(tensor);
    }

    /// Number of tensors that it changes.
    public int size() {
        return changes.size();
    }
}
