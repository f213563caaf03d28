package dev.jebena.transformers;

import dev.jebena.hub.HubSettings;
import dev.jebena.llm.LlmOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a model comes from, and how it is run.
///
/// @param revision a branch, a tag or a commit of the repository
/// @param hub the hub, the token for it, and the cache of what was fetched
/// @param engine options of the engine that runs models for text generation
public record TransformersOptions(String revision, HubSettings hub, LlmOptions engine) {
    /// The newest of the hub that the environment names (`HF_ENDPOINT`, `HF_TOKEN`, `HF_HOME`).
    public static TransformersOptions defaults() {
        return new TransformersOptions(
                "main", HubSettings.of(System.getenv()), LlmOptions.defaults());
    }

    public TransformersOptions withRevision(String value) {
        return new TransformersOptions(value, hub, engine);
    }

    public TransformersOptions withHub(HubSettings value) {
        return new TransformersOptions(revision, value, engine);
    }

    public TransformersOptions withToken(@Nullable String value) {
        return withHub(hub.withToken(value));
    }

    public TransformersOptions withCache(Path value) {
        return withHub(hub.withCache(value));
    }

    public TransformersOptions withEngine(LlmOptions value) {
        return new TransformersOptions(revision, hub, value);
    }
}
