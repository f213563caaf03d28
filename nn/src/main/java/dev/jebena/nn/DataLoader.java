package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Batches of a [Dataset], in an order that depends on the seed and the epoch only; the next ones
/// are made by virtual threads while the current one is used.
///
/// One iteration is one epoch, or what is left of it: an iterator begins where the last one
/// stopped, and [#stateDict()] tells where that is.
public final class DataLoader implements Iterable<Batch>, Stateful {
    private static final long EPOCH_STEP = 1L << 32;
    private final Dataset dataset;
    private final int batchSize;
    private final long seed;
    private final boolean shuffled;
    private final boolean wholeOnly;
    private final int ahead;
    private long epoch;
    private int next;

    private DataLoader(
            Dataset dataset,
            int batchSize,
            long seed,
            boolean shuffled,
            boolean wholeOnly,
            int ahead) {
        this.dataset = dataset;
        this.batchSize = NnException.positive("DataLoader: batch size", batchSize);
        this.seed = seed;
        this.shuffled = shuffled;
        this.wholeOnly = wholeOnly;
        this.ahead = ahead;
        if (batches() == 0) {
            throw NnException.option(
                    "DataLoader: %d examples give no batch of %d", dataset.size(), batchSize);
        }
    }

    /// Shuffled batches, two of them made ahead; the last one of an epoch may be smaller.
    public static DataLoader of(Dataset dataset, int batchSize, long seed) {
        return new DataLoader(dataset, batchSize, seed, true, false, 2);
    }

    /// In the order of the data.
    public DataLoader inOrder() {
        return new DataLoader(dataset, batchSize, seed, false, wholeOnly, ahead);
    }

    /// Without a last batch that is smaller.
    public DataLoader wholeBatches() {
        return new DataLoader(dataset, batchSize, seed, shuffled, true, ahead);
    }

    /// With so many batches made ahead; 0 makes each when it is asked for.
    public DataLoader prefetch(int batches) {
        if (batches < 0) {
            throw NnException.option("DataLoader: %d batches ahead; 0 or more are needed", batches);
        }
        return new DataLoader(dataset, batchSize, seed, shuffled, wholeOnly, batches);
    }

    /// Examples of a batch.
    public int batchSize() {
        return batchSize;
    }

    /// What the order depends on.
    public long seed() {
        return seed;
    }

    /// Batches of an epoch.
    public int batches() {
        return wholeOnly ? dataset.size() / batchSize : Math.ceilDiv(dataset.size(), batchSize);
    }

    /// Number of the current epoch, from 0.
    public long epoch() {
        return epoch;
    }

    /// The rest of the current epoch.
    @Override
    public Iterator<Batch> iterator() {
        return new Epoch(order());
    }

    private int[] order() {
        int[] order = new int[dataset.size()];
        if (shuffled) {
            // Each epoch has a range of positions of its own, so none depends on the others.
            long[] drawn = Rng.at(seed, epoch * EPOCH_STEP).permutation(order.length).toLongs();
            Arrays.setAll(order, i -> (int) drawn[i]);
        } else {
            Arrays.setAll(order, i -> i);
        }
        return order;
    }

    private final class Epoch implements Iterator<Batch> {
        private final int[] order;
        private final long number = epoch;
        private final Queue<FutureTask<Batch>> made = new ArrayDeque<>();
        private int begun = next;

        private Epoch(int[] order) {
            this.order = order;
        }

        @Override
        public boolean hasNext() {
            return epoch == number;
        }

        @Override
        public Batch next() {
            if (!hasNext()) {
                throw new NoSuchElementException("epoch " + number + " is over");
            }
            Batch batch = take();
            next++;
            if (next == batches()) {
                next = 0;
                epoch++;
            }
            return batch;
        }

        private Batch take() {
            while (begun < batches() && made.size() <= ahead) {
                int[] indices =
                        Arrays.copyOfRange(
                                order,
                                begun * batchSize,
                                Math.min(order.length, (begun + 1) * batchSize));
                FutureTask<Batch> task = new FutureTask<>(() -> dataset.batch(indices));
                made.add(task);
                begun++;
                if (ahead > 0) {
                    Thread.ofVirtual().name("jebena-batch-" + begun).start(task);
                } else {
                    task.run();
                }
            }
            try {
                return made.remove().get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a batch was made", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException known) {
                    throw known;
                }
                throw new IllegalStateException("a batch could not be made", e.getCause());
            }
        }
    }

    @Override
    public Map<String, Tensor> stateDict() {
        return Map.of(
                "epoch", Tensor.scalar(epoch, DType.INT64),
                "next", Tensor.scalar((long) next, DType.INT64),
                "seed", Tensor.scalar(seed, DType.INT64));
    }

    /// Iterators that were made before must not be used afterwards.
    @Override
    public void loadStateDict(Map<String, Tensor> state) {
        long otherEpoch = StateCheck.integer(state, "epoch");
        long otherNext = StateCheck.integer(state, "next");
        long otherSeed = StateCheck.integer(state, "seed");
        if (otherSeed != seed || otherNext < 0 || otherNext >= batches() || otherEpoch < 0) {
            throw NnException.state(
                    "the loader's state is batch %d of seed %d; this one has %d batches and seed %d",
                    otherNext, otherSeed, batches(), seed);
        }
        epoch = otherEpoch;
        next = (int) otherNext;
    }
}
