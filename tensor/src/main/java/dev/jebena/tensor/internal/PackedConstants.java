package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.stream.LongStream;

/// Operands of eager execution as kernels want them, as long as their memory is there. What comes
/// once is not kept: it may be no constant.
final class PackedConstants<T> {
    private final Map<Storage, Map<Place, List<T>>> known = new WeakHashMap<>();

    /// Which elements of a storage a view shows.
    private record Place(DType dtype, Shape shape, long offset, List<Long> strides) {
        static Place of(View view) {
            List<Long> strides = LongStream.of(view.strides()).boxed().toList();
            return new Place(view.dtype(), view.shape(), view.offset(), strides);
        }
    }

    /// @param pack its result must not hold the view
    T of(View view, Function<View, T> pack) {
        Place place = Place.of(view);
        boolean again;
        synchronized (known) {
            Map<Place, List<T>> own = known.computeIfAbsent(view.storage(), key -> new HashMap<>());
            List<T> packed = own.get(place);
            if (packed != null && !packed.isEmpty()) {
                return packed.getFirst();
            }
            again = packed != null;
            own.putIfAbsent(place, List.of());
        }
        T packed = pack.apply(view);
        if (again) {
            synchronized (known) {
                known.computeIfAbsent(view.storage(), key -> new HashMap<>())
                        .put(place, List.of(packed));
            }
        }
        return packed;
    }
}
