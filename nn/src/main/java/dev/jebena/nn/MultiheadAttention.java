package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Attention in several heads (Vaswani et al. 2017) over `[n, length, width]`.
///
/// State as in PyTorch: `in_proj_weight [3 width, width]` (queries, keys, values), `in_proj_bias`,
/// `out_proj.weight`, `out_proj.bias`; with keys or values of another width `q_proj_weight`,
/// `k_proj_weight`, `v_proj_weight` instead of the first. Masks have PyTorch's meaning: what is
/// true is *not* seen.
public final class MultiheadAttention extends Block implements Layer {
    /// What is seen, beside what there is.
    ///
    /// @param padding booleans `[n, keys]`, true for keys that are not seen; or null
    /// @param mask `[queries, keys]` or `[n * heads, queries, keys]`: booleans, true for what is
    ///   not seen, or numbers to be added; or null
    /// @param causal whether query i sees keys up to i only
    public record Sight(@Nullable Tensor padding, @Nullable Tensor mask, boolean causal) {
        /// Everything.
        public static Sight all() {
            return new Sight(null, null, false);
        }

        /// Nothing that comes later.
        public static Sight past() {
            return new Sight(null, null, true);
        }
    }

    private final int width;
    private final int heads;
    private final double dropout;
    private final Rng rng;
    private final @Nullable Parameter packed;
    private final @Nullable Parameter[] separate = new @Nullable Parameter[3];
    private final @Nullable Parameter bias;
    private final Linear output;

    private MultiheadAttention(
            int width, int heads, double dropout, boolean hasBias, int keys, int values, Rng rng) {
        if (width % NnException.positive("MultiheadAttention: number of heads", heads) != 0) {
            throw NnException.option(
                    "MultiheadAttention: width %d does not divide into %d heads", width, heads);
        }
        this.width = width;
        this.heads = heads;
        this.dropout = NnException.probability("MultiheadAttention: dropout", dropout);
        this.rng = dropout > 0 ? generator(rng) : rng;
        if (keys == width && values == width) {
            Shape all = Shape.of(3 * width, width);
            packed = parameter("in_proj_weight", Init.xavierUniform(all, 1, rng));
        } else {
            packed = null;
            separate[0] = projection("q_proj_weight", width, rng);
            separate[1] = projection("k_proj_weight", keys, rng);
            separate[2] = projection("v_proj_weight", values, rng);
        }
        bias = hasBias ? parameter("in_proj_bias", Init.constant(Shape.of(3 * width), 0)) : null;
        output = part("out_proj", Linear.of(width, width, hasBias, rng));
        if (hasBias) {
            output.parameter("bias").set(Tensor.zeros(width));
        }
    }

    private Parameter projection(String name, int in, Rng rng) {
        return parameter(name, Init.xavierUniform(Shape.of(width, in), 1, rng));
    }

    /// Without dropout, with biases.
    public static MultiheadAttention of(int width, int heads, Rng rng) {
        return new MultiheadAttention(width, heads, 0, true, width, width, rng);
    }

    /// @param dropout probability of dropping weights of attention while training
    public static MultiheadAttention of(
            int width, int heads, double dropout, boolean bias, Rng rng) {
        return new MultiheadAttention(width, heads, dropout, bias, width, width, rng);
    }

    /// Over keys and values of other widths: PyTorch's `kdim` and `vdim`.
    public static MultiheadAttention between(
            int width, int heads, int keyWidth, int valueWidth, Rng rng) {
        return new MultiheadAttention(width, heads, 0, true, keyWidth, valueWidth, rng);
    }

    /// Attention of a sequence to itself.
    @Override
    public Tensor apply(Tensor x) {
        return apply(x, x, x, Sight.all());
    }

    /// `[n, queries, width]` for queries, keys and values.
    public Tensor apply(Tensor query, Tensor key, Tensor value, Sight sight) {
        Tensor q = split(project(query, 0));
        Tensor k = split(project(key, 1));
        Tensor v = split(project(value, 2));
        Tensor hidden = hidden(sight, q, k);
        Tensor heard;
        if (isTraining() && dropout > 0) {
            heard = weights(q, k, hidden).dropout(dropout, rng).to(v.dtype()).matmul(v);
        } else if (sight.causal && hidden == null) {
            heard = q.attention(k, v, null, true);
        } else {
            heard = q.attention(k, v, seen(hidden), false);
        }
        return output.apply(heard.transpose(1, 2).flatten(2, 3));
    }

    /// How much each query attends to each key: `[n, queries, keys]`, the mean of the heads.
    public Tensor weights(Tensor query, Tensor key, Sight sight) {
        Tensor q = split(project(query, 0));
        Tensor k = split(project(key, 1));
        return weights(q, k, hidden(sight, q, k)).mean(1);
    }

    private static Tensor weights(Tensor q, Tensor k, @Nullable Tensor hidden) {
        Tensor scores = Autocast.wide(q.matmul(k.t())).mul(1 / Math.sqrt(q.dim(-1)));
        if (hidden != null) {
            scores =
                    hidden.dtype() == DType.BOOL
                            ? scores.maskedFill(hidden, Double.NEGATIVE_INFINITY)
                            : scores.add(hidden);
        }
        return scores.softmax(-1);
    }

    /// `[n, length, width]` to `[n, heads, length, width / heads]`.
    private Tensor split(Tensor x) {
        return x.unflatten(2, heads, width / heads).transpose(1, 2);
    }

    private Tensor project(Tensor x, int which) {
        if (x.rank() != 3) {
            throw NnException.shape(
                    "MultiheadAttention: input %s; [n, length, width] is needed", x.shape());
        }
        Tensor weight =
                packed == null
                        ? Objects.requireNonNull(separate[which]).value()
                        : packed.value().narrow(0, which * width, width);
        Tensor y = Linear.linear(x, weight, null);
        return bias == null
                ? y
                : y.add(Autocast.narrow(bias.value().narrow(0, which * width, width)));
    }

    /// All masks as one that says what is not seen, or what is added.
    private @Nullable Tensor hidden(Sight sight, Tensor q, Tensor k) {
        int queries = q.dim(2);
        int keys = k.dim(2);
        boolean alone = sight.mask == null && sight.padding == null;
        Tensor all = null;
        if (sight.causal && (!alone || (isTraining() && dropout > 0))) {
            all = Tensor.arange(keys).gt(Tensor.arange(queries).unsqueeze(1));
        }
        if (sight.mask != null) {
            Tensor mask = sight.mask;
            all = join(all, mask.rank() == 3 ? mask.reshape(q.dim(0), heads, queries, keys) : mask);
        }
        if (sight.padding != null) {
            all = join(all, sight.padding.unsqueeze(1).unsqueeze(1));
        }
        return all;
    }

    private static Tensor join(@Nullable Tensor a, Tensor b) {
        if (a == null) {
            return b;
        }
        return a.dtype() == DType.BOOL && b.dtype() == DType.BOOL
                ? a.or(b)
                : added(a).add(added(b));
    }

    private static Tensor added(Tensor mask) {
        return mask.dtype() == DType.BOOL
                ? Tensor.full(mask.shape(), 0, DType.FLOAT32)
                        .maskedFill(mask, Double.NEGATIVE_INFINITY)
                : mask;
    }

    /// [Tensor#attention] wants to know what is seen.
    private static @Nullable Tensor seen(@Nullable Tensor hidden) {
        return hidden == null || hidden.dtype() != DType.BOOL ? hidden : hidden.not();
    }
}
