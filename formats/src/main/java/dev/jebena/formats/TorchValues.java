package dev.jebena.formats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sorts what a pickle held into tensors and metadata, both with dotted names.
final class TorchValues {
    private static final int DEEPEST = 64;

    /// Shared lists can stand for more values than there are in memory.
    private static final int MOST_VALUES = 2_000_000;

    private final MappedFile file;
    private final PlainTensors into;
    private final TorchViews views;
    private final Pickle pickle;
    private int values;

    TorchValues(MappedFile file, PlainTensors into, TorchViews views, Pickle pickle) {
        this.file = file;
        this.into = into;
        this.views = views;
        this.pickle = pickle;
    }

    /// @param name of the value; empty for the whole
    void add(String name, @Nullable Object value) {
        add(name, value, 0);
    }

    private void add(String name, @Nullable Object value, int depth) {
        count(depth);
        switch (value) {
            case null -> {}
            case TorchTensor tensor -> {
                String full = name.isEmpty() ? "tensor" : name;
                if (!into.add(views.tensor(full, tensor))) {
                    throw file.problem("there are two tensors called " + Names.quoted(full));
                }
            }
            case Map<?, ?> map -> {
                map.forEach((key, child) -> add(joined(name, key), child, depth + 1));
                if (pickle.attributes(map) instanceof Map<?, ?> attributes) {
                    attributes.forEach((key, child) ->
                            addMetadata(joined(name, key), plain(child, depth + 1)));
                }
            }
            case PickleGlobals.Instance object ->
                    object.fields()
                            .forEach((key, child) -> add(joined(name, key), child, depth + 1));
            case List<?> list when hasTensor(list, depth) -> {
                for (int i = 0; i < list.size(); i++) {
                    add(joined(name, i), list.get(i), depth + 1);
                }
            }
            default -> addMetadata(name.isEmpty() ? "value" : name, plain(value, depth));
        }
    }

    private void addMetadata(String name, @Nullable Object value) {
        if (value != null) {
            into.addMetadata(name, value);
        }
    }

    private boolean hasTensor(Object value, int depth) {
        count(depth);
        return switch (value) {
            case TorchTensor _ -> true;
            case PickleGlobals.Instance _ -> true;
            case Map<?, ?> map ->
                    map.values().stream()
                            .anyMatch(child -> child != null && hasTensor(child, depth + 1));
            case List<?> list ->
                    list.stream().anyMatch(child -> child != null && hasTensor(child, depth + 1));
            default -> false;
        };
    }

    /// A value without tensors for the metadata; tensors and names become text.
    private @Nullable Object plain(@Nullable Object value, int depth) {
        count(depth);
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, child) -> copy.put(String.valueOf(key), plain(child, depth + 1)));
                yield Collections.unmodifiableMap(copy);
            }
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                for (Object child : list) {
                    copy.add(plain(child, depth + 1));
                }
                yield Collections.unmodifiableList(copy);
            }
            case byte[] bytes -> bytes.length + " bytes";
            case TorchTensor.Type type -> type.name();
            case PickleGlobals.Callable _ -> "a function";
            case TorchTensor tensor -> tensor.type() + tensor.view().shape().toString();
            default ->
                    value instanceof Number || value instanceof Boolean ? value : value.toString();
        };
    }

    private void count(int depth) {
        if (depth > DEEPEST) {
            throw file.problem("its values nest deeper than " + DEEPEST);
        }
        if (++values > MOST_VALUES) {
            throw file.problem("it has more than " + MOST_VALUES + " values");
        }
    }

    private static String joined(String name, Object key) {
        return name.isEmpty() ? String.valueOf(key) : name + "." + key;
    }
}
