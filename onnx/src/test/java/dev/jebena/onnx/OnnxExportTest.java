package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.formats.OnnxModel;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.PoolOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a graph computes, its exported model computes too.
class OnnxExportTest {
    private static OnnxModel export(UnaryOperator<Tensor> function, Tensor x) {
        Graph graph =
                Graph.trace(
                        inputs -> List.of(function.apply(inputs.getFirst())),
                        List.of(new Op.Spec(x.shape(), x.dtype())));
        return OnnxExport.of(graph, List.of("x"), List.of("y"));
    }

    private static void same(UnaryOperator<Tensor> function, int... shape) {
        Tensor x = Rng.seed(11).normal(Shape.of(shape), DType.FLOAT32);
        OnnxModel read =
                OnnxModel.read(
                        java.lang.foreign.MemorySegment.ofArray(export(function, x).bytes()));
        Tensor y = OnnxProgram.of(read).run(Map.of("x", x)).getOrDefault("y", Tensor.zeros(0));
        Tensor expected = function.apply(x);
        assertThat(y.shape()).isEqualTo(expected.shape());
        assertThat(y.dtype()).isEqualTo(expected.dtype());
        assertThat(y.allClose(expected, 1e-5, 1e-5)).as("%s and %s", y, expected).isTrue();
    }

    @Test
    void elementwiseOperations() {
        same(x -> x.gelu().add(x.geluTanh()).add(x.silu()).add(x.softplus()), 3, 4);
        same(x -> x.exp().log1p().sub(x.expm1()).mul(x.erf()).div(2), 3, 4);
        same(x -> x.remainder(0.7).add(x.fmod(Tensor.scalar(0.7))).add(x.floorDivide(0.7)), 9);
        same(x -> x.gt(0.0).where(x.square(), x.neg().clampMax(0.5)), 5, 1, 2);
        same(x -> x.mul(100).to(DType.INT32).floorDivide(7).to(DType.FLOAT32), 20);
    }

    @Test
    void shapesAndIndices() {
        same(x -> x.reshape(6, 4).t().slice(0, 1, 4, 2).flip(1).pad(1.5, 1, 2, 0, 3), 2, 3, 4);
        same(x -> x.unfold(1, 3, 2).sum(2), 2, 9);
        same(x -> x.sort(1, true).values(), 3, 8);
        same(x -> x.topk(3).values().cumsum(1), 3, 8);
        same(x -> x.indexAdd(0, Tensor.of(new long[] {2, 0}), Tensor.ones(2, 5)), 4, 5);
        same(x -> x.std().add(x.max(1).sum()).add(x.argmax(0).to(DType.FLOAT32).sum()), 4, 5);
    }

    @Test
    void layers() {
        Rng rng = Rng.seed(12);
        Tensor weight = rng.normal(4, 3, 3, 3);
        ConvOptions options = ConvOptions.defaults().stride(2).padding(1, 0, 1, 2);
        same(x -> x.conv(weight, options).relu(), 2, 3, 8, 9);
        Tensor back = rng.normal(3, 4, 3, 3);
        same(x -> x.convTranspose(back, ConvOptions.defaults().stride(2).padding(1)), 2, 3, 5, 4);
        same(x -> x.maxPool(PoolOptions.of(3, 2).stride(2, 1).padding(1, 0)), 2, 3, 8, 9);
        same(x -> x.avgPool(PoolOptions.of(2).stride(2)), 2, 3, 8);
        same(x -> x.layerNorm(Tensor.ones(8), Tensor.zeros(8), 1e-5).softmax(1), 3, 8);
        same(x -> x.attention(x, x.mul(2), null, true), 2, 2, 5, 8);
        same(x -> x.matmul(x.t()).logSoftmax(-1), 2, 5, 3);
        Tensor classes = Tensor.of(new long[] {1, 4, 2, 0}, 4);
        same(x -> x.crossEntropy(classes), 4, 5);
        same(x -> x.crossEntropies(classes, weight.flatten().slice(0, 0, 5), 0.1, 2), 4, 5);
    }

    @Test
    void whatOnnxLacksIsNamed() {
        assertThatThrownBy(() -> export(x -> x.matmul(x.t()).cholesky(), Tensor.eye(3)))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("Cholesky");
    }

    @Test
    void aModelThatIsImportedCanBeTracedAndExportedAgain(@TempDir Path folder) {
        Tensor weight = Rng.seed(3).normal(6, 4);
        Tensor x = Rng.seed(4).normal(5, 6);
        UnaryOperator<Tensor> function = v -> v.matmul(weight).tanh().sum(1);
        Path file = folder.resolve("model.onnx");
        export(function, x).write(file);
        OnnxProgram program = OnnxProgram.load(file);
        Graph graph = program.trace(List.of(new Op.Spec(x.shape(), x.dtype())));
        OnnxModel again = OnnxExport.of(graph, List.of("x"), List.of("y"));
        Tensor y = OnnxProgram.of(again).run(Map.of("x", x)).getOrDefault("y", Tensor.zeros(0));
        assertThat(y.allClose(function.apply(x), 0, 0)).isTrue();
    }
}
