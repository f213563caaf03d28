package dev.jebena.tensor;

import dev.jebena.tensor.Value.Mapped;

/// Mapping over a batch: an op of mapped values becomes an op of whole batches.
final class BatchLevel extends Level {
    private final int count;

    BatchLevel(int count) {
        super(newDepth());
        this.count = count;
    }

    int count() {
        return count;
    }

    /// One element of `all`, which stands for each of them.
    Tensor lift(Tensor all) {
        return new Tensor(all.shape().without(0), all.dtype(), new Mapped(this, all));
    }

    boolean owns(Tensor tensor) {
        return tensor.value() instanceof Mapped mapped && mapped.level() == this;
    }

    /// The whole batch of which this is one element; a value that is the same for all is repeated.
    Tensor all(Tensor tensor) {
        if (tensor.value() instanceof Mapped mapped && mapped.level() == this) {
            return mapped.all();
        }
        return tensor.unsqueeze(0).expand(tensor.shape().insert(0, count));
    }

    @Override
    Tensor[] run(Op op, Tensor[] inputs) {
        Tensor[] results = Batching.run(op, this, inputs);
        Tensor[] lifted = new Tensor[results.length];
        for (int i = 0; i < lifted.length; i++) {
            lifted[i] = lift(results[i]);
        }
        return lifted;
    }
}
