package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The models on this machine.
public final class ModelStore {
    private final BlobStore blobs;

    private ModelStore(Path home) {
        this.blobs = BlobStore.open(home.resolve("models").resolve("blobs"));
    }

    /// The store in this data folder (`JEBENA_HOME`), which is made when it is missing.
    public static ModelStore open(Path home) {
        return new ModelStore(home);
    }

    /// Where uploads go: `put`, then `pin` until they are used in [#create].
    public BlobStore blobs() {
        return blobs;
    }

    /// All models, the last modified first.
    public List<ModelSummary> list() {
        throw skeleton();
    }

    /// The model of this name; empty when there is none.
    public Optional<StoredModel> find(String name) {
        throw skeleton();
    }

    /// The model of this name. Throws NOT_FOUND that names similar ones.
    public StoredModel model(String name) {
        throw skeleton();
    }

    /// What the model's file says about itself; opens the file.
    public ModelMetadata metadata(StoredModel model) {
        throw skeleton();
    }

    /// A Modelfile that creates the model again.
    public String modelfile(StoredModel model) {
        throw skeleton();
    }

    /// Gives the model a second name; replaces what had it.
    public void copy(String source, String destination) {
        throw skeleton();
    }

    /// Removes the name, and the parts that no other model uses. Throws NOT_FOUND.
    public void remove(String name) {
        throw skeleton();
    }

    /// Makes a model from others or from files; replaces what had the name.
    public StoredModel create(String name, ModelRecipe recipe, ProgressListener listener) {
        throw skeleton();
    }

    private static Problem skeleton() {
        return new Problem(Problem.Code.NOT_IMPLEMENTED, "skeleton");
    }
}
