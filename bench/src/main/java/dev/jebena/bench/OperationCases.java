package dev.jebena.bench;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Single operations, eager on both sides.
final class OperationCases {
    private static final double BILLION = 1e9;

    private final Map<String, Supplier<Comparison>> cases = new LinkedHashMap<>();

    private OperationCases() {}

    /// By name.
    static Map<String, Supplier<Comparison>> all() {
        OperationCases all = new OperationCases();
        all.products();
        all.convolutions();
        all.attention();
        all.rows();
        return all.cases;
    }

    /// @param operations in billions
    private void add(
            String name,
            double operations,
            String torch,
            Function<Tensor[], Tensor> ours,
            int[]... shapes) {
        cases.put(
                name,
                () -> {
                    Rng rng = Rng.seed(7);
                    Tensor[] inputs = Stream.of(shapes).map(rng::normal).toArray(Tensor[]::new);
                    Libtorch peer = new Libtorch("return [" + torch + "]", false, List.of(inputs));
                    double tolerance = name.contains("bfloat16") ? 2e-2 : 1e-3;
                    Comparison.same(name, ours.apply(inputs), peer, tolerance);
                    return new Comparison(
                            name, operations * BILLION, () -> ours.apply(inputs), peer);
                });
    }

    private static int[] s(int... dims) {
        return dims;
    }

    private void products() {
        for (int n : new int[] {256, 512, 1024, 2048}) {
            add(
                    "gemm " + n,
                    2 * Math.pow(n, 3) / BILLION,
                    "torch.matmul(x[0], x[1])",
                    in -> in[0].matmul(in[1]),
                    s(n, n),
                    s(n, n));
        }
        add(
                "gemm 1024 x 384 by weight 1536 x 384",
                2 * 1024 * 384 * 1536 / BILLION,
                "torch.linear(x[0], x[1], None)",
                in -> in[0].linear(in[1]),
                s(1024, 384),
                s(1536, 384));
        add(
                "gemm transposed 384 x 1024 by 1024 x 1536",
                2 * 1024 * 384 * 1536 / BILLION,
                "torch.matmul(torch.t(x[0]), x[1])",
                in -> in[0].t().matmul(in[1]),
                s(1024, 384),
                s(1024, 1536));
        add(
                "gemm of 96 matrices 128 x 64 x 128",
                96 * 2 * 128 * 64 * 128 / BILLION,
                "torch.matmul(x[0], x[1])",
                in -> in[0].matmul(in[1]),
                s(96, 128, 64),
                s(96, 64, 128));
        add(
                "gemm 1024 in bfloat16, from float32",
                2 * Math.pow(1024, 3) / BILLION,
                "torch.matmul(torch.to(x[0], 15), torch.to(x[1], 15))",
                OperationCases::narrow,
                s(1024, 1024),
                s(1024, 1024));
    }

    /// What is made on the way is given back, as the peer's reference counts do it.
    private static Tensor narrow(Tensor... in) {
        Tensor a = in[0].to(DType.BFLOAT16);
        Tensor b = in[1].to(DType.BFLOAT16);
        Tensor product = a.matmul(b);
        a.release();
        b.release();
        return product;
    }

    private void convolutions() {
        int[][] layers = {{64, 32, 1}, {128, 16, 1}, {256, 8, 1}, {512, 4, 1}, {64, 32, 2}};
        for (int[] layer : layers) {
            int c = layer[0];
            int size = layer[1];
            int stride = layer[2];
            int outputs = stride * c;
            add(
                    "conv 3 x 3, %d to %d channels of %d x %d%s"
                            .formatted(c, outputs, size, size, stride > 1 ? ", stride 2" : ""),
                    2.0 * 16 * outputs * c * 9 * size * size / stride / stride / BILLION,
                    "torch.conv2d(x[0], x[1], None, [%d, %d], [1, 1], [1, 1], 1)"
                            .formatted(stride, stride),
                    in -> in[0].conv(in[1], ConvOptions.defaults().padding(1).stride(stride)),
                    s(16, c, size, size),
                    s(outputs, c, 3, 3));
        }
        add(
                "conv 1 x 1, 256 to 256 channels of 14 x 14",
                2.0 * 16 * 256 * 256 * 196 / BILLION,
                "torch.conv2d(x[0], x[1], None, [1, 1], [0, 0], [1, 1], 1)",
                in -> in[0].conv(in[1], ConvOptions.defaults()),
                s(16, 256, 14, 14),
                s(256, 256, 1, 1));
    }

    private void attention() {
        int[][] sizes = {{4, 6, 256, 64}, {2, 8, 1024, 64}};
        for (int[] size : sizes) {
            double products = 4.0 * size[0] * size[1] * size[2] * size[2] * size[3] / BILLION;
            add(
                    "attention %d x %d heads, %d x %d"
                            .formatted(size[0], size[1], size[2], size[3]),
                    products,
                    "torch.scaled_dot_product_attention(x[0], x[1], x[2])",
                    in -> in[0].attention(in[1], in[2], null, false),
                    size,
                    size,
                    size);
            add(
                    "attention %d x %d heads, %d x %d, causal"
                            .formatted(size[0], size[1], size[2], size[3]),
                    products / 2,
                    "torch.scaled_dot_product_attention(x[0], x[1], x[2], None, 0., True)",
                    in -> in[0].attention(in[1], in[2], null, true),
                    size,
                    size,
                    size);
        }
    }

    private void rows() {
        add(
                "norm of layers, 1024 x 384",
                0,
                "torch.layer_norm(x[0], [384], x[1], x[2])",
                in -> in[0].layerNorm(in[1], in[2], 1e-5),
                s(1024, 384),
                s(384),
                s(384));
        add(
                "norm: softmax, 6144 x 256",
                0,
                "torch.softmax(x[0], -1)",
                in -> in[0].softmax(-1),
                s(6144, 256));
        add("norm: gelu, 1024 x 1536", 0, "torch.gelu(x[0])", in -> in[0].gelu(), s(1024, 1536));
    }
}
