package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxNode;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OnnxProgramTest {
    private static Tensor run(Models models, long opset, Tensor x) {
        OnnxProgram program = OnnxProgram.of(models.build(opset, x.shape().toArray()));
        return Objects.requireNonNull(program.run(Map.of("x", x)).get("y"));
    }

    private static OnnxNode node(String operator, String output, String... inputs) {
        return OnnxNode.of(operator, List.of(inputs), List.of(output));
    }

    @Test
    void convolutionAndBatchNormalizationAreOneConvolution() {
        Rng rng = Rng.seed(7);
        Tensor x = rng.normal(2, 3, 9, 9);
        Tensor weight = rng.normal(4, 3, 3, 3);
        Tensor bias = rng.normal(4);
        Tensor scale = rng.uniform(4).add(0.5);
        Tensor shift = rng.normal(4);
        Tensor mean = rng.normal(4);
        Tensor variance = rng.uniform(4).add(0.1);
        Models models =
                new Models()
                        .constant("w", weight)
                        .constant("b", bias)
                        .constant("s", scale)
                        .constant("t", shift)
                        .constant("m", mean)
                        .constant("v", variance)
                        .node(node("Conv", "c", "x", "w", "b"))
                        .node(node("BatchNormalization", "y", "c", "s", "t", "m", "v"));
        Tensor expected =
                x.conv(weight, bias, ConvOptions.defaults())
                        .batchNorm(mean, variance, scale, shift, 1e-5);
        assertThat(run(models, 15, x).allClose(expected, 1e-4, 1e-4)).isTrue();
    }

    @Test
    void productsOfOneOperandAreOneProduct() {
        Rng rng = Rng.seed(9);
        Tensor x = rng.normal(5, 24);
        Tensor[] weights = {rng.normal(24, 7), rng.normal(24, 40), rng.normal(24, 40)};
        for (boolean biased : new boolean[] {false, true}) {
            Models models = new Models();
            Tensor expected = null;
            for (int i = 0; i < weights.length; i++) {
                Tensor bias = rng.normal(weights[i].dim(1));
                models.constant("w" + i, weights[i]).node(node("MatMul", "p" + i, "x", "w" + i));
                if (biased) {
                    models.constant("b" + i, bias).node(node("Add", "q" + i, "b" + i, "p" + i));
                }
                models.node(node("Sum", "s" + i, (biased ? "q" : "p") + i, "one"));
                Tensor part = x.matmul(weights[i]);
                Tensor sum = (biased ? part.add(bias) : part).add(1);
                expected = expected == null ? sum : Tensors.concat(1, expected, sum);
            }
            models.constant("one", Tensor.scalar(1));
            models.node(
                    OnnxNode.of(
                            "Concat",
                            List.of("s0", "s1", "s2"),
                            List.of("y"),
                            OnnxAttribute.of("axis", new OnnxAttribute.Int(1))));
            OnnxProgram program = OnnxProgram.of(models.build(13, 5, 24));
            for (int i = 0; i < 5; i++) {
                Tensor y = Objects.requireNonNull(program.run(Map.of("x", x)).get("y"));
                assertThat(y.toFloats())
                        .containsExactly(Objects.requireNonNull(expected).toFloats());
            }
        }
    }

    @Test
    void productsOfDequantizedTensorsAreDoneWithIntegers() {
        Rng rng = Rng.seed(8);
        Tensor x = rng.normal(5, 300).clamp(-3, 3);
        Tensor w = rng.normal(300, 7).clamp(-3, 3);
        Models models =
                new Models()
                        .constant("xs", Tensor.scalar(0.03))
                        .constant("xz", Tensor.scalar(120L, DType.UINT8))
                        .constant("ws", Tensor.scalar(0.025))
                        .constant("wz", Tensor.scalar(0L, DType.INT8))
                        .constant("wq", w.div(0.025).round().clamp(-128, 127).to(DType.INT8))
                        .constant("ys", Tensor.scalar(0.5))
                        .constant("yz", Tensor.scalar(128L, DType.UINT8))
                        .node(node("QuantizeLinear", "xq", "x", "xs", "xz"))
                        .node(node("DequantizeLinear", "xd", "xq", "xs", "xz"))
                        .node(node("DequantizeLinear", "wd", "wq", "ws", "wz"))
                        .node(node("MatMul", "p", "xd", "wd"))
                        .node(node("QuantizeLinear", "pq", "p", "ys", "yz"))
                        .node(node("DequantizeLinear", "y", "pq", "ys", "yz"));
        Tensor y = run(models, 13, x);
        assertThat(y.allClose(x.matmul(w), 0, 1)).isTrue();
    }

    @Test
    void anOperatorThatIsMissingIsNamed() {
        Models models =
                new Models().node(node("Nonsense", "z", "x")).node(node("Absurd", "y", "z"));
        assertThatThrownBy(() -> run(models, 13, Tensor.zeros(1)))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("Absurd, Nonsense");
    }

    @Test
    void shapesThatDoNotFitAreNamedWithNodeAndOpset() {
        Models models =
                new Models().constant("w", Tensor.zeros(4, 2)).node(node("MatMul", "y", "x", "w"));
        assertThatThrownBy(() -> run(models, 13, Tensor.zeros(2, 3)))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("node \"y\" (MatMul, opset 13)")
                .hasMessageContaining("FLOAT[2, 3], FLOAT[4, 2]")
                .hasMessageContaining("(3 vs 4)");
    }

    @Test
    void inputsThatDoNotFitAreRefused() {
        OnnxProgram program =
                OnnxProgram.of(new Models().node(node("Abs", "y", "x")).build(13, 2, 3));
        assertThatThrownBy(() -> program.run(Map.of("x", Tensor.zeros(2, 4))))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("[2, 4]")
                .hasMessageContaining("float[2,3]");
        assertThatThrownBy(() -> program.run(Map.of("z", Tensor.zeros(2, 3))))
                .hasMessageContaining("no input \"z\"");
        assertThatThrownBy(() -> program.run(Map.of())).hasMessageContaining("missing");
    }

    @Test
    void hugeShapesAreAnErrorOfTheNode() {
        Models models =
                new Models()
                        .node(
                                OnnxNode.of(
                                        "RandomUniform",
                                        List.of(),
                                        List.of("r"),
                                        OnnxAttribute.of(
                                                "shape",
                                                new OnnxAttribute.Ints(
                                                        List.of(1L << 30, 1L << 30, 4L)))))
                        .node(node("Add", "y", "x", "r"));
        assertThatThrownBy(() -> run(models, 13, Tensor.zeros(1)))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("RandomUniform");
    }
}
