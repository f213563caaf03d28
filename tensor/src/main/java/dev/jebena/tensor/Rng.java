package dev.jebena.tensor;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Random numbers by Philox 4x32-10 (Salmon et al. 2011): number i of a draw is a function of seed,
/// position and i, so it does not depend on threads. Each draw moves the position on by the numbers
/// it took.
///
/// It is an argument wherever chance is needed. Two with the same seed and position give the same.
public final class Rng {
    private final long seed;
    private final AtomicLong position;

    private Rng(long seed, long position) {
        this.seed = seed;
        this.position = new AtomicLong(position);
        RandomSources sources = RandomSources.current();
        if (sources != null) {
            sources.made(this);
        }
    }

    public static Rng seed(long seed) {
        return new Rng(seed, 0);
    }

    /// A generator that goes on where another one stood.
    public static Rng at(long seed, long position) {
        return new Rng(seed, position);
    }

    public long seed() {
        return seed;
    }

    /// How many groups of four numbers were drawn.
    public long position() {
        RandomSources sources = sources();
        return sources == null ? now() : sources.position(this);
    }

    /// Moves to a place where this or another generator stood.
    public void moveTo(long place) {
        RandomSources sources = sources();
        if (sources == null) {
            position.set(place);
        } else {
            sources.moveTo(this, place);
        }
    }

    /// An independent generator, for instance for another thread.
    public Rng split() {
        if (sources() != null) {
            throw TensorException.unknown(
                    "split: a compiled function cannot split a generator from outside, since it"
                            + " would get the same one at each run; split it before");
        }
        long next = position.getAndAdd(1);
        return new Rng((seed + 0x9E3779B97F4A7C15L) ^ Long.reverse(next * 2 + 1), 0);
    }

    /// Those of the function that is being compiled, if this generator comes from outside.
    private @Nullable RandomSources sources() {
        RandomSources sources = RandomSources.current();
        return sources == null || sources.isInner(this) ? null : sources;
    }

    /// The position, also while a function that draws is compiled.
    long now() {
        return position.get();
    }

    /// The position, which then moves on.
    long take(long groups) {
        return position.getAndAdd(groups);
    }

    /// Seed and position of the next `size` numbers.
    private Tensor draw(long size) {
        long groups = (size + 3) / 4;
        RandomSources sources = sources();
        if (sources != null) {
            return sources.draw(this, groups);
        }
        return Tensor.of(new long[] {seed, position.getAndAdd(groups)}, 2);
    }

    private Tensor random(Op.Distribution distribution, Shape shape, DType dtype) {
        return Dispatch.one(new Op.Random(distribution, shape, dtype), draw(2 * shape.size()));
    }

    /// Float32 numbers in [0, 1).
    public Tensor uniform(int... shape) {
        return uniform(Shape.of(shape), DType.FLOAT32);
    }

    public Tensor uniform(Shape shape, DType dtype) {
        return random(Op.Distribution.UNIFORM, shape, dtype);
    }

    /// Float32 numbers of mean 0 and variance 1.
    public Tensor normal(int... shape) {
        return normal(Shape.of(shape), DType.FLOAT32);
    }

    public Tensor normal(Shape shape, DType dtype) {
        return random(Op.Distribution.NORMAL, shape, dtype);
    }

    /// Int64 numbers from `low` to `high` - 1.
    public Tensor randint(long low, long high, int... shape) {
        if (low >= high) {
            throw TensorException.value("randint: no number from %d to below %d", low, high);
        }
        Tensor bits = random(Op.Distribution.BITS, Shape.of(shape), DType.INT64);
        Tensor positive = bits.and(Tensor.scalar(Long.MAX_VALUE, DType.INT64));
        return positive.remainder(Tensor.scalar(high - low, DType.INT64))
                .add(Tensor.scalar(low, DType.INT64));
    }

    /// Booleans that are true with probability `p`.
    public Tensor bernoulli(double p, int... shape) {
        return uniform(shape).lt(p);
    }

    /// Booleans that are true with the probabilities of a tensor.
    public Tensor bernoulli(Tensor p) {
        return uniform(p.shape(), p.dtype()).lt(p);
    }

    /// The numbers 0 to `n` - 1 in random order, int64.
    public Tensor permutation(int n) {
        return random(Op.Distribution.BITS, Shape.of(n), DType.INT64).argsort(0, false);
    }

    /// `count` indices along the last axis, drawn with the weights of `[..., n]`, with replacement.
    public Tensor multinomial(Tensor weights, int count) {
        Tensor sums = weights.to(DType.FLOAT64).cumsum(-1);
        Shape shape = weights.shape().with(-1, count);
        Tensor total = sums.slice(-1, weights.dim(-1) - 1, weights.dim(-1));
        Tensor drawn = uniform(shape, DType.FLOAT64).mul(total);
        return sums.unsqueeze(-2).le(drawn.unsqueeze(-1)).sum(-1);
    }

    /// A seed and generator for `java.util` from this one.
    public long nextLong() {
        return random(Op.Distribution.BITS, Shape.scalar(), DType.INT64).itemLong();
    }
}
