package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
    private static Dataset numbers(int count) {
        Tensor all = Tensor.arange(count);
        return Dataset.of(all, all);
    }

    private static List<Long> read(Iterable<Batch> batches) {
        List<Long> all = new ArrayList<>();
        for (Batch batch : batches) {
            for (long number : batch.x().toLongs()) {
                all.add(number);
            }
        }
        return all;
    }

    @Test
    void anEpochHasEachExampleOnceInAnOrderOfItsOwn() {
        DataLoader loader = DataLoader.of(numbers(10), 3, 7);
        List<Long> first = read(loader);
        List<Long> second = read(loader);
        Long[] all = IntStream.range(0, 10).mapToObj(i -> (long) i).toArray(Long[]::new);
        assertThat(first).containsExactlyInAnyOrder(all).isNotEqualTo(second);
        assertThat(second).containsExactlyInAnyOrder(all);
        assertThat(loader.epoch()).isEqualTo(2);
        assertThat(read(DataLoader.of(numbers(10), 3, 7))).isEqualTo(first);
    }

    @Test
    void batchesMadeAheadAreTheSame() {
        List<Long> expected = read(DataLoader.of(numbers(20), 3, 1).prefetch(0));
        for (int ahead : new int[] {1, 2, 50}) {
            assertThat(read(DataLoader.of(numbers(20), 3, 1).prefetch(ahead))).isEqualTo(expected);
        }
    }

    @Test
    void aLoaderGoesOnWhereItsStateWas() {
        DataLoader loader = DataLoader.of(numbers(10), 3, 7);
        read(loader);
        Iterator<Batch> batches = loader.iterator();
        batches.next();
        DataLoader other = DataLoader.of(numbers(10), 3, 7);
        other.loadStateDict(loader.stateDict());
        List<Long> rest = new ArrayList<>();
        while (batches.hasNext()) {
            for (long number : batches.next().x().toLongs()) {
                rest.add(number);
            }
        }
        assertThat(read(other)).isEqualTo(rest);
        assertThat(read(other)).isEqualTo(read(loader));
    }

    @Test
    void smallerLastBatchesCanBeLeftOut() {
        assertThat(read(DataLoader.of(numbers(10), 4, 7).wholeBatches())).hasSize(8);
        assertThat(read(DataLoader.of(numbers(5), 2, 7).inOrder()))
                .containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThatThrownBy(() -> DataLoader.of(numbers(3), 4, 7).wholeBatches())
                .isInstanceOf(NnException.class)
                .hasMessageContaining("3 examples give no batch of 4");
    }

    @Test
    void whatGoesWrongInABatchReachesTheReader() {
        Dataset broken =
                new Dataset() {
                    @Override
                    public int size() {
                        return 4;
                    }

                    @Override
                    public Batch batch(int[] indices) {
                        throw new IllegalStateException("no such image");
                    }
                };
        assertThatThrownBy(() -> read(DataLoader.of(broken, 2, 1))).hasMessage("no such image");
    }
}
