package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Multi-head attention over the pages of the key/value cache.
///
/// @param kvLayer which layer of the cache it uses
/// @param queryNorm norm of the queries, in families that have it
/// @param keyNorm norm of the keys
/// @param rope rotation of queries and keys; null in families with learned positions
record Attention(
        int kvLayer,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        @Nullable HeadNorm queryNorm,
        @Nullable HeadNorm keyNorm,
        @Nullable Rope rope,
        AttentionShape shape)
        implements Body {
    @Override
    public void reserve(Scratch.Plan plan) {
        List.of(query, key, value, output).forEach(plan::reserveInput);
        plan.reserve(Scratch.Slot.QUERIES, query.outputs());
        plan.reserve(Scratch.Slot.KEYS, key.outputs());
        plan.reserve(Scratch.Slot.VALUES, value.outputs());
        plan.reserve(Scratch.Slot.ATTENDED, query.outputs());
    }

    @Override
    public void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        FloatMatrix q = pass.matrix(Scratch.Slot.QUERIES, query.outputs());
        FloatMatrix k = pass.matrix(Scratch.Slot.KEYS, key.outputs());
        FloatMatrix v = pass.matrix(Scratch.Slot.VALUES, value.outputs());
        FloatMatrix attended = pass.matrix(Scratch.Slot.ATTENDED, query.outputs());
        pass.multiply(in).by(query, q).by(key, k).by(value, v).run(pass);
        pass.eachRow(query.outputs() + 2 * key.outputs(), row -> prepare(pass, q, k, v, row));
        pass.attend(q, attended, shape, kvLayer);
        pass.multiply(attended).by(output, out).run(pass);
        pass.addBias(output, out);
    }

    /// Makes a row's queries, keys and values ready, and puts the latter two into the cache.
    private void prepare(Pass pass, FloatMatrix q, FloatMatrix k, FloatMatrix v, int row) {
        Kernels kernels = pass.kernels();
        addBias(kernels, q, row, query);
        addBias(kernels, k, row, key);
        addBias(kernels, v, row, value);
        if (queryNorm != null) {
            queryNorm.apply(kernels, q, row, q.columns());
        }
        if (keyNorm != null) {
            keyNorm.apply(kernels, k, row, k.columns());
        }
        if (rope != null) {
            int position = pass.position(row);
            rope.apply(kernels, q, row, shape.heads(), shape.headDim(), position);
            rope.apply(kernels, k, row, shape.kvHeads(), shape.headDim(), position);
        }
        pass.storeKv(kvLayer, k, v, row, shape);
    }

    private static void addBias(Kernels kernels, FloatMatrix x, int row, Linear linear) {
        if (linear.bias() != null) {
            kernels.add(x, row, linear.bias(), 0);
        }
    }
}
