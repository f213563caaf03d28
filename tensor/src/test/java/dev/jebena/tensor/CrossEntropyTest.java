package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The pass over rows of float32 agrees with float64 and with a chain of other ops; libtorch's
/// numbers are compared in [TorchOracleTest] and by the losses of the module nn.
class CrossEntropyTest {
    private static final long IGNORED = -100;

    private final Rng rng = Rng.seed(21);

    private Tensor classes(int rows, int count) {
        long[] numbers =
                IntStream.range(0, rows)
                        .mapToLong(i -> i % 7 == 3 ? IGNORED : i * 31L % count)
                        .toArray();
        return Tensor.of(numbers, rows);
    }

    private static Function<Tensor, Tensor> loss(
            Tensor classes, @Nullable Tensor weights, double smoothing, Tensor slopes) {
        return x ->
                x.crossEntropies(
                                classes,
                                weights == null ? null : weights.to(x.dtype()),
                                smoothing,
                                IGNORED)
                        .mul(slopes.to(x.dtype()))
                        .sum();
    }

    private static void near(String what, Tensor actual, Tensor expected) {
        assertThat(actual.toDoubles())
                .as(what)
                .containsExactly(expected.toDoubles(), Offset.offset(2e-5));
    }

    @Test
    void rowsOfFloatsAgreeWithDoublesUpToTheSecondDerivative() {
        for (int[] shape : new int[][] {{1, 1}, {2, 2}, {9, 17}, {8, 64}, {33, 65}, {5, 1000}}) {
            Tensor x = rng.normal(shape).mul(3);
            Tensor slopes = rng.normal(shape[0]);
            Tensor direction = rng.normal(shape);
            Tensor classes = classes(shape[0], shape[1]);
            for (Tensor weights : new Tensor[] {null, rng.uniform(shape[1])}) {
                for (double smoothing : new double[] {0, 0.3}) {
                    String what =
                            "%s x %s, smoothing %s, weights %s"
                                    .formatted(shape[0], shape[1], smoothing, weights != null);
                    Function<Tensor, Tensor> loss = loss(classes, weights, smoothing, slopes);
                    Function<Tensor, Tensor> slope =
                            v -> Grad.of(loss).apply(v).mul(direction.to(v.dtype())).sum();
                    Tensor wide = x.to(DType.FLOAT64);
                    near(what, loss.apply(x), loss.apply(wide));
                    near(what, Grad.of(loss).apply(x), Grad.of(loss).apply(wide));
                    near(what, Grad.of(slope).apply(x), Grad.of(slope).apply(wide));
                }
            }
        }
    }

    @Test
    void theChainOfOtherOpsGivesTheSame() {
        Tensor x = rng.normal(Shape.of(6, 5, 3), DType.FLOAT64);
        Tensor classes =
                Tensor.of(
                        new long[] {0, 4, 2, -1, 1, 3, 2, 2, 0, 1, 4, -1, 3, 3, 0, 4, 1, 2}, 6, 3);
        Tensor weights = rng.uniform(Shape.of(1, 5, 1), DType.FLOAT64).expand(6, 5, 3);
        for (double smoothing : new double[] {0, 0.2}) {
            Op.CrossEntropy op = new Op.CrossEntropy(1, smoothing, -1);
            for (int operands : new int[] {2, 3}) {
                List<Tensor> in = List.of(x, classes.unsqueeze(1), weights).subList(0, operands);
                List<Tensor> expected = op.inOtherOps(in);
                List<Tensor> actual = op.apply(in.toArray(Tensor[]::new));
                near("losses", actual.get(0), expected.get(0));
                near("logarithms", actual.get(1), expected.get(1));
            }
        }
    }

    @Test
    void bothResultsHaveDerivatives() {
        Tensor classes = classes(4, 6).unsqueeze(1);
        Op.CrossEntropy op = new Op.CrossEntropy(1, 0.1, IGNORED);
        Function<Tensor, Tensor> fused = x -> sum(op.apply(x, classes, x.square()));
        Function<Tensor, Tensor> chain = x -> sum(op.inOtherOps(List.of(x, classes, x.square())));
        Tensor x = rng.normal(Shape.of(4, 6), DType.FLOAT64);
        near("first", Grad.of(fused).apply(x), Grad.of(chain).apply(x));
        near("second", Grad.hessian(fused).apply(x), Grad.hessian(chain).apply(x));
    }

    private static Tensor sum(List<Tensor> results) {
        return results.get(0).square().add(results.get(1).square()).sum();
    }

    @Test
    void mappingAndCompilingGiveTheSameBits() {
        Tensor x = rng.normal(3, 10, 33);
        Tensor classes = classes(10, 33);
        Tensor weights = rng.uniform(33);
        UnaryOperator<Tensor> each = v -> v.crossEntropies(classes, weights, 0.1, IGNORED);
        Tensor mapped = Vmap.of(each).apply(x);
        Tensor stacked =
                Tensors.stack(
                        0,
                        IntStream.range(0, 3)
                                .mapToObj(i -> each.apply(x.select(0, i)))
                                .toArray(Tensor[]::new));
        assertThat(mapped.toFloats()).isEqualTo(stacked.toFloats());
        Function<Tensor, Tensor> slope = Grad.of(v -> each.apply(v).mean());
        Tensor one = x.select(0, 1).contiguous();
        Compiled compiled =
                Compiled.of(in -> List.of(each.apply(in.getFirst()), slope.apply(in.getFirst())));
        List<Tensor> results = compiled.run(List.of(one));
        assertThat(results.get(0).toFloats()).isEqualTo(each.apply(one).toFloats());
        assertThat(results.get(1).toFloats()).isEqualTo(slope.apply(one).toFloats());
    }

    @Test
    void whatDoesNotCountMayBeAnything() {
        Tensor x =
                Tensor.of(
                        new float[] {
                            Float.NaN, 1, Float.POSITIVE_INFINITY, 1, 2, Float.NEGATIVE_INFINITY
                        },
                        2,
                        3);
        Tensor classes = Tensor.of(new long[] {IGNORED, 0}, 2);
        Tensor variable = x.variable();
        Tensor losses = variable.crossEntropies(classes, null, 0, IGNORED);
        assertThat(losses.toFloats()[0]).isZero();
        assertThat(losses.toFloats()[1])
                .isCloseTo((float) Math.log(1 + Math.E), Offset.offset(1e-6f));
        float[] slopes = losses.sum().backward().of(variable).toFloats();
        assertThat(slopes).startsWith(0f, 0f, 0f).endsWith(0f);
        assertThat(
                        Tensor.zeros(0, 4)
                                .crossEntropies(Tensor.of(new long[0], 0), null, 0, IGNORED)
                                .size())
                .isZero();
    }

    @Test
    void wrongClassesAndWeightsAreErrors() {
        Tensor x = rng.normal(2, 3);
        assertThatThrownBy(() -> x.crossEntropy(Tensor.of(new long[] {0, 3}, 2)))
                .hasMessage("crossEntropy: class 3 is out of range for 3 classes (0 to 2)");
        assertThatThrownBy(() -> x.crossEntropy(Tensor.of(new long[] {0, 1, 2}, 3)))
                .hasMessage(
                        "crossEntropy: logits [2, 3] and classes [3] do not fit; classes [2] are needed");
        assertThatThrownBy(() ->
                        x.crossEntropies(Tensor.of(new long[] {0, 1}, 2), Tensor.ones(2), 0, 9))
                .hasMessage("crossEntropy: weights [2] of 3 classes; one for each is needed");
    }
}
