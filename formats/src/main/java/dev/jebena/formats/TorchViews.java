package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/// The elements of tensors: slices of their storages, or copies where their order differs.
final class TorchViews {
    private static final long ALWAYS_COPIED = 256L << 20;
    private static final int COPIED_TIMES = 4;

    private final MappedFile file;
    private final Function<TorchTensor.Storage, MemorySegment> storages;
    private long copied;

    /// @param storages finds a storage's bytes
    TorchViews(MappedFile file, Function<TorchTensor.Storage, MemorySegment> storages) {
        this.file = file;
        this.storages = storages;
    }

    PlainTensor tensor(String name, TorchTensor tensor) {
        ElementType type = tensor.type();
        StridedView view = tensor.view();
        int width = type.bits() / 8;
        long bytes = Shapes.bytes(type, view.shape(), what -> problem(name, what));
        MemorySegment storage = storages.apply(tensor.storage());
        long end;
        try {
            end = view.end();
        } catch (ArithmeticException e) {
            end = Long.MAX_VALUE;
        }
        if (end > storage.byteSize() / width) {
            throw problem(
                    name,
                    "%s%s at offset %d with strides %s ends at element %d, but its storage %s has %d"
                            .formatted(
                                    type,
                                    Shapes.shown(view.shape()),
                                    view.offset(),
                                    Shapes.shown(view.strides()),
                                    end,
                                    Names.quoted(tensor.storage().key()),
                                    storage.byteSize() / width));
        }
        if (bytes == 0) {
            return new PlainTensor(name, type, view.shape(), storage.asSlice(0, 0).asReadOnly());
        }
        if (view.isContiguous()) {
            MemorySegment data = storage.asSlice(view.offset() * width, bytes);
            return new PlainTensor(name, type, view.shape(), data);
        }
        return new PlainTensor(name, type, view.shape(), copy(name, storage, view, width, bytes));
    }

    private MemorySegment copy(
            String name, MemorySegment storage, StridedView view, int width, long bytes) {
        long most = Math.max(ALWAYS_COPIED, file.size() * COPIED_TIMES);
        if (bytes > most - copied) {
            throw problem(
                    name,
                    "%s with strides %s takes %d bytes, and all views that must be copied may take %d; save it as tensor.contiguous()"
                            .formatted(
                                    Shapes.shown(view.shape()),
                                    Shapes.shown(view.strides()),
                                    bytes,
                                    most));
        }
        copied += bytes;
        MemorySegment target = file.allocate(bytes);
        view.copy(storage, width, target);
        return target.asReadOnly();
    }

    private FormatException problem(String name, String what) {
        return file.problem("the tensor " + Names.quoted(name) + ": " + what);
    }
}
