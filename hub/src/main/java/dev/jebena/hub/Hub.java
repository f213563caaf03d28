package dev.jebena.hub;

import dev.jebena.base.JebenaHome;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.base.Suggestions;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The models on this machine and the places they come from.
///
/// ```java
/// Hub hub = Hub.open(Hub.home(System.getenv()));
/// StoredModel model = hub.obtain("smollm2", PullOptions.defaults(), ProgressListener.none());
/// try (Llm llm = Llm.load(model.path())) { ... }
/// ```
///
/// A model is named by a short name of the [Catalog] (`smollm2`), by a repository of a Hugging
/// Face-compatible hub (`hf.co/user/repository`, with `:Q4_K_M` or `:file.gguf`; `hf://...`; the
/// hub's own addresses), by its place in a registry like Ollama's (`host/namespace/model:tag`), by
/// a name given with `create`, or by the path of a GGUF file or a folder.
public final class Hub {
    private final Path home;
    private final Map<String, String> environment;
    private final ModelStore store;
    private final Licenses licenses;
    private final Http http;

    /// The client is made on first use: most commands need no network.
    private static final class Http {
        private final Duration patience;
        private final Map<String, String> environment;
        private @Nullable HttpFetch fetch;

        Http(Duration patience, Map<String, String> environment) {
            this.patience = patience;
            this.environment = environment;
        }

        synchronized HttpFetch get() {
            if (fetch == null) {
                fetch = new HttpFetch(patience, environment);
            }
            return fetch;
        }
    }

    private Hub(Path home, Map<String, String> environment, Duration patience) {
        this.home = home.toAbsolutePath().normalize();
        this.environment = Map.copyOf(environment);
        this.store = ModelStore.open(this.home);
        this.licenses = new Licenses(this.home.resolve("models").resolve("licenses"));
        this.http = new Http(patience, this.environment);
    }

    /// The data folder: `JEBENA_HOME`, or `.jebena` in the user's home.
    public static Path home(Map<String, String> environment) {
        return JebenaHome.of(environment);
    }

    /// The hub with the standard data folder and the settings of the process's environment.
    public static Hub standard() {
        return open(home(System.getenv()));
    }

    /// The hub with this data folder and the settings of the process's environment.
    public static Hub open(Path home) {
        return open(home, System.getenv());
    }

    /// @param environment `HF_ENDPOINT`, `HF_TOKEN`; `JEBENA_PIP`, `JEBENA_NPM`, `JEBENA_MVN` for
    ///   package managers that are not on the path
    public static Hub open(Path home, Map<String, String> environment) {
        return open(home, environment, Duration.ofSeconds(30));
    }

    /// @param patience how long a hub may stay silent
    static Hub open(Path home, Map<String, String> environment, Duration patience) {
        return new Hub(home, environment, patience);
    }

    /// The data folder.
    public Path home() {
        return home;
    }

    public ModelStore store() {
        return store;
    }

    /// The short names that can be pulled.
    public Catalog catalog() {
        return Catalog.load(home);
    }

    /// A model that is on this machine: a name in the store (also another name of the same catalog
    /// entry), or the path of a GGUF file or a folder. Asks no other machine. Throws NOT_FOUND
    /// whose remedy is the pull command where the name is known.
    public StoredModel resolve(String nameOrPath) {
        Path path = LocalModel.path(nameOrPath);
        if (path != null) {
            return LocalModel.of(path);
        }
        ModelName name = ModelReference.parse(nameOrPath).name();
        return find(name).orElseThrow(() -> missing(nameOrPath, name));
    }

    private Optional<StoredModel> find(ModelName name) {
        Optional<StoredModel> found = store.find(name);
        if (found.isPresent() || isRegistry(name)) {
            return found;
        }
        return catalog().find(name).stream()
                .flatMap(entry -> entry.names().stream())
                .flatMap(other -> store.find(other).stream())
                .findFirst();
    }

    private Problem missing(String given, ModelName name) {
        boolean known =
                ModelReference.parse(given).repository() != null
                        || isRegistry(name)
                        || catalog().find(name).isPresent();
        List<String> names = new ArrayList<>();
        store.list().forEach(m -> names.add(m.name().toString()));
        catalog().entries().forEach(e -> e.names().forEach(n -> names.add(n.toString())));
        String near = Suggestions.nearest(name.toString(), names);
        String remedy =
                known
                        ? "fetch it with `jebena pull " + given + "`"
                        : near != null
                                ? "did you mean " + near.replaceFirst(":latest$", "") + "?"
                                : "`jebena list` shows the models on this machine; a repository of a hub is written hf.co/user/repository";
        return new Problem(Problem.Code.NOT_FOUND, "model '" + given + "' not found", remedy);
    }

    /// Brings all files of a repository, `org/name` or `datasets/org/name`, to the cache that
    /// Hugging Face's Python client uses too, and returns their folder. More is in [HubClient].
    public Path snapshot(String repository) {
        return HubClient.of(HubSettings.of(environment), http.get())
                .snapshot(
                        RepoId.parse(repository, RepoId.Kind.MODEL),
                        SnapshotOptions.defaults(),
                        ProgressListener.none());
    }

    /// Fetches a model, also when it is there already (then what is missing or newer). Status lines
    /// begin with `pulling manifest` and end with `success`. Throws LICENSE_NOT_ACCEPTED for a
    /// licence that is not open, until it has been accepted once for the model.
    public StoredModel pull(String name, PullOptions options, ProgressListener listener) {
        listener.on(Progress.status("manifest", "pulling manifest"));
        ModelReference reference = ModelReference.parse(name);
        if (reference.repository() != null) {
            return pull(reference.name(), reference.repository(), options, listener);
        }
        if (isRegistry(reference.name())) {
            return new RegistryPull(store, http.get(), licenses, listener)
                    .pull(reference.name(), options);
        }
        CatalogEntry entry =
                catalog().find(reference.name()).orElseThrow(() -> unknown(name, reference.name()));
        licenses.check(
                entry.names().getFirst(), entry.license(), options.acceptLicense(), listener);
        if (store.isComplete(reference.name()) && isOf(entry, reference.name())) {
            listener.on(Progress.status("manifest", "success"));
            return store.model(reference.name().full());
        }
        return new CatalogPull(store, http.get(), home, environment)
                .pull(reference.name(), entry, token(options), listener);
    }

    /// True when the stored model has all files of the catalog's.
    private boolean isOf(CatalogEntry entry, ModelName name) {
        return store.manifest(name)
                .map(m ->
                        entry.files().stream()
                                .allMatch(
                                        f -> f.sha256() != null && m.blobs().contains(f.sha256())))
                .orElse(false);
    }

    private StoredModel pull(
            ModelName name,
            ModelReference.Repository wanted,
            PullOptions options,
            ProgressListener listener) {
        HubRepository repository = repository(wanted, options);
        ModelLicense license = repository.license();
        licenses.check(name, license, options.acceptLicense(), listener);
        List<WantedFile> files =
                HubChoice.choose(wanted.id(), wanted.selector(), repository.files());
        Source source = new HubSource(repository, http.get(), store.blobs());
        return new Puller(store, home.resolve("models").resolve("locks"), listener)
                .pull(name, license, files, List.of(source));
    }

    private HubRepository repository(ModelReference.Repository wanted, PullOptions options) {
        String endpoint = wanted.endpoint();
        // The token belongs to the hub of the settings: no other host may see it.
        String token = endpoint == null ? token(options) : options.token();
        return new HubRepository(
                http.get(),
                endpoint == null ? HubSettings.endpoint(environment) : endpoint,
                wanted.id(),
                wanted.revision(),
                token);
    }

    private @Nullable String token(PullOptions options) {
        return options.token() != null ? options.token() : HubSettings.token(environment);
    }

    private Problem unknown(String given, ModelName name) {
        List<String> names = new ArrayList<>();
        catalog().entries().forEach(e -> e.names().forEach(n -> names.add(n.toString())));
        String near = Suggestions.nearest(name.toString(), names);
        return new Problem(
                Problem.Code.NOT_FOUND,
                "pull model manifest: '" + given + "' is not in the catalog",
                near != null
                        ? "did you mean " + near.replaceFirst(":latest$", "") + "?"
                        : "a repository of a hub is written hf.co/user/repository");
    }

    /// [#resolve], and when it is not there [#pull].
    public StoredModel obtain(String nameOrPath, PullOptions options, ProgressListener listener) {
        try {
            return resolve(nameOrPath);
        } catch (Problem e) {
            boolean fetch = e.code() == Problem.Code.NOT_FOUND || e.code() == Problem.Code.CORRUPT;
            if (!fetch || LocalModel.looksLikePath(nameOrPath)) {
                throw e;
            }
            ModelReference reference = ModelReference.parse(nameOrPath);
            if (reference.repository() == null
                    && !isRegistry(reference.name())
                    && catalog().find(reference.name()).isEmpty()) {
                throw e;
            }
            return pull(nameOrPath, options, listener);
        }
    }

    private static boolean isRegistry(ModelName name) {
        return !name.host().equals(ModelName.DEFAULT_HOST);
    }

    /// The terms of a model that could be pulled; asks its hub where the catalog does not know.
    /// Those of a registry's model are known only when it is pulled: they are empty here.
    public ModelLicense license(String name) {
        ModelReference reference = ModelReference.parse(name);
        if (reference.repository() != null) {
            return repository(reference.repository(), PullOptions.defaults()).license();
        }
        return catalog()
                .find(reference.name())
                .map(CatalogEntry::license)
                .or(() ->
                        isRegistry(reference.name())
                                ? Optional.of(new ModelLicense("", "", ""))
                                : Optional.empty())
                .orElseThrow(() -> unknown(name, reference.name()));
    }

    /// [ModelStore#create]; a base that is missing is pulled first.
    public StoredModel create(
            String name, ModelRecipe recipe, PullOptions options, ProgressListener listener) {
        ModelName.parse(name);
        ModelRecipe resolved = recipe;
        if (recipe.from() != null && !isAbsolute(recipe.from())) {
            StoredModel base = obtain(recipe.from(), options, listener);
            resolved = recipe.withFrom(base.name().full());
        }
        StoredModel model = store.create(name, resolved, listener);
        listener.on(Progress.status("manifest", "success"));
        return model;
    }

    private static boolean isAbsolute(String from) {
        try {
            return Path.of(from).isAbsolute() && Files.exists(Path.of(from));
        } catch (InvalidPathException _) {
            return false;
        }
    }
}
