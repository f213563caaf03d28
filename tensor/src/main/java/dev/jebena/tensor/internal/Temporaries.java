package dev.jebena.tensor.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Memory that a computation of the library's own took on its way: given back at its end, but for
/// what its results lie in. Only for plain tensors, and only around code that keeps none of them.
///
/// ```java
/// Temporaries temporaries = Temporaries.begin();
/// try {
///     y = ...;
/// } finally {
///     temporaries.end(List.of(y.view()));
/// }
/// ```
public final class Temporaries {
    private static final ThreadLocal<@Nullable Temporaries> CURRENT = new ThreadLocal<>();

    private final @Nullable Temporaries outer = CURRENT.get();
    private final List<Storage> storages = new ArrayList<>();

    private Temporaries() {}

    /// Of this thread, until [#end].
    public static Temporaries begin() {
        Temporaries own = new Temporaries();
        CURRENT.set(own);
        return own;
    }

    static void note(Storage storage) {
        Temporaries current = CURRENT.get();
        if (current != null && storage.isPooled()) {
            current.storages.add(storage);
        }
    }

    /// @param results that stay; of an outer computation they may be temporary
    public void end(List<View> results) {
        CURRENT.set(outer);
        Set<Storage> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        results.forEach(view -> kept.add(view.storage()));
        for (Storage storage : storages) {
            if (!kept.contains(storage)) {
                storage.release();
            } else if (outer != null) {
                outer.storages.add(storage);
            }
        }
    }
}
