package dev.jebena.formats;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tensor as a PyTorch pickle describes it: a view of a storage that lies elsewhere.
record TorchTensor(Storage storage, ElementType type, StridedView view) {
    /// Elements outside of the pickle.
    ///
    /// @param type of the elements; null for bytes whose meaning the tensor says
    /// @param key its name in the file
    /// @param elements how many, of `type` or bytes
    /// @param first of a storage that is part of another: its first element there
    record Storage(@Nullable ElementType type, String key, long elements, long first) {}

    /// A storage class or element type that a pickle names.
    record Type(String name, @Nullable ElementType type) {}

    static TorchTensor of(
            Storage storage, ElementType type, Object offset, Object shape, Object strides) {
        if (!(offset instanceof Long first)
                || first < 0
                || !(shape instanceof List<?> dimensions)
                || !(strides instanceof List<?> steps)
                || steps.size() != dimensions.size()
                || first > Long.MAX_VALUE - storage.first) {
            throw new IllegalArgumentException(
                    "a tensor must have an offset, a shape and as many strides");
        }
        StridedView view =
                new StridedView(
                        Shapes.of(dimensions, IllegalArgumentException::new),
                        first + storage.first,
                        Shapes.of(steps, IllegalArgumentException::new));
        return new TorchTensor(storage, type, view);
    }
}
