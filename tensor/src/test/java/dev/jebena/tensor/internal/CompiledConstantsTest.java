package dev.jebena.tensor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.Compiled;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Compiled functions with constant weights, whose loops run behind each part of a product or
/// convolution, give the bits of eager execution with any number of threads.
class CompiledConstantsTest {
    private final int before = Parallel.threads();
    private final Rng rng = Rng.seed(21);

    @AfterEach
    void sameThreadsAsBefore() {
        Parallel.threads(before);
    }

    private static void same(String what, Tensor x, UnaryOperator<Tensor> function) {
        float[] expected = function.apply(x).to(DType.FLOAT32).toFloats();
        UnaryOperator<Tensor> compiled = Compiled.function(function);
        for (int threads = 1; threads <= 3; threads++) {
            Parallel.threads(threads);
            for (int i = 0; i < 2; i++) {
                float[] found = compiled.apply(x).to(DType.FLOAT32).toFloats();
                assertThat(Arrays.equals(found, expected))
                        .as("%s, %d threads", what, threads)
                        .isTrue();
            }
        }
    }

    @Test
    void productsAndWhatFollowsThem() {
        for (int rows : new int[] {1, 5, 128, 700}) {
            Tensor w = rng.normal(96, 200);
            Tensor back = rng.normal(200, 96);
            Tensor bias = rng.normal(200);
            Tensor x = rng.normal(rows, 96);
            same("activation", x, in -> in.matmul(w).add(bias).gelu());
            same("norm", x, in -> in.matmul(w).add(bias).standardize(1, 1e-5).mul(bias));
            // The operand is needed until all rows are done.
            same(
                    "sum",
                    x,
                    in -> {
                        Tensor moved = in.add(1).exp();
                        return moved.matmul(w).matmul(back).add(moved).softmax(1);
                    });
            same(
                    "used twice",
                    x,
                    in -> {
                        Tensor y = in.matmul(w);
                        return y.relu().add(y.square().sum(1).unsqueeze(1));
                    });
            same(
                    "brain",
                    x,
                    in -> {
                        Tensor brain = w.to(DType.BFLOAT16).contiguous();
                        return in.to(DType.BFLOAT16).wideMatmul(brain).add(bias).silu();
                    });
        }
    }

    @Test
    void convolutionsAndWhatFollowsThem() {
        ConvOptions plain = ConvOptions.defaults();
        for (int size : new int[] {7, 40}) {
            Tensor x = rng.normal(2, 24, size, size + 3);
            Tensor bias = rng.normal(40, 1, 1);
            Tensor taps = rng.normal(40, 24, 3, 3);
            Tensor one = rng.normal(40, 24, 1, 1);
            Tensor own = rng.normal(24, 1, 3, 3);
            Tensor few = rng.normal(5, 24, 3, 3);
            List<UnaryOperator<Tensor>> all =
                    List.of(
                            in -> in.conv(taps, plain.padding(1)).add(bias),
                            in -> in.conv(taps, plain.stride(2)).add(bias),
                            in -> in.conv(one, plain).add(bias),
                            in -> in.conv(own, plain.groups(24).padding(1)).add(0.7),
                            in -> in.conv(few, plain));
            for (int i = 0; i < all.size(); i++) {
                UnaryOperator<Tensor> conv = all.get(i);
                same("activation " + i, x, in -> conv.apply(in.mul(2)).silu());
                same("means " + i, x, in -> conv.apply(in).relu().mean(2, 3));
                same("alone " + i, x, conv);
            }
        }
    }

    @Test
    void headsOfAttentionAsRows() {
        Tensor x = rng.normal(2, 40, 48);
        Tensor w = rng.normal(48, 48);
        same(
                "attention",
                x,
                in -> {
                    Tensor heads = in.reshape(2, 40, 4, 12).permute(0, 2, 1, 3);
                    Tensor mask = in.select(2, 0).reshape(2, 1, 1, 40);
                    Tensor seen = heads.attention(heads, heads, mask, false);
                    return seen.permute(0, 2, 1, 3).reshape(2, 40, 48).matmul(w);
                });
    }
}
