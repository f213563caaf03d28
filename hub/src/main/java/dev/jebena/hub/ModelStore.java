package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.base.Suggestions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The models on this machine: manifests by name, their parts as content-addressed blobs. Safe for
/// use by many threads and processes at once, and against being killed at any moment.
public final class ModelStore {
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

    private final BlobStore blobs;
    private final ManifestFiles manifests;
    private final Views views;

    private ModelStore(Path models) {
        this.blobs = BlobStore.open(models.resolve("blobs"));
        this.manifests = new ManifestFiles(models.resolve("manifests"));
        this.views = new Views(models.resolve("views"), blobs);
    }

    /// The store in this data folder (`JEBENA_HOME`), which is made when it is missing.
    public static ModelStore open(Path home) {
        return new ModelStore(home.toAbsolutePath().normalize().resolve("models"));
    }

    /// Where uploads go: `put`, then `pin` until they are used in [#create].
    public BlobStore blobs() {
        return blobs;
    }

    /// All models, the last modified first. One whose manifest is damaged is listed with the format
    /// `damaged`.
    public List<ModelSummary> list() {
        List<ModelSummary> list = new ArrayList<>();
        for (ModelName name : manifests.names()) {
            manifests.read(name).ifPresent(bytes -> list.add(summary(name, bytes)));
        }
        list.sort(
                Comparator.comparing(ModelSummary::modified)
                        .reversed()
                        .thenComparing(m -> m.name().toString()));
        return list;
    }

    private ModelSummary summary(ModelName name, byte[] bytes) {
        ContentId digest = ContentId.of(bytes);
        try {
            Manifest manifest = manifests.parse(name, bytes);
            return new ModelSummary(
                    name,
                    digest,
                    manifest.size(),
                    modified(name),
                    PartReader.details(blobs, manifest));
        } catch (Problem _) {
            return new ModelSummary(
                    name, digest, 0, modified(name), ModelDetails.unknown("damaged"));
        }
    }

    private Instant modified(ModelName name) {
        try {
            return Files.getLastModifiedTime(manifests.file(name)).toInstant();
        } catch (IOException _) {
            return Instant.EPOCH; // removed in this moment
        }
    }

    /// The model of this name; empty when there is none. Throws CORRUPT when a part of it is
    /// missing.
    public Optional<StoredModel> find(String name) {
        return find(ModelName.parse(name));
    }

    Optional<StoredModel> find(ModelName wanted) {
        try (PathLock _ = blobs.hold()) {
            Optional<ModelName> name = manifests.stored(wanted);
            Optional<byte[]> bytes = name.flatMap(manifests::read);
            return bytes.map(b -> load(name.orElseThrow(), b));
        }
    }

    /// The model of this name. Throws NOT_FOUND that names a similar one.
    public StoredModel model(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    private Problem missing(String name) {
        List<String> names = manifests.names().stream().map(ModelName::toString).toList();
        String near = Suggestions.nearest(ModelName.parse(name).toString(), names);
        return new Problem(
                Problem.Code.NOT_FOUND,
                "model '" + name + "' not found",
                near == null
                        ? "fetch it with `jebena pull " + name + "`"
                        : "did you mean " + near + "?");
    }

    private StoredModel load(ModelName name, byte[] bytes) {
        Manifest manifest = manifests.parse(name, bytes);
        checkComplete(name, manifest);
        List<Layer> adapters = manifest.layers(Layer.ADAPTER);
        return new StoredModel(
                name,
                new LazyContentId(bytes),
                manifest.size(),
                modified(name),
                PartReader.details(blobs, manifest),
                ModelBuilder.primary(views, manifest.layers()),
                adapters.stream().map(l -> blobs.path(l.digest())).toList(),
                PartReader.parameters(blobs, manifest),
                PartReader.text(blobs, manifest, Layer.TEMPLATE),
                PartReader.text(blobs, manifest, Layer.SYSTEM),
                manifest.layers(Layer.LICENSE).stream()
                        .map(l -> PartReader.text(blobs, l))
                        .toList(),
                PartReader.messages(blobs, manifest),
                manifest.annotations().get(Manifest.SOURCE));
    }

    private void checkComplete(ModelName name, Manifest manifest) {
        for (ContentId id : manifest.blobs()) {
            if (!blobs.contains(id)) {
                throw new Problem(
                        Problem.Code.CORRUPT,
                        "a part of " + name + " is missing: blob " + id,
                        "fetch it again with `jebena pull " + name + "`");
            }
        }
    }

    /// True when the model is there with all its parts.
    boolean isComplete(ModelName name) {
        return manifest(name).map(m -> m.blobs().stream().allMatch(blobs::contains)).orElse(false);
    }

    Optional<Manifest> manifest(ModelName name) {
        try {
            return manifests
                    .stored(name)
                    .flatMap(n -> manifests.read(n).map(b -> manifests.parse(n, b)));
        } catch (Problem _) {
            return Optional.empty();
        }
    }

    /// What the model's file says about itself; opens the file.
    public ModelMetadata metadata(StoredModel model) {
        return ModelInspector.inspect(model.path()).metadata();
    }

    /// The ids of the model's files that a loader reads: weights and adapters.
    public List<ContentId> files(StoredModel model) {
        return manifest(model.name()).stream()
                .flatMap(m -> m.layers().stream())
                .filter(l -> l.isWeights() || l.is(Layer.ADAPTER))
                .map(Layer::digest)
                .toList();
    }

    /// A Modelfile that creates the model again on this machine.
    public String modelfile(StoredModel model) {
        String parent = model.details().parentModel();
        ModelRecipe recipe =
                new ModelRecipe(
                        parent.isEmpty() ? model.path().toString() : parent,
                        java.util.Map.of(),
                        model.adapters().stream().map(Path::toString).toList(),
                        java.util.Map.of(),
                        model.parameters(),
                        model.template(),
                        model.system(),
                        model.licenses(),
                        model.messages());
        return "# jebena create NAME -f Modelfile\n" + Modelfile.print(recipe);
    }

    /// Gives the model a second name; replaces what had it. Throws NOT_FOUND.
    public void copy(String source, String destination) {
        ModelName from = ModelName.parse(source);
        ModelName to = ModelName.parse(destination);
        try (PathLock _ = blobs.hold()) {
            ModelName stored = manifests.stored(from).orElseThrow(() -> missing(source));
            byte[] bytes = manifests.read(stored).orElseThrow(() -> missing(source));
            manifests.write(manifests.stored(to).orElse(to), manifests.parse(stored, bytes));
        }
        collect();
    }

    /// Removes the name, and the parts that no other model uses (later, when another process is
    /// writing just now). Throws NOT_FOUND.
    public void remove(String name) {
        ModelName wanted = ModelName.parse(name);
        boolean removed = manifests.stored(wanted).map(manifests::delete).orElse(false);
        if (!removed) {
            Problem missing = missing(name);
            collect();
            throw missing;
        }
        collect();
    }

    /// Makes a model from another or from files; replaces what had the name. Status lines are those
    /// of Ollama. Throws BAD_REQUEST, BAD_FILE or NOT_FOUND.
    ///
    /// An absolute path in `from` or `adapters` is read from this machine's disk: recipes that came
    /// over the network are made with [ModelRecipe#ofRequest], which refuses them.
    public StoredModel create(String name, ModelRecipe recipe, ProgressListener listener) {
        ModelName parsed = ModelName.parse(name);
        StoredModel model;
        try (PathLock _ = blobs.hold()) {
            ModelBuilder builder = new ModelBuilder(blobs, manifests, views, listener);
            model = commit(parsed, builder.build(recipe), listener);
        }
        recipe.files().values().forEach(blobs::unpin);
        recipe.adapterFiles().values().forEach(blobs::unpin);
        collect();
        return model;
    }

    /// Gives these parts the name. The caller holds the blob store.
    StoredModel commit(ModelName wanted, Manifest manifest, ProgressListener listener) {
        listener.on(Progress.status("manifest", "writing manifest"));
        ModelName name = manifests.stored(wanted).orElse(wanted);
        checkComplete(name, manifest);
        manifests.write(name, manifest);
        return load(name, manifest.toBytes());
    }

    /// Where a model that has all these parts came from.
    Optional<String> sourceOf(List<Layer> layers) {
        Set<ContentId> wanted = new HashSet<>();
        layers.forEach(l -> wanted.add(l.digest()));
        return manifests.names().stream()
                .flatMap(n -> manifest(n).stream())
                .filter(m -> m.blobs().containsAll(wanted))
                .flatMap(m -> Optional.ofNullable(m.annotations().get(Manifest.SOURCE)).stream())
                .findFirst();
    }

    ModelBuilder builder(ProgressListener listener) {
        return new ModelBuilder(blobs, manifests, views, listener);
    }

    /// Removes parts that no model uses and what killed processes left. Empty when another process
    /// is writing just now: then a later call does it.
    public Optional<Blobs.Collected> collect() {
        return blobs.collect(this::referenced);
    }

    /// All digests that stand in manifests, also in damaged ones: whatever could be wanted is kept.
    private Set<ContentId> referenced() {
        Set<ContentId> used = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (ModelName name : manifests.names()) {
            String text =
                    new String(manifests.read(name).orElse(new byte[0]), StandardCharsets.UTF_8);
            Matcher digest = DIGEST.matcher(text);
            while (digest.find()) {
                used.add(new ContentId(digest.group(1)));
            }
            manifest(name).ifPresent(m -> keys.add(Views.key(ModelBuilder.titled(m.weights()))));
        }
        try {
            views.keepOnly(keys);
        } catch (IOException e) {
            throw Problem.storage("cannot clean up", e);
        }
        return used;
    }
}
