package dev.jebena.llm.internal.model;

/// The sizes of a transformer, each within bounds that later products cannot overflow.
///
/// @param vocabulary tokens, which are the rows of the embedding table
/// @param width elements of a hidden state
/// @param layers number of blocks
/// @param heads query heads
/// @param kvHeads key/value heads; divides `heads`
/// @param headDim elements of a head
/// @param feedForward inner width of a feed-forward block
/// @param context longest sequence that the model was trained for
/// @param positions longest sequence that this graph can compute
/// @param epsilon of the norms
public record Hyperparameters(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int feedForward,
        int context,
        int positions,
        float epsilon) {
    private static final int MAX_VOCABULARY = 1 << 22;
    private static final int MAX_WIDTH = 1 << 16;

    /// Reads the metadata keys that all families share.
    static Hyperparameters read(Weights weights) {
        int width = weights.integer("embedding_length", 1, MAX_WIDTH);
        int heads = weights.integer("attention.head_count", 1, 1024);
        int kvHeads = weights.integer("attention.head_count_kv", 1, heads, heads);
        int headDim = weights.integer("attention.key_length", 1, 1024, width / heads);
        int valueDim = weights.integer("attention.value_length", 1, 1024, headDim);
        if (headDim < 1 || valueDim != headDim || heads % kvHeads != 0) {
            throw Weights.bad(
                    ("attention does not fit together: embedding_length %d, head_count %d,"
                                    + " head_count_kv %d, key_length %d, value_length %d")
                            .formatted(width, heads, kvHeads, headDim, valueDim));
        }
        return read(weights, heads, kvHeads, headDim);
    }

    /// With heads of keys and values that the metadata does not give so.
    static Hyperparameters read(Weights weights, int kvHeads, int headDim) {
        return read(weights, weights.integer("attention.head_count", 1, 1024), kvHeads, headDim);
    }

    private static Hyperparameters read(Weights weights, int heads, int kvHeads, int headDim) {
        int width = weights.integer("embedding_length", 1, MAX_WIDTH);
        double epsilon =
                weights.number(
                        "attention.layer_norm_rms_epsilon",
                        1,
                        weights.number("attention.layer_norm_epsilon", 1, 1e-5));
        int context = weights.integer("context_length", 1, 1 << 24);
        return new Hyperparameters(
                weights.rows("token_embd.weight", width, MAX_VOCABULARY),
                width,
                weights.integer("block_count", 1, 1024),
                heads,
                kvHeads,
                headDim,
                weights.integer("feed_forward_length", 1, 1 << 20),
                context,
                weights.positions(context),
                (float) epsilon);
    }

    /// Of a family without attention: its one head has no use.
    static Hyperparameters readWithoutAttention(Weights weights) {
        int width = weights.integer("embedding_length", 1, MAX_WIDTH);
        int context = weights.integer("context_length", 1, 1 << 24);
        return new Hyperparameters(
                weights.rows("token_embd.weight", width, MAX_VOCABULARY),
                width,
                weights.integer("block_count", 1, 1024),
                1,
                1,
                1,
                0,
                context,
                weights.positions(context),
                (float) weights.number("attention.layer_norm_rms_epsilon", 1, 1e-5));
    }

    /// Columns of the queries of a row.
    int queryWidth() {
        return heads * headDim;
    }

    /// Columns of the keys, or of the values, of a row.
    int kvWidth() {
        return kvHeads * headDim;
    }
}
