package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.internal.Parallel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Results do not depend on the number of threads, bit by bit.
class ThreadsTest {
    private static List<float[]> results() {
        Rng rng = Rng.seed(9);
        List<Tensor> all = new ArrayList<>();
        Tensor x = rng.normal(300, 500);
        Tensor w = rng.normal(500, 700).variable();
        Tensor y = x.matmul(w);
        all.add(y);
        all.add(x.sum());
        all.add(x.sum(0));
        all.add(x.mean(1));
        all.add(x.softmax(1));
        all.add(x.standardize(1, 1e-5));
        all.add(x.gelu().exp().cumsum(0));
        all.add(y.logSoftmax(1).square().mean().backward().of(w));
        Tensor image = rng.normal(4, 16, 33, 31);
        Tensor kernel = rng.normal(24, 16, 3, 3).variable();
        Tensor c = image.conv(kernel, ConvOptions.defaults().padding(1).stride(2));
        all.add(c);
        all.add(c.square().sum().backward().of(kernel));
        Tensor photo = rng.normal(3, 20, 25, 31).variable();
        Tensor taps = rng.normal(40, 20, 3, 3).variable();
        Tensor seen = photo.conv(taps, ConvOptions.defaults().padding(1));
        Gradients slopes = seen.square().sum().backward();
        all.add(seen.detach());
        all.add(slopes.of(photo));
        all.add(slopes.of(taps));
        Tensor own = rng.normal(20, 1, 3, 3).variable();
        Tensor each = photo.conv(own, ConvOptions.defaults().groups(20).stride(2));
        all.add(each.square().sum().backward().of(own));
        Tensor q = rng.normal(3, 4, 65, 16);
        all.add(q.attention(q, q, null, true));
        Tensor mask = rng.uniform(3, 4, 65, 65).gt(0.3);
        all.add(q.attention(q, q, mask, false));
        Tensor small = rng.normal(9, 16, 5, 4).variable();
        all.add(
                small.conv(rng.normal(8, 16, 3, 3), ConvOptions.defaults().padding(1).stride(2))
                        .square()
                        .sum()
                        .backward()
                        .of(small));
        Tensor narrow = x.to(DType.BFLOAT16).matmul(w.detach().to(DType.BFLOAT16));
        all.add(narrow);
        Tensor logits = rng.normal(700, 90).variable();
        Tensor classes = rng.randint(0, 90, 700);
        Tensor losses = logits.crossEntropies(classes, rng.uniform(90), 0.1, 5);
        all.add(losses.detach());
        all.add(losses.sum().backward().of(logits));
        all.add(rng.uniform(100_000));
        List<float[]> bits = new ArrayList<>();
        all.forEach(tensor -> bits.add(tensor.toFloats()));
        return bits;
    }

    @Test
    void oneAndTwoAndThreeThreadsGiveTheSameBits() {
        int before = Parallel.threads();
        try {
            Parallel.threads(1);
            List<float[]> expected = results();
            for (int threads : new int[] {2, 3}) {
                Parallel.threads(threads);
                List<float[]> actual = results();
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(actual.get(i)).as("result %d", i).isEqualTo(expected.get(i));
                }
            }
        } finally {
            Parallel.threads(before);
        }
    }
}
