package dev.jebena.nn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Layers of transformers equal their formulas in libtorch's operators: value, first and second
/// derivatives.
class TransformerOracleTest {
    private static final int WIDTH = 6;
    private static final int ENCODER_PARAMETERS = 12;
    private static final int DECODER_PARAMETERS = 18;
    private final Rng rng = Rng.seed(7);

    private static TransformerOptions options(boolean normFirst) {
        return TransformerOptions.of(WIDTH, 2)
                .feedForward(5)
                .dropout(0)
                .activation(Activation.GELU)
                .normFirst(normFirst);
    }

    /// Sets `to` to the attention of `query` to `keys`, by the four parameters from `first` on.
    private static String attend(String to, String query, String keys, int first, boolean past) {
        StringBuilder s = new StringBuilder();
        String[] parts = {query, keys, keys};
        for (int i = 0; i < 3; i++) {
            s.append(
                    "_%1$d = torch.transpose(torch.unflatten(torch.linear(%2$s, torch.slice(p%3$d, 0, %5$d, %6$d, 1), torch.slice(p%4$d, 0, %5$d, %6$d, 1)), 2, [2, 3]), 1, 2)\n"
                            .formatted(i, parts[i], first, first + 1, i * WIDTH, (i + 1) * WIDTH));
        }
        s.append(
                "_s = torch.div(torch.matmul(_0, torch.transpose(_1, -2, -1)), 1.7320508075688772)\n");
        if (past) {
            s.append(
                    "_s = torch.masked_fill(_s, torch.triu(torch.ones([5, 5], dtype=11), 1), -1000000.)\n");
        }
        s.append("_o = torch.matmul(torch.softmax(_s, -1), _2)\n");
        s.append(
                "%s = torch.linear(torch.flatten(torch.transpose(_o, 1, 2), 2, 3), p%d, p%d)\n"
                        .formatted(to, first + 2, first + 3));
        return s.toString();
    }

    private static String norm(String to, String from, int first) {
        return "%s = torch.layer_norm(%s, [6], p%d, p%d, 1.0000000000000001e-05)\n"
                .formatted(to, from, first, first + 1);
    }

    private static String feed(String to, String from, int first) {
        return "%s = torch.linear(torch.gelu(torch.linear(%s, p%d, p%d)), p%d, p%d)\n"
                .formatted(to, from, first, first + 1, first + 2, first + 3);
    }

    private static String sum(String to, String a, String b) {
        return "%s = torch.add(%s, %s)\n".formatted(to, a, b);
    }

    /// Sets `to` to an encoder layer's value of `x`, with the parameters from `p` on.
    private static String encoder(boolean normFirst, String to, String x, int p) {
        return normFirst
                ? norm("_n", x, p + 8)
                        + attend("_a", "_n", "_n", p, false)
                        + sum("_y", x, "_a")
                        + norm("_m", "_y", p + 10)
                        + feed("_f", "_m", p + 4)
                        + sum(to, "_y", "_f")
                : attend("_a", x, x, p, false)
                        + sum("_b", x, "_a")
                        + norm("_y", "_b", p + 8)
                        + feed("_f", "_y", p + 4)
                        + sum("_c", "_y", "_f")
                        + norm(to, "_c", p + 10);
    }

    /// Sets `to` to a decoder layer's value of `x` and `memory`, with the parameters from `p` on.
    private static String decoder(boolean normFirst, String to, String x, String memory, int p) {
        return normFirst
                ? norm("_n", x, p + 12)
                        + attend("_a", "_n", "_n", p, true)
                        + sum("_y", x, "_a")
                        + norm("_m", "_y", p + 14)
                        + attend("_b", "_m", memory, p + 4, false)
                        + sum("_z", "_y", "_b")
                        + norm("_l", "_z", p + 16)
                        + feed("_f", "_l", p + 8)
                        + sum(to, "_z", "_f")
                : attend("_a", x, x, p, true)
                        + sum("_b", x, "_a")
                        + norm("_y", "_b", p + 12)
                        + attend("_c", "_y", memory, p + 4, false)
                        + sum("_d", "_y", "_c")
                        + norm("_z", "_d", p + 14)
                        + feed("_f", "_z", p + 8)
                        + sum("_e", "_z", "_f")
                        + norm(to, "_e", p + 16);
    }

    /// Two layers of each kind, and the norm after them.
    private static String transformer(boolean normFirst) {
        int decoder = 2 * ENCODER_PARAMETERS + 2;
        return encoder(normFirst, "_e0", "a0", 0)
                + encoder(normFirst, "_e1", "_e0", ENCODER_PARAMETERS)
                + norm("_memory", "_e1", 2 * ENCODER_PARAMETERS)
                + decoder(normFirst, "_d0", "a1", "_memory", decoder)
                + decoder(normFirst, "_d1", "_d0", "_memory", decoder + DECODER_PARAMETERS)
                + norm("y", "_d1", decoder + 2 * DECODER_PARAMETERS);
    }

    @TestFactory
    Stream<DynamicTest> layers() {
        assumeTrue(Torch.isAvailable(), "libtorch does not run here");
        List<TorchCase> all = new ArrayList<>();
        for (boolean first : new boolean[] {false, true}) {
            TransformerEncoderLayer encoder = TransformerEncoderLayer.of(options(first), rng);
            all.add(
                    TorchCase.of(
                            "encoder layer, norm first " + first,
                            encoder(first, "y", "a0", 0),
                            encoder,
                            in -> encoder.apply(in[0]),
                            rng.normal(2, 5, WIDTH)));
            TransformerDecoderLayer decoder = TransformerDecoderLayer.of(options(first), rng);
            all.add(
                    TorchCase.of(
                            "decoder layer, norm first " + first,
                            decoder(first, "y", "a0", "a1", 0),
                            decoder,
                            in -> decoder.apply(in[0], in[1], Sight.past(), Sight.all()),
                            rng.normal(2, 5, WIDTH),
                            rng.normal(2, 4, WIDTH)));
            Transformer whole = Transformer.of(options(first), 2, 2, rng);
            all.add(
                    TorchCase.of(
                            "transformer, norm first " + first,
                            transformer(first),
                            whole,
                            in -> whole.apply(in[0], in[1]),
                            rng.normal(2, 4, WIDTH),
                            rng.normal(2, 5, WIDTH)));
        }
        return all.stream().map(c -> DynamicTest.dynamicTest(c.name(), c::check));
    }

    /// Blocks with random sizes, some of them without any example.
    @TestFactory
    Stream<DynamicTest> randomShapes() {
        assumeTrue(Torch.isAvailable(), "libtorch does not run here");
        List<TorchCase> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int n = i == 0 ? 0 : size(4);
            int c = size(4);
            int out = size(4);
            int h = size(5) + 2;
            int w = size(5) + 2;
            int stride = size(2);
            String window = "[%1$d, %1$d], [1, 1], ".formatted(stride);
            add(all, "torch.linear(a0, p0, p1)", Linear.of(w, out, rng), rng.normal(n, h, w));
            add(
                    all,
                    "torch.conv2d(a0, p0, p1, " + window + "[1, 1], 1)",
                    Conv.of(c, out, Shape.of(3, 2), window(stride), rng),
                    rng.normal(n, c, h, w));
            add(
                    all,
                    "torch.conv_transpose2d(a0, p0, p1, " + window + "[0, 0], 1, [1, 1])",
                    ConvTranspose.of(c, out, Shape.of(3, 3), window(stride), rng),
                    rng.normal(n, c, h, w));
            add(
                    all,
                    "torch.layer_norm(a0, [%d, %d], p0, p1, 1.0000000000000001e-05)"
                            .formatted(h, w),
                    LayerNorm.of(h, w),
                    rng.normal(n, h, w));
            add(all, "torch.prelu(a0, p0)", PRelu.of(c, 0.3), rng.normal(n, c, h));
            if (n > 0) {
                add(
                        all,
                        "torch.batch_norm(a0, p0, p1, None, None, True, 0.1, 1.0000000000000001e-05, False)",
                        BatchNorm.of(c),
                        rng.normal(n, c, h, w));
                add(
                        all,
                        "torch.group_norm(a0, 2, p0, p1, 1.0000000000000001e-05, False)",
                        GroupNorm.of(2, 2 * c),
                        rng.normal(n, 2 * c, h));
            }
        }
        return all.stream().map(one -> DynamicTest.dynamicTest(one.name(), one::check));
    }

    private static ConvOptions window(int stride) {
        return ConvOptions.defaults().stride(stride).padding(1);
    }

    private int size(int most) {
        return 1 + (int) rng.randint(0, most, 1).itemLong();
    }

    private <B extends Block & Layer> void add(
            List<TorchCase> all, String script, B block, Tensor x) {
        all.add(
                TorchCase.of(
                        script + " of " + x.shape(), script, block, in -> block.apply(in[0]), x));
    }
}
