package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Attention over compressed keys and values (multi-head latent attention, DeepSeek-AI 2024).
///
/// The cache keeps `[compressed, turned key]` of each token, once for all heads. A head's keys
/// would be `up(compressed)`; instead the transpose of `up` is applied to the query, and the head's
/// values are computed from the weighted sum of what is compressed. So attention itself is that of
/// many query heads over one key head, whose values are its keys.
///
/// @param kvLayer which layer of the cache it uses
/// @param queryDown null where queries are not compressed
/// @param queryNorm norm of compressed queries
/// @param keyDown gives what is compressed and the key that turns
/// @param keyNorm norm of what is compressed
/// @param keyUps of each head, from the plain part of a query to the compressed keys
/// @param valueUps of each head, from what is compressed to values
record LatentAttention(
        int kvLayer,
        @Nullable Linear queryDown,
        @Nullable Norm queryNorm,
        Linear query,
        Linear keyDown,
        Norm keyNorm,
        List<Linear> keyUps,
        List<Linear> valueUps,
        Linear output,
        Rope rope,
        LatentShape sizes,
        AttentionShape shape)
        implements Body {
    @Override
    public void reserve(Scratch.Plan plan) {
        int heads = sizes.heads();
        List.of(query, keyDown, output).forEach(plan::reserveInput);
        if (queryDown != null) {
            plan.reserveInput(queryDown);
            plan.reserve(Scratch.Slot.GATE, queryDown.outputs());
        }
        plan.reserveInputs(keyUps.getFirst(), heads);
        plan.reserveInputs(valueUps.getFirst(), heads);
        plan.reserve(Scratch.Slot.UP, query.outputs());
        plan.reserve(Scratch.Slot.KEYS, sizes.cached());
        plan.reserve(Scratch.Slot.QUERIES, heads * sizes.cached());
        plan.reserve(Scratch.Slot.ATTENDED, heads * sizes.cached());
        plan.reserve(Scratch.Slot.VALUES, heads * sizes.value());
        int widest = Math.max(sizes.rank(), Math.max(sizes.plain(), sizes.value()));
        plan.reserveRows(Scratch.Slot.EXPERT_IN, widest, heads);
        plan.reserveRows(Scratch.Slot.EXPERT_OUT, widest, heads);
    }

    @Override
    public void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        int heads = sizes.heads();
        int cached = sizes.cached();
        FloatMatrix raw = pass.matrix(Scratch.Slot.UP, query.outputs());
        FloatMatrix keys = pass.matrix(Scratch.Slot.KEYS, cached);
        FloatMatrix queries = pass.matrix(Scratch.Slot.QUERIES, heads * cached);
        FloatMatrix attended = pass.matrix(Scratch.Slot.ATTENDED, heads * cached);
        FloatMatrix values = pass.matrix(Scratch.Slot.VALUES, heads * sizes.value());
        project(pass, in, raw, keys);
        pass.eachRow(cached, row -> store(pass, keys, row));
        eachHead(pass, keyUps, raw, sizes.query(), queries, cached);
        pass.eachRow((long) heads * sizes.turning(), row -> turn(pass, raw, queries, row));
        pass.attend(queries, attended, shape, kvLayer);
        eachHead(pass, valueUps, attended, cached, values, sizes.value());
        pass.multiply(values).by(output, out).run(pass);
        pass.addBias(output, out);
    }

    private void project(Pass pass, FloatMatrix in, FloatMatrix raw, FloatMatrix keys) {
        if (queryDown == null) {
            pass.multiply(in).by(query, raw).by(keyDown, keys).run(pass);
        } else {
            FloatMatrix low = pass.matrix(Scratch.Slot.GATE, queryDown.outputs());
            pass.multiply(in).by(queryDown, low).by(keyDown, keys).run(pass);
            pass.addBias(queryDown, low);
            Norm norm = queryNorm;
            if (norm != null) {
                pass.eachRow(low.columns(), row -> norm.apply(pass.kernels(), low, row, low));
            }
            pass.multiply(low).by(query, raw).run(pass);
        }
        pass.addBias(query, raw);
        pass.addBias(keyDown, keys);
    }

    /// Puts what the cache keeps of a row into it.
    private void store(Pass pass, FloatMatrix keys, int row) {
        Kernels kernels = pass.kernels();
        FloatMatrix compressed = keys.columns(0, sizes.rank());
        keyNorm.apply(kernels, compressed, row, compressed);
        FloatMatrix turned = keys.columns(sizes.rank(), sizes.cached());
        rope.apply(kernels, turned, row, 1, sizes.turning(), pass.position(row));
        pass.storeKv(kvLayer, keys, keys, row, shape);
    }

    /// Copies the parts of a row's queries that turn behind the others, and turns them.
    private void turn(Pass pass, FloatMatrix raw, FloatMatrix queries, int row) {
        for (int head = 0; head < sizes.heads(); head++) {
            int from = head * sizes.query() + sizes.plain();
            int to = head * sizes.cached() + sizes.rank();
            FloatMatrix source = raw.columns(from, from + sizes.turning());
            FloatMatrix target = queries.columns(to, to + sizes.turning());
            source.copyRow(row, target, row);
            rope.apply(pass.kernels(), target, row, 1, sizes.turning(), pass.position(row));
        }
    }

    /// Multiplies each head's part of `from` with its own matrix, all in one stage: the parts are
    /// put one under the other, a head's rows together.
    ///
    /// @param fromWidth columns of a head in `from`, whose first are multiplied
    /// @param toWidth columns of a head in `to`, whose first are the results
    private void eachHead(
            Pass pass,
            List<Linear> linears,
            FloatMatrix from,
            int fromWidth,
            FloatMatrix to,
            int toWidth) {
        int rows = pass.rows();
        int inputs = linears.getFirst().inputs();
        int outputs = linears.getFirst().outputs();
        int count = linears.size() * rows;
        FloatMatrix x = pass.matrix(Scratch.Slot.EXPERT_IN, count, inputs);
        FloatMatrix y = pass.matrix(Scratch.Slot.EXPERT_OUT, count, outputs);
        pass.eachOf(
                count,
                inputs,
                at -> {
                    int column = at / rows * fromWidth;
                    from.columns(column, column + inputs).copyRow(at % rows, x, at);
                });
        ProductStage stage = pass.multiply(x, at -> at % rows);
        for (int head = 0; head < linears.size(); head++) {
            stage.by(linears.get(head), y, head * rows, (head + 1) * rows);
        }
        stage.run(pass);
        pass.eachOf(
                count,
                outputs,
                at -> {
                    int column = at / rows * toWidth;
                    y.copyRow(at, to.columns(column, column + outputs), at % rows);
                });
    }
}
