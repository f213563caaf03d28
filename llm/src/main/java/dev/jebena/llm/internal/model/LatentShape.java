package dev.jebena.llm.internal.model;

/// Sizes of attention over compressed keys and values (DeepSeek's MLA).
///
/// @param heads query heads
/// @param plain elements of a query head that do not turn
/// @param turning those that do, which all heads' keys share
/// @param rank elements of a token's compressed keys and values
/// @param value elements of a value head
/// @param queryRank elements of a compressed query; 0 where queries are not compressed
record LatentShape(int heads, int plain, int turning, int rank, int value, int queryRank) {
    static LatentShape read(Weights weights) {
        int heads = weights.integer("attention.head_count", 1, 1024);
        int key = weights.integer("attention.key_length", 1, 1 << 12);
        int value = weights.integer("attention.value_length", 1, 1 << 12);
        // Newer files give the lengths of the compressed form under the old names.
        key = weights.integer("attention.key_length_mla", 1, 1 << 12, key);
        value = weights.integer("attention.value_length_mla", 1, 1 << 12, value);
        int turning = weights.integer("rope.dimension_count", 2, key - 1);
        return new LatentShape(
                heads,
                key - turning,
                turning,
                weights.integer("attention.kv_lora_rank", 1, 1 << 12),
                value,
                weights.integer("attention.q_lora_rank", 0, 1 << 16, 0));
    }

    /// Elements of a query head, before it is brought to the compressed keys.
    int query() {
        return plain + turning;
    }

    /// Elements of what the cache keeps of a token.
    int cached() {
        return rank + turning;
    }
}
