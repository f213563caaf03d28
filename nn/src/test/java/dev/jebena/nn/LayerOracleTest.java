package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.PoolOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Layers equal libtorch's: value, first and second derivatives for inputs and parameters.
class LayerOracleTest {
    private final Rng rng = Rng.seed(20261123);

    private Stream<DynamicTest> tests(List<TorchCase> cases) {
        assumeTrue(dev.jebena.tensor.Torch.isAvailable(), "libtorch does not run here");
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), c::check));
    }

    private Tensor x(int... shape) {
        return rng.normal(shape);
    }

    private <B extends Block & Layer> TorchCase layer(
            String name, String torch, B block, Tensor... inputs) {
        return TorchCase.of(name, torch, block, in -> block.apply(in[0]), inputs);
    }

    @TestFactory
    Stream<DynamicTest> productsAndConvolutions() {
        List<TorchCase> all = new ArrayList<>();
        all.add(layer("linear", "torch.linear(a0, p0, p1)", Linear.of(3, 4, rng), x(2, 5, 3)));
        all.add(layer("empty", "torch.linear(a0, p0, p1)", Linear.of(3, 4, rng), x(0, 3)));
        all.add(
                layer(
                        "linear without bias",
                        "torch.linear(a0, p0)",
                        Linear.of(3, 4, false, rng),
                        x(3)));
        Bilinear bilinear = Bilinear.of(3, 4, 5, rng);
        all.add(
                TorchCase.of(
                        "bilinear",
                        "torch.bilinear(a0, a1, p0, p1)",
                        bilinear,
                        in -> bilinear.apply(in[0], in[1]),
                        x(2, 3),
                        x(2, 4)));
        all.add(
                layer(
                        "conv1d",
                        "torch.conv1d(a0, p0, p1, [2], [1], [1], 1)",
                        Conv.of(3, 4, Shape.of(3), options().stride(2).padding(1), rng),
                        x(2, 3, 7)));
        all.add(
                layer(
                        "conv2d",
                        "torch.conv2d(a0, p0, p1, [1, 1], [1, 1], [2, 1], 2)",
                        Conv.of(
                                4,
                                6,
                                Shape.of(2, 3),
                                options().padding(1).dilation(2, 1).groups(2),
                                rng),
                        x(2, 4, 5, 4)));
        all.add(
                layer(
                        "conv3d",
                        "torch.conv3d(a0, p0, p1, [1, 1, 1], [0, 0, 0], [1, 1, 1], 1)",
                        Conv.of(2, 3, Shape.of(2, 2, 1), rng),
                        x(1, 2, 3, 4, 2)));
        all.add(
                layer(
                        "convTranspose1d",
                        "torch.conv_transpose1d(a0, p0, p1, [3], [1], [2], 1, [2])",
                        ConvTranspose.of(
                                2,
                                3,
                                Shape.of(3),
                                options().stride(3).padding(1).outputPadding(2).dilation(2),
                                rng),
                        x(2, 2, 4)));
        all.add(
                layer(
                        "convTranspose3d",
                        "torch.conv_transpose3d(a0, p0, p1, [1, 2, 1], [0, 1, 0], [0, 1, 0], 1, [1, 1, 1])",
                        ConvTranspose.of(
                                2,
                                3,
                                Shape.of(2, 3, 1),
                                options().stride(1, 2, 1).padding(0, 1, 0).outputPadding(0, 1, 0),
                                rng),
                        x(1, 2, 2, 3, 2)));
        all.add(
                layer(
                        "convTranspose2d",
                        "torch.conv_transpose2d(a0, p0, p1, [2, 2], [1, 1], [1, 1], 2, [1, 1])",
                        ConvTranspose.of(
                                4,
                                6,
                                Shape.of(3, 3),
                                options().stride(2).padding(1).outputPadding(1).groups(2),
                                rng),
                        x(2, 4, 3, 2)));
        return tests(all);
    }

    private static ConvOptions options() {
        return ConvOptions.defaults();
    }

    @TestFactory
    Stream<DynamicTest> norms() {
        List<TorchCase> all = new ArrayList<>();
        String affine = "None, None, True, 0.1, 1.0000000000000001e-05, False";
        all.add(
                layer(
                        "layerNorm",
                        "torch.layer_norm(a0, [3, 4], p0, p1, 1.0000000000000001e-05)",
                        LayerNorm.of(3, 4),
                        x(2, 3, 4)));
        all.add(
                layer(
                        "rmsNorm",
                        "torch.mul(torch.mul(a0, torch.rsqrt(torch.add(torch.mean(torch.mul(a0, a0),"
                                + " [-1], True), 0.001))), p0)",
                        RmsNorm.of(Shape.of(4), 0.001),
                        x(2, 3, 4)));
        all.add(
                layer(
                        "groupNorm",
                        "torch.group_norm(a0, 2, p0, p1, 1.0000000000000001e-05, False)",
                        GroupNorm.of(2, 4),
                        x(3, 4, 5)));
        all.add(
                layer(
                        "batchNorm",
                        "torch.batch_norm(a0, p0, p1, " + affine + ")",
                        BatchNorm.of(4),
                        x(3, 4, 2, 3)));
        all.add(
                layer(
                        "instanceNorm",
                        "torch.instance_norm(a0, p0, p1, " + affine + ")",
                        InstanceNorm.of(4, 1e-5, 0.1, true, false),
                        x(3, 4, 5)));
        BatchNorm still = BatchNorm.of(4);
        still.buffer("running_mean").set(x(4));
        still.buffer("running_var").set(x(4).square().add(0.1));
        still.training(false);
        all.add(
                layer(
                                "batchNorm in evaluation",
                                "torch.batch_norm(a0, p0, p1, f0, f1, False, 0.1,"
                                        + " 1.0000000000000001e-05, False)",
                                still,
                                x(3, 4, 5))
                        .with(
                                still.buffer("running_mean").value(),
                                still.buffer("running_var").value()));
        return tests(all);
    }

    @TestFactory
    Stream<DynamicTest> tablesPoolingAndActivations() {
        List<TorchCase> all = new ArrayList<>();
        Tensor indices = Tensor.of(new long[] {0, 2, 2, 4, 1, 0}, 2, 3);
        Embedding embedding = Embedding.of(5, 3, rng);
        all.add(
                TorchCase.of(
                                "embedding",
                                "torch.embedding(p0, f0)",
                                embedding,
                                in -> embedding.apply(indices))
                        .with(indices));
        Embedding padded = Embedding.withPadding(5, 3, 2, rng);
        all.add(
                TorchCase.of(
                                "embedding with padding",
                                "torch.embedding(p0, f0, 2)",
                                padded,
                                in -> padded.apply(indices))
                        .with(indices));
        Tensor flat = Tensor.of(new long[] {0, 2, 2, 4, 1, 0}, 6);
        Tensor offsets = Tensor.of(new long[] {0, 2, 2}, 3);
        int mode = 0;
        for (EmbeddingBag.Mode kind : EmbeddingBag.Mode.values()) {
            EmbeddingBag bag = EmbeddingBag.of(5, 3, kind, rng);
            all.add(
                    TorchCase.of(
                                    "embeddingBag " + kind,
                                    "_y, _1, _2, _3 = torch.embedding_bag(p0, f0, f1, False, "
                                            + mode++
                                            + ", False)\ny = _y",
                                    bag,
                                    in -> bag.apply(flat, new long[] {0, 2, 2}, null))
                            .with(flat, offsets)
                            .derivatives(1));
        }
        all.add(
                TorchCase.of(
                        "lpPool",
                        "torch.pow(torch.mul(torch.relu(torch.avg_pool2d(torch.pow(a0, 2.), [2, 2],"
                                + " [1, 1], [0, 0], False, True, None)), 4), 0.5)",
                        in -> Pool.lp(2, PoolOptions.of(2, 2).stride(1)).apply(in[0]),
                        x(2, 3, 4, 5)));
        String[][] functions = {
            {"RELU6", "torch.clamp(a0, 0, 6)"},
            {"LEAKY_RELU", "torch.leaky_relu(a0, 0.01)"},
            {"ELU", "torch.elu(a0, 1., 1, 1)"},
            {"SELU", "torch.selu(a0)"},
            {"CELU", "torch.celu(a0, 1.)"},
            {"GELU", "torch.gelu(a0, approximate=\"none\")"},
            {"GELU_TANH", "torch.gelu(a0, approximate=\"tanh\")"},
            {"SILU", "torch.silu(a0)"},
            {"MISH", "torch.mish(a0)"},
            {"LOG_SIGMOID", "torch.log_sigmoid(a0)"},
            {"HARD_SIGMOID", "torch.div(torch.clamp(torch.add(a0, 3), 0, 6), 6)"},
            {"HARD_TANH", "torch.clamp(a0, -1, 1)"},
            {"SOFTPLUS", "torch.softplus(a0, 1, 20)"},
            {"SOFTSIGN", "torch.div(a0, torch.add(torch.abs(a0), 1))"},
            {"TANH_SHRINK", "torch.sub(a0, torch.tanh(a0))"}
        };
        for (String[] f : functions) {
            Activation kind = Activation.valueOf(f[0]);
            all.add(TorchCase.of(f[0], f[1], in -> kind.apply(in[0]), x(3, 4)));
        }
        // libtorch rounds 1 / alpha to float32 in the derivative.
        all.add(of("celu", "torch.celu(a0, 0.5)", Activation.celu(0.5)));
        all.add(of("hardShrink", "torch.hardshrink(a0, 0.5)", Activation.hardShrink(0.5)));
        all.add(of("softShrink", "torch.softshrink(a0, 0.5)", Activation.softShrink(0.5)));
        all.add(of("threshold", "torch.threshold(a0, 0.1, 2)", Activation.threshold(0.1, 2)));
        all.add(of("glu", "torch.glu(a0, 1)", Activation.glu(1)));
        all.add(of("softmin", "torch.softmax(torch.neg(a0), 1)", Activation.softmin(1)));
        all.add(layer("prelu", "torch.prelu(a0, p0)", PRelu.of(4, 0.2), x(3, 4, 2)));
        return tests(all);
    }

    private TorchCase of(String name, String torch, Layer layer) {
        return TorchCase.of(name, torch, in -> layer.apply(in[0]), x(3, 4));
    }

    @TestFactory
    Stream<DynamicTest> recurrentNetworks() {
        List<TorchCase> all = new ArrayList<>();
        RecurrentOptions small = RecurrentOptions.of(3, 4);
        RecurrentOptions large = small.layers(2).bidirectional(true);
        for (RecurrentOptions o : List.of(small, small.bias(false), large)) {
            String form = o.layers() + " layers, bias " + o.bias() + " ";
            all.add(recurrent(form + "rnn", "rnn_tanh", Recurrent.rnn(o, rng), o));
            all.add(recurrent(form + "relu", "rnn_relu", Recurrent.rnnRelu(o, rng), o));
            all.add(recurrent(form + "gru", "gru", Recurrent.gru(o, rng), o));
            all.add(recurrent(form + "lstm", "lstm", Recurrent.lstm(o, rng), o));
        }
        RecurrentOptions narrow = large.projection(2);
        all.add(recurrent("projected lstm", "lstm", Recurrent.lstm(narrow, rng), narrow));
        return tests(all);
    }

    private TorchCase recurrent(
            String name, String function, Recurrent network, RecurrentOptions o) {
        int states = o.layers() * o.directions();
        boolean lstm = function.equals("lstm");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < network.parameters().size(); i++) {
            names.add("p" + i);
        }
        String call =
                "torch.%s(a0, %s, [%s], %s, %d, 0., False, %s, True)"
                        .formatted(
                                function,
                                lstm ? "[a1, a2]" : "a1",
                                String.join(", ", names),
                                o.bias() ? "True" : "False",
                                o.layers(),
                                o.bidirectional() ? "True" : "False");
        String join =
                "\ny = torch.cat([torch.reshape(_y, [-1]), torch.reshape(_h, [-1])%s], 0)"
                        .formatted(lstm ? ", torch.reshape(_c, [-1])" : "");
        String script = (lstm ? "_y, _h, _c = " : "_y, _h = ") + call + join;
        return TorchCase.of(
                name,
                script,
                network,
                in -> {
                    Recurrent.Output out = network.run(in[0], in[1], lstm ? in[2] : null, null);
                    Tensor y = out.output().flatten();
                    Tensor all = dev.jebena.tensor.Tensors.concat(0, y, out.hidden().flatten());
                    return lstm
                            ? dev.jebena.tensor.Tensors.concat(
                                    0, all, java.util.Objects.requireNonNull(out.cell()).flatten())
                            : all;
                },
                lstm
                        ? new Tensor[] {
                            x(2, 5, 3),
                            x(states, 2, o.projection() > 0 ? o.projection() : o.hidden()),
                            x(states, 2, o.hidden())
                        }
                        : new Tensor[] {x(2, 5, 3), x(states, 2, o.hidden())});
    }

    private static final String HEADS =
            """
            _q = torch.transpose(torch.reshape(torch.linear(a0, torch.slice(p0, 0, 0, 6, 1), torch.slice(p1, 0, 0, 6, 1)), [2, 3, 2, 3]), 1, 2)
            _k = torch.transpose(torch.reshape(torch.linear(a1, torch.slice(p0, 0, 6, 12, 1), torch.slice(p1, 0, 6, 12, 1)), [2, 4, 2, 3]), 1, 2)
            _v = torch.transpose(torch.reshape(torch.linear(a1, torch.slice(p0, 0, 12, 18, 1), torch.slice(p1, 0, 12, 18, 1)), [2, 4, 2, 3]), 1, 2)
            _s = torch.div(torch.matmul(_q, torch.transpose(_k, -2, -1)), 1.7320508075688772)
            """;

    @TestFactory
    Stream<DynamicTest> attention() {
        List<TorchCase> all = new ArrayList<>();
        Tensor padding =
                Tensor.of(
                        new boolean[] {false, false, false, true, false, true, false, false}, 2, 4);
        String[] masks = {
            "",
            "_s = torch.masked_fill(_s, torch.unsqueeze(torch.unsqueeze(f0, 1), 1), -1000000.)\n",
            "_s = torch.masked_fill(_s, torch.triu(torch.ones([3, 4], dtype=11), 1), -1000000.)\n"
        };
        Sight[] sights = {Sight.all(), new Sight(padding, null, false), Sight.past()};
        for (int i = 0; i < masks.length; i++) {
            MultiheadAttention block = MultiheadAttention.of(6, 2, rng);
            Sight sight = sights[i];
            all.add(
                    TorchCase.of(
                                    "attention, mask " + i,
                                    HEADS
                                            + masks[i]
                                            + "_o = torch.matmul(torch.softmax(_s, -1), _v)\n"
                                            + "y = torch.linear(torch.flatten(torch.transpose(_o, 1,"
                                            + " 2), 2, 3), p2, p3)",
                                    block,
                                    in -> block.apply(in[0], in[1], in[1], sight),
                                    x(2, 3, 6),
                                    x(2, 4, 6))
                            .with(padding));
        }
        return tests(all);
    }

    @Test
    void transformerLayersEqualTheirParts() {
        TransformerOptions options =
                TransformerOptions.of(8, 2).feedForward(16).dropout(0).activation(Activation.GELU);
        for (boolean first : new boolean[] {false, true}) {
            Transformer model = Transformer.of(options.normFirst(first), 2, 2, rng);
            Tensor y = model.apply(x(2, 5, 8), x(2, 3, 8));
            assertThat(y.shape()).isEqualTo(Shape.of(2, 3, 8));
            assertThat(model.namedParameters().keySet())
                    .contains(
                            "encoder.layers.1.self_attn.in_proj_weight",
                            "encoder.layers.0.linear1.bias",
                            "encoder.norm.weight",
                            "decoder.layers.1.multihead_attn.out_proj.weight",
                            "decoder.layers.0.norm3.bias");
            assertThat(y.sum().backward().size()).isEqualTo(model.parameters().size());
        }
    }
}
