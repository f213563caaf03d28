package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Attention as ONNX Runtime's optimizer and model builder write it.
final class ContribAttention {
    private ContribAttention() {}

    static void addTo(Operators all) {
        all.many(Operators.MICROSOFT + "Attention", ContribAttention::packed);
        all.many(Operators.MICROSOFT + "MultiHeadAttention", ContribAttention::separate);
        all.many(Operators.MICROSOFT + "GroupQueryAttention", ContribAttention::grouped);
        all.like(Operators.MICROSOFT + "RotaryEmbedding", ContribAttention::rotary);
    }

    /// Input, weight and bias of queries, keys and values side by side; then a mask, past keys and
    /// values as one tensor, and what is added to the scores.
    private static List<Datum> packed(Call call) {
        int heads = call.number("num_heads", 1);
        Tensor x = call.tensor(0);
        Tensor all = x.matmul(call.tensor(1));
        if (call.has(2)) {
            all = all.add(call.tensor(2));
        }
        int[] sizes = call.numbers("qkv_hidden_sizes");
        if (sizes.length == 0) {
            int each = all.dim(2) / 3;
            sizes = new int[] {each, each, each};
        }
        Tensor[] parts = all.split(2, sizes);
        Tensor q = AttentionOperators.heads(call, parts[0], heads);
        Tensor k = AttentionOperators.heads(call, parts[1], heads);
        Tensor v = AttentionOperators.heads(call, parts[2], heads);
        int past = 0;
        if (call.has(4)) {
            past = call.tensor(4).dim(3);
            k = Tensors.concat(2, call.tensor(4).select(0, 0), k);
            v = Tensors.concat(2, call.tensor(4).select(0, 1), v);
        }
        Tensor mask = mask(call, call.optional(3), q, k);
        if (call.has(5)) {
            mask = plus(mask, call.tensor(5));
        }
        Tensor y = attend(call, q, k, v, mask, call.flag("unidirectional"), past);
        return List.of(
                call.like(0, AttentionOperators.joined(y)), call.like(0, Tensors.stack(0, k, v)));
    }

    /// Queries, keys, values; then bias, mask, what is added, past keys and values.
    private static List<Datum> separate(Call call) {
        int heads = call.number("num_heads", 1);
        Tensor q = call.tensor(0);
        if (!call.has(1) || q.rank() == 5) {
            throw call.unsupported("queries, keys and values in one tensor");
        }
        Tensor k = call.tensor(1);
        Tensor v = call.tensor(2);
        if (call.has(3)) {
            int width = q.dim(2);
            Tensor bias = call.tensor(3);
            q = q.add(bias.slice(0, 0, width));
            if (k.rank() == 3) {
                k = k.add(bias.slice(0, width, width + k.dim(2)));
                v = v.add(bias.slice(0, width + k.dim(2), bias.dim(0)));
            }
        }
        Tensor queries = AttentionOperators.heads(call, q, heads);
        Tensor keys = AttentionOperators.heads(call, k, heads);
        Tensor values = AttentionOperators.heads(call, v, heads);
        int past = 0;
        if (call.has(6)) {
            past = call.tensor(6).dim(2);
            keys = Tensors.concat(2, call.tensor(6), keys);
            values = Tensors.concat(2, call.tensor(7), values);
        }
        Tensor mask = mask(call, call.optional(4), queries, keys);
        if (call.has(5)) {
            mask = plus(mask, call.tensor(5));
        }
        Tensor y = attend(call, queries, keys, values, mask, call.flag("unidirectional"), past);
        return List.of(
                call.like(0, AttentionOperators.joined(y)),
                call.like(0, keys),
                call.like(0, values));
    }

    /// Queries, keys and values (or all in the first), past keys and values of some length each,
    /// and tables of angles; always causal.
    private static List<Datum> grouped(Call call) {
        int heads = call.number("num_heads", 1);
        int shared = call.number("kv_num_heads", heads);
        if (call.integer("local_window_size", -1) > 0 || call.real("softcap", 0) != 0) {
            throw call.unsupported("windows and soft caps");
        }
        Tensor q = call.tensor(0);
        Tensor k = call.optional(1);
        Tensor v = call.optional(2);
        if (k == null || v == null) {
            int size = q.dim(2) / (heads + 2 * shared);
            Tensor[] parts = q.split(2, heads * size, shared * size, shared * size);
            q = parts[0];
            k = parts[1];
            v = parts[2];
        }
        Tensor queries = AttentionOperators.heads(call, q, heads);
        Tensor keys = AttentionOperators.heads(call, k, shared);
        Tensor values = AttentionOperators.heads(call, v, shared);
        long[] lengths = call.longs(5);
        for (long length : lengths) {
            if (length != lengths[0]) {
                throw call.unsupported("sequences of different lengths in a batch");
            }
        }
        // The input holds the length of all keys less one.
        int past = Math.toIntExact(lengths[0] + 1 - keys.dim(2));
        if (call.flag("do_rotary")) {
            boolean interleaved = call.flag("rotary_interleaved");
            Tensor cos = call.tensor(7).narrow(0, past, keys.dim(2)).unsqueeze(0).unsqueeze(0);
            Tensor sin = call.tensor(8).narrow(0, past, keys.dim(2)).unsqueeze(0).unsqueeze(0);
            int size = 2 * cos.dim(3);
            queries = AttentionOperators.rotated(queries, cos, sin, size, interleaved);
            keys = AttentionOperators.rotated(keys, cos, sin, size, interleaved);
        }
        if (call.has(3) && past > 0) {
            keys = Tensors.concat(2, call.tensor(3).slice(2, 0, past), keys);
            values = Tensors.concat(2, call.tensor(4).slice(2, 0, past), values);
        }
        Tensor y =
                attend(
                        call,
                        queries,
                        AttentionOperators.repeated(call, keys, heads),
                        AttentionOperators.repeated(call, values, heads),
                        null,
                        true,
                        past);
        return List.of(
                call.like(0, AttentionOperators.joined(y)),
                call.like(0, keys),
                call.like(0, values));
    }

    private static Tensor plus(@Nullable Tensor mask, Tensor more) {
        return mask == null ? more : mask.add(more.to(mask.dtype()));
    }

    /// A mask of integers (1 takes part) of shape `[batch]` (lengths), `[batch, keys]`, `[batch,
    /// queries, keys]` or `[batch, 1, ...]`, as numbers to add.
    private static @Nullable Tensor mask(Call call, @Nullable Tensor given, Tensor q, Tensor k) {
        if (given == null) {
            return null;
        }
        Tensor kept =
                switch (given.rank()) {
                    case 1 -> {
                        if (given.dim(0) != q.dim(0)) {
                            throw call.unsupported("a mask of begins and ends");
                        }
                        yield Tensor.arange(k.dim(2)).lt(given.reshape(-1, 1, 1, 1));
                    }
                    case 2 -> given.unsqueeze(1).unsqueeze(1).ne(0.0);
                    case 3 -> given.unsqueeze(1).ne(0.0);
                    default -> given.ne(0.0);
                };
        double away = call.real("mask_filter_value", -10000);
        return kept.where(Tensor.scalar(0), Tensor.scalar(away));
    }

    private static Tensor attend(
            Call call,
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor given,
            boolean causal,
            int past) {
        DType working = call.working(0);
        Tensor mask = given;
        if (causal) {
            Tensor rows = Tensor.arange(q.dim(2)).add(past).unsqueeze(1);
            mask = plus(mask, AttentionOperators.added(Tensor.arange(k.dim(2)).le(rows)));
        }
        double scale = call.real("scale", 0);
        return q.to(working)
                .attention(
                        k.to(working),
                        v.to(working),
                        mask == null ? null : mask.to(working),
                        false,
                        scale == 0 ? 1 / Math.sqrt(q.dim(3)) : scale);
    }

    /// Positions are given as a begin, or one for each word.
    private static Tensor rotary(Call call) {
        Tensor given = call.tensor(0);
        Tensor table = call.tensor(2);
        int size = call.number("rotary_embedding_dim", 0);
        int width = size > 0 ? size : 2 * table.dim(1);
        int heads = call.number("num_heads", 0);
        if (heads == 0 && given.rank() == 3) {
            heads = given.dim(2) / width;
        }
        Tensor x = AttentionOperators.heads(call, given, heads);
        Tensor places = call.tensor(1).to(DType.INT64);
        if (places.rank() == 1) {
            places = Tensor.arange(x.dim(2)).add((double) places.itemLong()).unsqueeze(0);
        }
        Tensor index = IndexOperators.wrap(call, places, table.dim(0));
        Shape shape = index.shape().concat(Shape.of(table.dim(1)));
        Tensor cos = table.indexSelect(0, index.flatten()).reshape(shape).unsqueeze(1);
        Tensor sin = call.tensor(3).indexSelect(0, index.flatten()).reshape(shape).unsqueeze(1);
        Tensor y = AttentionOperators.rotated(x, cos, sin, width, call.flag("interleaved"));
        return given.rank() == 3 ? AttentionOperators.joined(y) : y;
    }
}
