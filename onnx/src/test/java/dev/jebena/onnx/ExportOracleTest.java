package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.formats.OnnxModel;
import dev.jebena.tensor.Compiled;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.PoolOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Functions that are traced and exported give in ONNX Runtime what they give here, eager and
/// compiled.
class ExportOracleTest {
    private final Rng rng = Rng.seed(21);

    private static void same(String what, UnaryOperator<Tensor> function, Tensor x) {
        Graph graph =
                Graph.trace(
                        inputs -> List.of(function.apply(inputs.getFirst())),
                        List.of(new Op.Spec(x.shape(), x.dtype())));
        OnnxModel model = OnnxExport.of(graph, List.of("x"), List.of("y"));
        Tensor expected = function.apply(x);
        Tensor compiled = Compiled.function(function).apply(x);
        assertThat(compiled.toDoubles()).as(what).isEqualTo(expected.toDoubles());
        Tensor read = OnnxProgram.of(model).run(Map.of("x", x)).get("y");
        close(what, Objects.requireNonNull(read), expected);
        try (Peer peer = Peer.of(model)) {
            close(what, Objects.requireNonNull(peer.run(Map.of("x", x)).get("y")), expected);
        }
    }

    private static void close(String what, Tensor actual, Tensor expected) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        assertThat(actual.dtype()).as(what).isEqualTo(expected.dtype());
        assertThat(actual.to(DType.FLOAT64).allClose(expected.to(DType.FLOAT64), 1e-4, 1e-5))
                .as("%s: %s and %s", what, actual, expected)
                .isTrue();
    }

    private Tensor numbers(double low, double high, int... dims) {
        return rng.uniform(Shape.of(dims), DType.FLOAT32).mul(high - low).add(low);
    }

    @Test
    void functionsOfNumbers() {
        Set<Op.UnaryKind> others =
                Set.of(
                        Op.UnaryKind.ERFINV,
                        Op.UnaryKind.LGAMMA,
                        Op.UnaryKind.DIGAMMA,
                        Op.UnaryKind.TRIGAMMA,
                        Op.UnaryKind.NOT);
        for (Op.UnaryKind kind : Op.UnaryKind.values()) {
            if (!others.contains(kind)) {
                boolean above = kind == Op.UnaryKind.ACOSH;
                Tensor x = numbers(above ? 1.1 : 0.05, above ? 9 : 0.95, 3, 7);
                same(kind.name(), v -> new Op.Unary(kind).apply(v).getFirst(), x);
            }
        }
        same(
                "NOT",
                v -> new Op.Unary(Op.UnaryKind.NOT).apply(v.gt(0.5)).getFirst(),
                numbers(0, 1, 9));
        Tensor wide = numbers(-5, 5, 4, 5);
        for (Op.UnaryKind kind :
                new Op.UnaryKind[] {
                    Op.UnaryKind.GELU,
                    Op.UnaryKind.GELU_TANH,
                    Op.UnaryKind.SILU,
                    Op.UnaryKind.SIGN,
                    Op.UnaryKind.FLOOR,
                    Op.UnaryKind.TRUNC,
                    Op.UnaryKind.ROUND,
                    Op.UnaryKind.SOFTPLUS
                }) {
            same(kind.name(), v -> new Op.Unary(kind).apply(v).getFirst(), wide);
        }
    }

    @Test
    void functionsOfTwoNumbers() {
        Tensor b = numbers(0.5, 3, 4, 5);
        for (Op.BinaryKind kind : Op.BinaryKind.values()) {
            switch (kind) {
                case ATAN2 -> {}
                case AND, OR, XOR ->
                        same(
                                kind.name(),
                                v -> new Op.Binary(kind).apply(v.gt(0.5), b.gt(1)).getFirst(),
                                numbers(0, 1, 4, 5));
                case SHIFT_LEFT, SHIFT_RIGHT -> {
                    Tensor by = b.to(DType.UINT8);
                    same(
                            kind.name(),
                            v -> new Op.Binary(kind).apply(v.to(DType.UINT8), by).getFirst(),
                            numbers(0, 60, 4, 5));
                }
                case POW ->
                        same(
                                kind.name(),
                                v -> new Op.Binary(kind).apply(v, b).getFirst(),
                                numbers(0.1, 3, 4, 5));
                default ->
                        same(
                                kind.name(),
                                v -> new Op.Binary(kind).apply(v, b).getFirst(),
                                numbers(-5, 5, 4, 5));
            }
        }
        for (Op.CompareKind kind : Op.CompareKind.values()) {
            same(
                    kind.name(),
                    v -> new Op.Compare(kind).apply(v.round(), b.round()).getFirst(),
                    numbers(0, 3, 4, 5));
        }
    }

    @Test
    void reductionsAndIndices() {
        Tensor x = numbers(-2, 2, 3, 4, 5);
        same("sum", v -> v.sum(1), x);
        same("prod", v -> v.prod(2), x);
        same("max", v -> v.max(0), x);
        same("min", v -> v.min(2), x);
        same("any", v -> v.gt(1).any(1), x);
        same("all", v -> v.gt(-1).all(1), x);
        same("argmax", v -> v.argmax(1), x);
        same("argmin", v -> v.argmin(2), x);
        same("cumsum", v -> v.cumsum(1), x);
        same("sort", v -> v.sort(2, true).values(), x);
        same("topk", v -> v.topk(2).values(), x);
        Tensor index = Tensor.of(new long[] {2, 0, 1, 1, 0, 2, 2, 2, 1, 0}, 1, 2, 5);
        same("gather", v -> v.gather(1, index), x);
        same("scatter", v -> v.scatter(1, index, Tensor.ones(1, 2, 5)), x);
        same("scatterAdd", v -> v.scatterAdd(1, index, Tensor.ones(1, 2, 5)), x);
        same("indexSelect", v -> v.indexSelect(1, Tensor.of(new long[] {3, 1}, 2)), x);
        same("where", v -> v.gt(0.0).where(v, v.mul(2)), x);
        same("clamp", v -> v.clamp(-1, 0.5), x);
        same("concat", v -> Tensors.concat(1, v, v.neg()), x);
        same("pad", v -> v.pad(1.5, 1, 2, 0, 3), x);
        same("flip", v -> v.flip(1), x);
        same("unfold", v -> v.unfold(1, 3, 1), x);
        same("slice", v -> v.slice(2, 0, 5, 2).t(), x);
        same("expand", v -> v.slice(1, 0, 1).expand(Shape.of(3, 4, 5)), x);
    }

    @Test
    void imageNetwork() {
        Tensor first = rng.normal(8, 3, 3, 3).mul(0.3);
        Tensor second = rng.normal(8, 1, 3, 3).mul(0.3);
        Tensor last = rng.normal(10, 8).mul(0.3);
        Tensor back = rng.normal(8, 4, 2, 2).mul(0.3);
        UnaryOperator<Tensor> features =
                v ->
                        v.conv(first, ConvOptions.defaults().stride(2).padding(1))
                                .standardize(3, 1e-5)
                                .relu()
                                .conv(second, ConvOptions.defaults().padding(1).groups(8));
        same(
                "classifier",
                v -> features.apply(v).mean(2, 3).linear(last).softmax(-1),
                numbers(-1, 1, 2, 3, 16, 16));
        same(
                "pooling",
                v -> {
                    Tensor y = features.apply(v);
                    return y.maxPool(PoolOptions.of(2).stride(2))
                            .add(y.avgPool(PoolOptions.of(2).stride(2)));
                },
                numbers(-1, 1, 2, 3, 16, 16));
        same(
                "upwards",
                v -> features.apply(v).convTranspose(back, ConvOptions.defaults().stride(2)),
                numbers(-1, 1, 2, 3, 8, 8));
    }

    @Test
    void perceptron() {
        Tensor a = rng.normal(32, 12).mul(0.3);
        Tensor b = rng.normal(5, 32).mul(0.3);
        Tensor bias = rng.normal(32);
        same(
                "perceptron",
                v -> v.linear(a, bias).gelu().linear(b).logSoftmax(-1),
                numbers(-1, 1, 7, 12));
    }

    @Test
    void transformerBlock() {
        Tensor qkv = rng.normal(96, 32).mul(0.2);
        Tensor out = rng.normal(32, 32).mul(0.2);
        Tensor up = rng.normal(128, 32).mul(0.2);
        Tensor down = rng.normal(32, 128).mul(0.2);
        Tensor ones = Tensor.ones(32);
        Tensor zeros = Tensor.zeros(32);
        same(
                "block",
                v -> {
                    Tensor all = v.layerNorm(ones, zeros, 1e-5).linear(qkv);
                    List<Tensor> heads = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                        heads.add(
                                all.slice(2, 32 * i, 32 * i + 32)
                                        .reshape(2, 9, 4, 8)
                                        .transpose(1, 2));
                    }
                    Tensor mixed =
                            heads.get(0)
                                    .attention(heads.get(1), heads.get(2), null, true)
                                    .transpose(1, 2)
                                    .reshape(2, 9, 32);
                    Tensor x = v.add(mixed.linear(out));
                    return x.add(x.layerNorm(ones, zeros, 1e-5).linear(up).geluTanh().linear(down));
                },
                numbers(-1, 1, 2, 9, 32));
    }

    @Test
    void recurrentNetwork() {
        Tensor input = rng.normal(24, 5).mul(0.4);
        Tensor state = rng.normal(24, 6).mul(0.4);
        same(
                "lstm",
                v -> {
                    Tensor h = Tensor.zeros(3, 6);
                    Tensor c = Tensor.zeros(3, 6);
                    for (int t = 0; t < 4; t++) {
                        Tensor gates = v.select(0, t).linear(input).add(h.linear(state));
                        Tensor in = gates.slice(1, 0, 6).sigmoid();
                        Tensor forget = gates.slice(1, 6, 12).sigmoid();
                        Tensor out = gates.slice(1, 18, 24).sigmoid();
                        c = forget.mul(c).add(in.mul(gates.slice(1, 12, 18).tanh()));
                        h = out.mul(c.tanh());
                    }
                    return h;
                },
                numbers(-1, 1, 4, 3, 5));
    }

    @Test
    void wideProducts() {
        Tensor weight = rng.normal(16, 8).to(DType.BFLOAT16);
        same("bfloat16", v -> v.to(DType.BFLOAT16).wideMatmul(weight), numbers(-1, 1, 4, 16));
        Tensor bytes = rng.randint(-128, 128, 16, 8).to(DType.INT8);
        Tensor start = rng.randint(-9, 9, 8).to(DType.INT32);
        same("bytes", v -> v.to(DType.UINT8).wideMatmul(bytes, start), numbers(0, 255, 4, 16));
    }
}
