package dev.jebena.data;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An indexed data set in another order.
final class PermutedDataset implements Dataset {
    private final Dataset data;
    private final Permutation permutation;
    private final long size;

    PermutedDataset(Dataset data, long seed) {
        this.data = data;
        this.size = data.count();
        this.permutation = new Permutation(size, seed);
    }

    @Override
    public Features features() {
        return data.features();
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        return new IndexedCursor(this, state);
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(size);
    }

    @Override
    public boolean isIndexed() {
        return true;
    }

    @Override
    public Row row(long number) {
        return data.row(permutation.at(number));
    }
}
