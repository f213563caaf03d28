package dev.jebena.data;

/// A pass on top of another one.
abstract class WrappedCursor implements RowCursor {
    final RowCursor inner;

    WrappedCursor(RowCursor inner) {
        this.inner = inner;
    }

    @Override
    public DatasetState state() {
        return inner.state();
    }

    @Override
    public void close() {
        inner.close();
    }
}
