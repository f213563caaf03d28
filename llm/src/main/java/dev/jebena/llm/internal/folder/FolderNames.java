package dev.jebena.llm.internal.folder;

import dev.jebena.formats.StoredTensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// GGUF's names for the modules that folders of one architecture have, and the order in which GGUF
/// stores the rows of their matrices.
public final class FolderNames {
    private final List<FolderFamily> families;
    private final TensorChange.Heads heads;

    private FolderNames(List<FolderFamily> families, TensorChange.Heads heads) {
        this.families = families;
        this.heads = heads;
    }

    /// Of a model with this metadata; knows no names where no folder has its architecture.
    public static FolderNames of(Map<String, Object> metadata) {
        String architecture = String.valueOf(metadata.get("general.architecture"));
        return new FolderNames(
                FolderFamilies.BY_MODEL_TYPE.values().stream()
                        .filter(family -> family.architecture().equals(architecture))
                        .toList(),
                ModelFolder.heads(metadata, architecture + "."));
    }

    /// The tensor that a module's weight is, or null.
    ///
    /// @param module as a model's Python class calls it: `model.layers.0.self_attn.q_proj`
    public @Nullable String tensor(String module) {
        for (FolderFamily family : families) {
            FolderFamily.Place place = family.place(module + ".weight");
            if (place != null && place.expert() < 0) {
                return place.name();
            }
        }
        return null;
    }

    /// The rows of something that is added to `tensor`, in the order of GGUF's rows.
    public StoredTensor ordered(String tensor, StoredTensor rows, Arena arena) {
        for (FolderFamily family : families) {
            TensorChange change = family.change(tensor);
            // That one only exchanges what is a row and what a column.
            if (!change.equals(TensorChange.transposed())) {
                return change.toGguf().apply(rows, heads, arena);
            }
        }
        return rows;
    }

    /// A matrix with rows and columns exchanged.
    public static StoredTensor transposed(StoredTensor matrix, Arena arena) {
        return TensorChange.transposed()
                .toGguf()
                .apply(matrix, new TensorChange.Heads(1, 1), arena);
    }
}
