package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Graph;
import dev.jebena.tensor.internal.Storage;
import dev.jebena.tensor.internal.View;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/// Memory of arguments that one run of a [Program] may write results into: of those that were
/// donated, and that nothing else of the run looks at. At the end it belongs to results, or is free
/// for other tensors.
final class Donations {
    /// Storages that were donated; the value is what the storage became, itself so far.
    private final IdentityHashMap<Storage, Storage> offered = new IdentityHashMap<>();

    /// @param values views of the arguments and constants
    Donations(Set<Integer> donated, int arguments, View[] values, Graph graph) {
        Set<Storage> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Storage> shared = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int id = 0; id < arguments; id++) {
            Storage storage = values[id].storage();
            if (!seen.add(storage) || !donated.contains(id) || !storage.isPooled()) {
                shared.add(storage);
            }
        }
        graph.constants().keySet().forEach(id -> shared.add(values[id].storage()));
        for (int id : donated) {
            Storage storage = values[id].storage();
            if (!shared.contains(storage)) {
                offered.put(storage, storage);
            }
        }
    }

    /// Whether a result may lie where an argument does.
    boolean isOffered(View argument) {
        return offered.containsKey(argument.storage()) && argument.isContiguous();
    }

    /// A result as its new owner sees it.
    View result(View view) {
        Storage own = offered.get(view.storage());
        if (own == null) {
            return view;
        }
        if (own == view.storage()) {
            own = own.move();
            offered.put(view.storage(), own);
        }
        return new View(view.dtype(), view.shape(), own, view.offset(), view.strides());
    }

    /// What no result took.
    void release() {
        offered.forEach((storage, owner) -> {
            if (storage == owner) {
                storage.release();
            }
        });
    }
}
