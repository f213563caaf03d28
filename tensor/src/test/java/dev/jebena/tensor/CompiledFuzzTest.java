package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random graphs, compiled and done op by op, give the same bits.
class CompiledFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 10;

    /// Functions of the first inputs' shape, of rows, and of numbers, in random order.
    private static List<Tensor> graph(Random random, List<Tensor> inputs) {
        List<Tensor> values = new ArrayList<>(inputs);
        int ops = 1 + random.nextInt(12);
        for (int i = 0; i < ops; i++) {
            Tensor a = values.get(random.nextInt(values.size()));
            Tensor b = values.get(random.nextInt(values.size()));
            values.add(next(random, a, b));
        }
        return values.subList(values.size() - 1 - random.nextInt(ops), values.size());
    }

    private static Tensor next(Random random, Tensor a, Tensor b) {
        DType type = a.dtype();
        boolean rank = a.rank() > 0;
        return switch (random.nextInt(26)) {
            case 0 -> fits(a, b) ? a.add(b) : a.add(1);
            case 1 -> fits(a, b) ? a.sub(b) : a.sub(0.5);
            case 2 -> fits(a, b) ? a.mul(b) : a.mul(1);
            case 3 -> fits(a, b) ? a.maximum(b) : a.neg();
            case 4 -> fits(a, b) ? a.div(b) : a.reciprocal();
            case 5 -> a.tanh();
            case 6 -> a.sin();
            case 7 -> a.gelu();
            case 8 -> a.abs().add(1).log();
            case 9 -> a.clamp(-1, 1).exp();
            case 10 -> fits(a, b) ? a.gt(b).where(a, b) : a.gt(0).where(a, a.neg());
            case 11 -> rank ? a.sum(true, -1) : a.square();
            case 12 -> rank ? a.sum(0) : a.neg().neg();
            case 13 -> rank ? a.softmax(-1) : a.sigmoid();
            case 14 -> rank ? a.logSoftmax(-1) : a.relu();
            case 15 -> rank ? a.standardize(1, 1e-5) : a.silu();
            case 16 -> a.rank() > 1 ? a.transpose(0, 1) : a;
            case 17 -> a.reshape(Math.toIntExact(a.size()));
            case 18 -> rank ? a.flip(0) : a.sqrt();
            case 19 -> rank && a.dim(0) > 1 ? a.slice(0, 1, a.dim(0)) : a.erf();
            case 20 -> a.to(DType.BFLOAT16).to(type);
            case 21 -> a.to(DType.INT32).to(type);
            case 22 -> a.isNan().not().and(a.lt(2)).to(type);
            case 23 -> rank && a.dim(-1) > 0 ? a.max(true, -1) : a.floor();
            case 24 -> a.to(type == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32);
            default -> a.rank() > 1 ? a.matmul(a.transpose(-1, -2)) : a.softplus();
        };
    }

    private static boolean fits(Tensor a, Tensor b) {
        int rank = Math.min(a.rank(), b.rank());
        for (int i = 1; i <= rank; i++) {
            if (a.dim(-i) != b.dim(-i) && a.dim(-i) != 1 && b.dim(-i) != 1) {
                return false;
            }
        }
        return true;
    }

    private static Tensor input(Random random, Rng rng, int[] dims) {
        int[] own = dims.clone();
        for (int i = 0; i < own.length; i++) {
            own[i] = random.nextInt(5) == 0 ? 1 : own[i];
        }
        Tensor x = rng.normal(own);
        return switch (random.nextInt(4)) {
            case 0 -> x.rank() > 1 ? rng.normal(own[1], own[0]).transpose(0, 1) : x;
            case 1 ->
                    x.rank() > 0
                            ? rng.normal(2 * own[0], own.length > 1 ? own[1] : 1)
                                    .slice(0, 0, 2 * own[0], 2)
                                    .reshape(own)
                            : x;
            case 2 -> x.to(DType.FLOAT64);
            default -> x;
        };
    }

    @Test
    void randomGraphsGiveTheBitsOfEagerExecution() {
        int compared = 0;
        int[] lengths = {0, 1, 2, 3, 7, 16, 17, 33, 100};
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int[] dims = new int[random.nextInt(3)];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = lengths[random.nextInt(lengths.length)];
            }
            Rng rng = Rng.seed(seed);
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                inputs.add(input(random, rng, dims));
            }
            compared += check(seed, random.nextLong(), inputs) ? 1 : 0;
        }
        assertThat(compared).as("graphs that eager execution accepts").isGreaterThan(CASES / 2);
    }

    /// Whether there was something to compare: errors of eager execution are not.
    private static boolean check(int seed, long ops, List<Tensor> inputs) {
        List<Tensor> expected;
        try {
            expected = graph(new Random(ops), inputs);
        } catch (TensorException e) {
            return false;
        }
        try {
            List<Tensor> actual = Compiled.of(in -> graph(new Random(ops), in)).run(inputs);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i).spec()).isEqualTo(expected.get(i).spec());
                assertThat(actual.get(i).toDoubles())
                        .as("seed %d, output %d", seed, i)
                        .isEqualTo(expected.get(i).toDoubles());
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
        return true;
    }
}
