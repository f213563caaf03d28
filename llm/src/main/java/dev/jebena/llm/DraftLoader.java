package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.KvPages;
import dev.jebena.compute.Workers;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.internal.engine.DraftModel;
import dev.jebena.llm.internal.folder.ModelFolder;
import dev.jebena.llm.internal.model.Architectures;
import dev.jebena.llm.internal.model.Graph;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.model.Weights;
import dev.jebena.tokenizers.Tokenizer;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/// Loads the model that guesses tokens for another one, into the other's memory and threads.
final class DraftLoader {
    /// Vocabularies may be padded differently.
    private static final int PADDING = 128;

    /// A loaded draft model.
    ///
    /// @param ownBytes native memory besides its cache and the mapped file
    record Draft(DraftModel model, TensorFile file, KvPool kv, long ownBytes) {}

    private DraftLoader() {}

    /// @param tokenizer of the model that it guesses for
    /// @param context of that model
    static Draft load(
            Path path,
            LlmOptions options,
            Arena arena,
            Kernels kernels,
            Workers workers,
            Tokenizer tokenizer,
            int context) {
        if (!Files.exists(path)) {
            throw new LlmException(LlmException.Code.BAD_MODEL, "there is no draft model " + path);
        }
        boolean folder = Files.isDirectory(path);
        TensorFile file = folder ? ModelFolder.open(path) : Gguf.open(path);
        try {
            checkVocabulary(
                    path,
                    tokenizer,
                    folder
                            ? Tokenizer.ofJson(path.resolve("tokenizer.json"))
                            : Tokenizer.ofGguf(file.metadata()));
            file.tensors().values().stream()
                    .filter(tensor -> tensor.shape().size() > 1)
                    .map(StoredTensor::type)
                    .distinct()
                    .forEach(kernels::expect);
            Weights weights = new Weights(file, kernels, arena, context);
            Graph graph = Architectures.of(weights.architecture()).build(weights);
            if (graph.head() == null) {
                throw new LlmException(
                        LlmException.Code.BAD_MODEL,
                        "draft model %s makes embeddings and cannot guess text".formatted(path));
            }
            if (!graph.memory().rewinds()) {
                throw new LlmException(
                        LlmException.Code.BAD_MODEL,
                        "draft model %s cannot take a guess back: its architecture keeps a state instead of keys and values"
                                .formatted(path));
            }
            weights.pack(workers);
            LlmOptions own = options.kvPositions(0).contextLength(0);
            if (!KvPages.supports(own.kvType(), graph.shape().headDim())) {
                own = own.kvType(DataType.F16);
            }
            ModelMemory memory = ModelMemory.plan(graph, own);
            KvPool kv = new KvPool(arena, graph, memory.kvType(), memory.pages());
            int sequences = options.maxSequences();
            Pass pass = new Pass(arena, graph, kernels, workers, kv, memory.batchRows(), sequences);
            DraftModel model =
                    new DraftModel(
                            pass, kv, kernels, memory.context(), memory.batchRows(), sequences);
            return new Draft(model, file, kv, weights.ownBytes() + pass.scratchBytes());
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /// The same ids must be the same tokens.
    private static void checkVocabulary(Path path, Tokenizer target, Tokenizer draft) {
        int common = Math.min(target.vocabularySize(), draft.vocabularySize());
        if (Math.abs(target.vocabularySize() - draft.vocabularySize()) > PADDING) {
            throw otherVocabulary(
                    path,
                    "it has %d tokens, the model has %d"
                            .formatted(draft.vocabularySize(), target.vocabularySize()));
        }
        for (int id = 0; id < common; id++) {
            if (!target.token(id).equals(draft.token(id))) {
                throw otherVocabulary(
                        path,
                        "token %d is '%s' there, '%s' in the model"
                                .formatted(id, draft.token(id), target.token(id)));
            }
        }
    }

    private static LlmException otherVocabulary(Path path, String difference) {
        return new LlmException(
                LlmException.Code.BAD_REQUEST,
                "draft model %s has another vocabulary: %s; take a smaller model of the same family"
                        .formatted(path, difference));
    }
}
