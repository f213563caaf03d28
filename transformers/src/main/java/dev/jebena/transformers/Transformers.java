package dev.jebena.transformers;

import dev.jebena.base.ProgressListener;
import dev.jebena.transformers.internal.model.EncoderFamilies;
import dev.jebena.transformers.internal.model.ModelConfig;
import dev.jebena.transformers.internal.model.SequenceModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Loads models of Hugging Face's transformers: a repository of a hub (`org/name`), or a folder.
///
/// ```java
/// try (Pipeline pipeline = Transformers.load("org/name")) {
///     IO.println(pipeline.run("A text", Map.of()));
/// }
/// TextClassification classifier = Transformers.load("org/name", Task.TEXT_CLASSIFICATION);
/// ```
///
/// A folder has `config.json`, the tokenizer's files, and weights in safetensors or in PyTorch's
/// pickles, whole or in parts. Errors are [dev.jebena.base.Problem]s.
public final class Transformers {
    private Transformers() {}

    /// The pipeline for what the model was made for: its card's `pipeline_tag`, or else the class
    /// that `architectures` names. NOT_IMPLEMENTED for an architecture that is not computed.
    public static Pipeline load(String nameOrFolder) {
        return load(nameOrFolder, TransformersOptions.defaults(), ProgressListener.none());
    }

    public static Pipeline load(Path folder) {
        return load(folder.toString());
    }

    /// The pipeline for a task. BAD_REQUEST when the model was made for another one.
    public static <P extends Pipeline> P load(String nameOrFolder, Task<P> task) {
        return load(nameOrFolder, task, TransformersOptions.defaults(), ProgressListener.none());
    }

    public static <P extends Pipeline> P load(Path folder, Task<P> task) {
        return load(folder.toString(), task);
    }

    public static Pipeline load(
            String nameOrFolder, TransformersOptions options, ProgressListener listener) {
        Path folder = ModelSource.folder(nameOrFolder, options, listener);
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        return new PipelineBuilder(folder, config, options).build(TaskChoice.of(folder, config));
    }

    public static <P extends Pipeline> P load(
            String nameOrFolder,
            Task<P> task,
            TransformersOptions options,
            ProgressListener listener) {
        Path folder = ModelSource.folder(nameOrFolder, options, listener);
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        return task.cast(new PipelineBuilder(folder, config, options).build(task));
    }

    /// What a model's folder was made for; empty where its files do not tell.
    public static Optional<Task<?>> taskOf(Path folder) {
        return Optional.ofNullable(
                TaskChoice.find(folder, ModelConfig.read(folder.resolve("config.json"))));
    }

    /// The `model_type`s that are computed, besides those of the engine for text generation.
    public static List<String> architectures() {
        List<String> names = new ArrayList<>(EncoderFamilies.names());
        names.addAll(SequenceModels.names());
        return List.copyOf(names);
    }
}
