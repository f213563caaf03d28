package dev.jebena.tensor;

import dev.jebena.tensor.internal.PackedOperand;
import dev.jebena.tensor.internal.View;
import dev.jebena.tensor.internal.compiler.Kernels;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Eager execution for the programs of one compiled function, which share packed constants as long
/// as one of them is there.
final class EagerKernels implements Kernels {
    private final Map<Place, WeakReference<PackedOperand>> operands = new HashMap<>();

    /// Which elements a view shows.
    private record Place(long address, DType dtype, Shape shape, List<Long> strides) {
        static Place of(View view) {
            return new Place(
                    view.memory().address() + view.start(),
                    view.dtype(),
                    view.shape(),
                    LongStream.of(view.strides()).boxed().toList());
        }
    }

    @Override
    public void compute(Op op, View[] in, View[] out) {
        Eager.compute(op, in, out);
    }

    @Override
    public @Nullable View view(Op op, View[] in, Shape shape) {
        return Eager.view(op, in, shape);
    }

    @Override
    public PackedOperand packed(View matrix) {
        synchronized (operands) {
            operands.values().removeIf(reference -> reference.get() == null);
            Place place = Place.of(matrix);
            WeakReference<PackedOperand> reference = operands.get(place);
            PackedOperand known = reference == null ? null : reference.get();
            if (known == null) {
                known = PackedOperand.of(matrix);
                operands.put(place, new WeakReference<>(known));
            }
            return known;
        }
    }

    @Override
    public View elements(Tensor tensor) {
        return tensor.view();
    }

    @Override
    public Tensor tensor(View view) {
        return new Tensor(view);
    }
}
