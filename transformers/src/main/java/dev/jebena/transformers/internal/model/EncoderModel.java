package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// An encoder with a head, or without.
public final class EncoderModel implements TextModel {
    private final Encoder encoder;
    private final @Nullable Head head;

    /// What a head answers for.
    public enum Kind {
        TEXT,
        TOKENS,
        SPANS,
        MASKS
    }

    private EncoderModel(Encoder encoder, @Nullable Head head) {
        this.encoder = encoder;
        this.head = head;
    }

    /// @param kind of the head; null for none
    public static EncoderModel of(ModelConfig config, Checkpoint checkpoint, @Nullable Kind kind) {
        EncoderFamily family = EncoderFamilies.find(config.modelType());
        if (family == null) {
            throw HeadBuilder.unknown(config);
        }
        Encoder encoder = family.build().apply(config, checkpoint.base(family.prefix()));
        Head head =
                kind == null
                        ? null
                        : new HeadBuilder(family, config, checkpoint, encoder).head(kind);
        return new EncoderModel(encoder, head);
    }

    public Encoder encoder() {
        return encoder;
    }

    /// The last hidden states, `[n, width]`. Throws BAD_REQUEST for more tokens than it can read.
    public Tensor states(int[] ids, int[] types) {
        check(ids, encoder.longest(), encoder.words().dim(0));
        return encoder.states(ids, types);
    }

    static void check(int[] ids, int longest, int rows) {
        if (ids.length > longest) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "the text has %d tokens, the model reads at most %d"
                            .formatted(ids.length, longest),
                    "shorten it, or set truncation to true");
        }
        for (int id : ids) {
            if (id >= rows) {
                throw new Problem(
                        Problem.Code.BAD_FILE,
                        "the tokenizer gives token %d, the model has embeddings for %d tokens"
                                .formatted(id, rows),
                        "take the tokenizer's files from the same repository as the weights");
            }
        }
    }

    @Override
    public Tensor logits(int[] ids, int[] types) {
        return head().logits(states(ids, types));
    }

    /// The head's answers for some of the tokens only.
    public Tensor logits(int[] ids, int[] types, int[] places) {
        return head().logits(states(ids, types).index(Tensor.of(places)));
    }

    private Head head() {
        if (head == null) {
            throw new IllegalStateException("the model was loaded without a head");
        }
        return head;
    }

    @Override
    public int longest() {
        return encoder.longest();
    }
}
