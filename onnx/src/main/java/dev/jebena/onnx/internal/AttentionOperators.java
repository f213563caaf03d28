package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Attention and what tells it positions.
final class AttentionOperators {
    private AttentionOperators() {}

    static void addTo(Operators all) {
        all.many("Attention", AttentionOperators::attention);
        all.like("RotaryEmbedding", AttentionOperators::rotary);
        all.one("ai.onnx.preview:FlexAttention", AttentionOperators::flexible);
    }

    /// `[batch, length, heads * size]` as `[batch, heads, length, size]`.
    static Tensor heads(Call call, Tensor x, int heads) {
        if (x.rank() == 4) {
            return x;
        }
        if (x.rank() != 3 || heads < 1 || x.dim(2) % heads != 0) {
            throw call.problem("%s has no %d heads", x.shape(), heads);
        }
        return x.unflatten(2, heads, x.dim(2) / heads).permute(0, 2, 1, 3);
    }

    /// The opposite of [#heads].
    static Tensor joined(Tensor x) {
        return x.permute(0, 2, 1, 3).flatten(2, 3);
    }

    /// Heads of keys or values, each repeated for the queries that share it.
    static Tensor repeated(Call call, Tensor x, int heads) {
        int own = x.dim(1);
        if (own == heads) {
            return x;
        }
        if (own == 0 || heads % own != 0) {
            throw call.problem("%d heads of queries share %d of keys", heads, own);
        }
        return x.repeatInterleave(1, heads / own);
    }

    private static List<Datum> attention(Call call) {
        Tensor given = call.tensor(0);
        boolean flat = given.rank() == 3;
        Tensor q = heads(call, given, call.number("q_num_heads", 0));
        Tensor k = heads(call, call.tensor(1), call.number("kv_num_heads", 0));
        Tensor v = heads(call, call.tensor(2), call.number("kv_num_heads", 0));
        int past = 0;
        if (call.has(4)) {
            past = call.tensor(4).dim(2);
            k = Tensors.concat(2, call.tensor(4), k);
            v = Tensors.concat(2, call.tensor(5), v);
        }
        double scale = call.real("scale", 1 / Math.sqrt(q.dim(3)));
        Tensor mask = mask(call, q.dim(2), k.dim(2), past);
        double softcap = call.real("softcap", 0);
        Tensor keys = repeated(call, k, q.dim(1));
        Tensor values = repeated(call, v, q.dim(1));
        Tensor y;
        Tensor shown = null;
        if (softcap == 0 && !call.wants(3)) {
            DType working = call.working(0);
            y =
                    q.to(working)
                            .attention(
                                    keys.to(working),
                                    values.to(working),
                                    mask == null ? null : mask.to(working),
                                    false,
                                    scale);
        } else {
            int mode = call.number("qk_matmul_output_mode", 0);
            Tensor scores = wide(call, q).matmul(wide(call, keys).t()).mul(scale);
            Tensor capped = softcap == 0 ? scores : scores.div(softcap).tanh().mul(softcap);
            Tensor masked = mask == null ? capped : capped.add(mask.to(capped.dtype()));
            Tensor weights = masked.softmax(3);
            shown =
                    switch (mode) {
                        case 0 -> scores;
                        case 1 -> capped;
                        case 2 -> masked;
                        case 3 -> weights;
                        default -> throw call.unsupported("qk_matmul_output_mode %d", mode);
                    };
            y = weights.matmul(wide(call, values));
        }
        Datum result = call.like(0, flat ? joined(y) : y);
        return shown == null
                ? List.of(result, call.like(1, k), call.like(2, v))
                : List.of(result, call.like(1, k), call.like(2, v), call.like(0, shown));
    }

    private static Tensor wide(Call call, Tensor x) {
        return x.to(call.working(0));
    }

    /// What is added to scores `[batch, heads, queries, keys]`.
    private static @Nullable Tensor mask(Call call, int queries, int keys, int past) {
        Tensor mask = call.has(3) ? added(call.tensor(3)) : null;
        if (mask != null && mask.dim(-1) < keys && mask.dim(-1) > 1) {
            // Keys behind the end of the mask are padding.
            mask = mask.pad(Double.NEGATIVE_INFINITY, 0, keys - mask.dim(-1));
        }
        Tensor columns = Tensor.arange(keys);
        if (call.has(6)) {
            Tensor lengths = call.tensor(6).reshape(-1, 1, 1, 1);
            mask = both(mask, added(columns.lt(lengths)));
        }
        if (call.flag("is_causal")) {
            Tensor rows = Tensor.arange(queries).unsqueeze(1);
            Tensor seen =
                    call.has(6)
                            // The queries are the last of the keys that are there.
                            ? columns.le(rows.add(call.tensor(6).reshape(-1, 1, 1, 1).sub(queries)))
                            : columns.le(rows.add(past));
            mask = both(mask, added(seen));
        }
        return mask;
    }

    private static Tensor both(@Nullable Tensor a, Tensor b) {
        return a == null ? b : a.add(b.to(a.dtype()));
    }

    /// A mask of booleans as numbers to add.
    static Tensor added(Tensor mask) {
        return mask.dtype() == DType.BOOL
                ? mask.where(Tensor.scalar(0), Tensor.scalar(Double.NEGATIVE_INFINITY))
                : mask;
    }

    private static Datum flexible(Call call) {
        Tensor q = call.tensor(0);
        Tensor k = repeated(call, call.tensor(1), q.dim(1));
        Tensor v = repeated(call, call.tensor(2), q.dim(1));
        double scale = call.real("scale", 1 / Math.sqrt(q.dim(3)));
        Tensor scores = wide(call, q).matmul(wide(call, k).t()).mul(scale);
        Tensor weights = changed(call, "score_mod", scores).softmax(3);
        Tensor kept = changed(call, "prob_mod", weights);
        return call.like(0, kept.matmul(wide(call, v).to(kept.dtype())));
    }

    /// What a graph of the node makes of the scores.
    private static Tensor changed(Call call, String name, Tensor x) {
        if (!call.graphs().containsKey(name)) {
            return x;
        }
        Plan graph = call.graph(name);
        if (graph.run(List.of(Datum.of(x)), call.scope()).getFirst()
                instanceof Datum.Numbers numbers) {
            return numbers.tensor();
        }
        throw call.problem("%s gives no tensor of numbers", name);
    }

    private static Tensor rotary(Call call) {
        Tensor given = call.tensor(0);
        boolean flat = given.rank() == 3;
        Tensor x = heads(call, given, call.number("num_heads", 0));
        Tensor cos = call.tensor(1);
        Tensor sin = call.tensor(2);
        if (call.has(3)) {
            Tensor places = IndexOperators.wrap(call, call.tensor(3), cos.dim(0));
            Shape shape = places.shape().concat(Shape.of(cos.dim(1)));
            cos = cos.indexSelect(0, places.flatten()).reshape(shape);
            sin = sin.indexSelect(0, places.flatten()).reshape(shape);
        }
        int size = call.number("rotary_embedding_dim", 0);
        Tensor y =
                rotated(
                        x,
                        cos.unsqueeze(1),
                        sin.unsqueeze(1),
                        size == 0 ? x.dim(3) : size,
                        call.flag("interleaved"));
        return flat ? joined(y) : y;
    }

    /// Turns the first `size` numbers of each head, in pairs, by angles `[batch, 1, length, size /
    /// 2]`.
    static Tensor rotated(Tensor x, Tensor cos, Tensor sin, int size, boolean interleaved) {
        Tensor part = x.slice(3, 0, size);
        Tensor c = cos.slice(-1, 0, size / 2);
        Tensor s = sin.slice(-1, 0, size / 2);
        Tensor a = interleaved ? part.slice(3, 0, size, 2) : part.slice(3, 0, size / 2);
        Tensor b = interleaved ? part.slice(3, 1, size, 2) : part.slice(3, size / 2, size);
        Tensor real = a.mul(c).sub(b.mul(s));
        Tensor imaginary = a.mul(s).add(b.mul(c));
        Tensor turned =
                interleaved
                        ? Tensors.stack(-1, real, imaginary).flatten(-2, -1)
                        : Tensors.concat(3, real, imaginary);
        return size == x.dim(3) ? turned : Tensors.concat(3, turned, x.slice(3, size, x.dim(3)));
    }
}
