package dev.jebena.llm.internal.folder;

import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Puts the experts of a layer, which folders keep apart, one behind the other.
final class FolderExperts {
    private final Arena arena;
    private final Map<String, NavigableMap<Integer, StoredTensor>> byName = new LinkedHashMap<>();

    /// @param arena where they are kept together
    FolderExperts(Arena arena) {
        this.arena = arena;
    }

    void add(StoredTensor tensor, int number) {
        byName.computeIfAbsent(tensor.name(), name -> new TreeMap<>()).put(number, tensor);
    }

    /// The tensors of all experts; throws BAD_MODEL when some are missing or differ in shape.
    List<StoredTensor> together() {
        List<StoredTensor> all = new ArrayList<>();
        byName.forEach((name, experts) -> all.add(together(name, experts)));
        return all;
    }

    private StoredTensor together(String name, NavigableMap<Integer, StoredTensor> experts) {
        StoredTensor first = experts.firstEntry().getValue();
        if (experts.lastKey() != experts.size() - 1) {
            throw bad(
                    "%s: there are %d experts, but the last has number %d; download the model again"
                            .formatted(name, experts.size(), experts.lastKey()));
        }
        MemorySegment data = arena.allocate(first.data().byteSize() * experts.size(), 64);
        long at = 0;
        for (StoredTensor expert : experts.values()) {
            if (!expert.shape().equals(first.shape()) || expert.type() != first.type()) {
                throw bad(
                        "%s: experts differ: %s of shape %s, %s of shape %s"
                                .formatted(
                                        name,
                                        first.type(),
                                        first.shape(),
                                        expert.type(),
                                        expert.shape()));
            }
            MemorySegment.copy(expert.data(), 0, data, at, expert.data().byteSize());
            at += expert.data().byteSize();
        }
        List<Long> shape = new ArrayList<>();
        shape.add((long) experts.size());
        shape.addAll(first.shape());
        return new StoredTensor(name, first.type(), List.copyOf(shape), data);
    }

    private static LlmException bad(String message) {
        return new LlmException(LlmException.Code.BAD_MODEL, message);
    }
}
