package dev.jebena.nn;

/// A numbered list of blocks, which are no function together: PyTorch's `ModuleList`.
public final class Parts extends Block {
    private int count;

    public Parts() {}

    /// Adds a block under the next number.
    public <B extends Block> B add(B block) {
        return part(Integer.toString(count++), block);
    }
}
