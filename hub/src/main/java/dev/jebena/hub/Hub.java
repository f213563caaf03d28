package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.nio.file.Path;
import java.util.Map;

/// The models on this machine and the places they come from.
///
/// ```java
/// Hub hub = Hub.open(Hub.home(System.getenv()));
/// StoredModel model = hub.obtain("smollm2", PullOptions.defaults(), ProgressListener.none());
/// try (Llm llm = Llm.load(model.path())) { ... }
/// ```
public final class Hub {
    private final ModelStore store;

    private Hub(Path home, Map<String, String> environment) {
        assert !environment.containsKey("");
        this.store = ModelStore.open(home);
    }

    /// The data folder: `JEBENA_HOME`, or `.jebena` in the user's home.
    public static Path home(Map<String, String> environment) {
        String home = environment.get("JEBENA_HOME");
        return home == null || home.isBlank()
                ? Path.of(System.getProperty("user.home"), ".jebena")
                : Path.of(home);
    }

    /// The hub with this data folder and the settings of the process's environment.
    public static Hub open(Path home) {
        return open(home, System.getenv());
    }

    /// @param environment `HF_ENDPOINT`, `HF_TOKEN`, `PATH`, ...
    public static Hub open(Path home, Map<String, String> environment) {
        return new Hub(home, environment);
    }

    public ModelStore store() {
        return store;
    }

    /// A model that is on this machine: a name in the store, or the path of a GGUF file or a
    /// folder. Asks no other machine. Throws NOT_FOUND whose remedy is the pull command where the
    /// name is known.
    public StoredModel resolve(String nameOrPath) {
        throw skeleton();
    }

    /// Fetches a model, also when it is there already (then what is missing or newer).
    public StoredModel pull(String name, PullOptions options, ProgressListener listener) {
        throw skeleton();
    }

    /// [#resolve], and when it is not there [#pull].
    public StoredModel obtain(String nameOrPath, PullOptions options, ProgressListener listener) {
        throw skeleton();
    }

    /// The terms of a model that could be pulled; may ask its hub.
    public ModelLicense license(String name) {
        throw skeleton();
    }

    /// [ModelStore#create]; a base that is missing is pulled first.
    public StoredModel create(
            String name, ModelRecipe recipe, PullOptions options, ProgressListener listener) {
        throw skeleton();
    }

    private static Problem skeleton() {
        return new Problem(Problem.Code.NOT_IMPLEMENTED, "skeleton");
    }
}
