package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.formats.FormatException;
import dev.jebena.llm.Llm;
import dev.jebena.transformers.internal.model.Checkpoint;
import dev.jebena.transformers.internal.model.EncoderModel;
import dev.jebena.transformers.internal.model.ModelConfig;
import dev.jebena.transformers.internal.model.SequenceModel;
import dev.jebena.transformers.internal.model.SequenceModels;
import dev.jebena.transformers.internal.model.TextModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Puts a folder's model, tokenizer and settings together for a task.
final class PipelineBuilder {
    private final Path folder;
    private final ModelConfig config;
    private final TransformersOptions options;

    PipelineBuilder(Path folder, ModelConfig config, TransformersOptions options) {
        this.folder = folder;
        this.config = config;
        this.options = options;
    }

    Pipeline build(Task<?> task) {
        try {
            return task == Task.TEXT_GENERATION
                    ? new TextGeneration(
                            Llm.load(folder, options.engine()),
                            ModelConfig.optional(folder.resolve("generation_config.json")))
                    : network(task);
        } catch (FormatException e) {
            throw new Problem(Problem.Code.BAD_FILE, e.getMessage() + "", null, e);
        }
    }

    private Pipeline network(Task<?> task) {
        expectHead(task);
        Checkpoint checkpoint = Checkpoint.open(folder);
        TextReader reader = TextReader.of(folder);
        return switch (task.id()) {
            case "feature-extraction" ->
                    new FeatureExtraction(reader, EncoderModel.of(config, checkpoint, null));
            case "sentence-similarity" ->
                    new SentenceSimilarity(
                            reader, EncoderModel.of(config, checkpoint, null), folder);
            case "fill-mask" ->
                    new FillMask(
                            reader, EncoderModel.of(config, checkpoint, EncoderModel.Kind.MASKS));
            case "text-classification" ->
                    new TextClassification(
                            scorer(reader, SequenceModels.classifier(config, checkpoint)), config);
            case "zero-shot-classification" ->
                    new ZeroShotClassification(
                            scorer(reader, SequenceModels.classifier(config, checkpoint)), config);
            case "token-classification" ->
                    new TokenClassification(
                            scorer(
                                    reader,
                                    EncoderModel.of(config, checkpoint, EncoderModel.Kind.TOKENS)),
                            config);
            case "question-answering" ->
                    new QuestionAnswering(
                            scorer(
                                    reader,
                                    EncoderModel.of(config, checkpoint, EncoderModel.Kind.SPANS)));
            case "summarization" -> writer(Task.SUMMARIZATION, reader, checkpoint);
            case "translation" -> writer(Task.TRANSLATION, reader, checkpoint);
            default -> writer(Task.TEXT_TO_TEXT, reader, checkpoint);
        };
    }

    private static TextScorer scorer(TextReader reader, TextModel model) {
        return new TextScorer(reader, model);
    }

    private TextToText writer(Task<TextToText> task, TextReader reader, Checkpoint checkpoint) {
        SequenceModel model = SequenceModels.of(config, checkpoint);
        ModelConfig ofTasks = config.child("task_specific_params");
        ModelConfig ofTask = ofTasks.child(taskName(task, ofTasks));
        return new TextToText(
                task,
                reader,
                model,
                WritingOptions.of(
                        ModelConfig.optional(folder.resolve("generation_config.json")),
                        config,
                        ofTask,
                        model.longest()),
                ofTask.text("prefix", config.text("prefix", "")));
    }

    /// A translator's settings stand under its languages (`translation_en_to_de`): the first.
    private static String taskName(Task<TextToText> task, ModelConfig ofTasks) {
        return ofTasks.values().keySet().stream()
                .filter(name -> name.equals(task.id()) || name.startsWith(task.id() + "_"))
                .findFirst()
                .orElse(task.id());
    }

    /// Says at once that the weights lack what a task needs, and what they are for.
    private void expectHead(Task<?> task) {
        Map<String, List<String>> needed =
                Map.of(
                        "fill-mask", List.of("ForMaskedLM", "ForPreTraining"),
                        "text-classification", List.of("ForSequenceClassification"),
                        "zero-shot-classification", List.of("ForSequenceClassification"),
                        "token-classification", List.of("ForTokenClassification"),
                        "question-answering", List.of("ForQuestionAnswering"));
        List<String> endings = needed.getOrDefault(task.id(), List.of());
        List<String> names = config.architectures();
        boolean fits =
                endings.isEmpty()
                        || names.isEmpty()
                        || names.stream()
                                .anyMatch(name -> endings.stream().anyMatch(name::endsWith));
        if (!fits) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "%s: its model is a %s, %s needs one whose name ends in %s"
                            .formatted(folder, names.getFirst(), task, endings.getFirst()),
                    "it was made for " + TaskChoice.of(folder, config));
        }
    }
}
