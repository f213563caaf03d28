package dev.jebena.llm;

import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A loaded language model and the engine that runs it. Safe for use by many threads: their
/// requests are computed together, and none changes another's answer.
public interface Llm extends AutoCloseable {
    /// Loads a model with default options: a GGUF file (of split files, the first), or a folder
    /// with safetensors, `config.json` and `tokenizer.json`.
    static Llm load(Path path) {
        return load(path, LlmOptions.defaults());
    }

    static Llm load(Path path, LlmOptions options) {
        return LlmLoader.load(path, options);
    }

    /// One question, one answer, default options and what the model suggests.
    default String chat(String message) {
        try (Chat chat = newChat(suggested(Generation.defaults()))) {
            return chat.ask(message);
        }
    }

    /// `base`, changed by how the model's makers want its tokens drawn: `general.sampling.*` of a
    /// GGUF file, `generation_config.json` of a folder.
    default Generation suggested(Generation base) {
        return new SuggestedSampling(info().metadata()).over(base);
    }

    /// A conversation whose answers are made with these options.
    Chat newChat(Generation options);

    /// The prompt for a conversation, by the model's chat template.
    ///
    /// @param variables further template variables: `tools`, `documents`, `enable_thinking`, ...
    String prompt(List<Message> messages, Map<String, ? extends @Nullable Object> variables);

    /// Starts an answer to a prompt of token ids. The ids are used as they are.
    Answer generate(int[] prompt, Generation options);

    /// Starts an answer to a prompt as text; special tokens in it are recognized, BOS is added
    /// where the model wants it.
    default Answer generate(String prompt, Generation options) {
        return generate(tokenizer().encode(prompt), options);
    }

    /// The vector of a text of token ids, which hold the special tokens already. A text longer than
    /// the context is refused.
    Embedding embed(int[] ids);

    /// As [#embed(int[])], but as the model computed it, not of length 1.
    Embedding embedRaw(int[] ids);

    default Embedding embed(String text) {
        return embed(tokenizer().encode(text));
    }

    /// Whether it is a cross-encoder, which [#rank]s texts.
    default boolean ranks() {
        return false;
    }

    /// How well a text answers a question, by a model that reads both at once: the higher the
    /// better, in no particular range.
    default Embedding rank(String question, String text) {
        throw new LlmException(
                LlmException.Code.UNSUPPORTED, info().name() + " does not rank texts");
    }

    /// The adapters that are loaded, in the order in which they are applied.
    default List<LoadedAdapter> adapters() {
        return List.of();
    }

    /// Loads a LoRA adapter; requests that begin from now on may use it. Throws BAD_REQUEST when it
    /// does not fit the model, or another one has its name.
    default LoadedAdapter loadAdapter(AdapterFile file) {
        throw new LlmException(LlmException.Code.UNSUPPORTED, info().name() + " takes no adapters");
    }

    /// Forgets an adapter; answers that use it go on. Throws BAD_REQUEST when there is none of that
    /// name.
    default void unloadAdapter(String name) {
        throw LoadedAdapter.unknown(name, adapters());
    }

    /// Changes the factor on an adapter for requests that choose none by themselves.
    default void scaleAdapter(String name, float scale) {
        throw LoadedAdapter.unknown(name, adapters());
    }

    /// Writes a session: its tokens and what the engine still knows of them. Returns for how many
    /// tokens that is. Throws UNSUPPORTED for a model that makes embeddings.
    default int saveSession(Session session, Path file) {
        throw new LlmException(LlmException.Code.UNSUPPORTED, info().name() + " has no sessions");
    }

    /// Reads a session, so that a prompt that begins with its tokens need not be computed again;
    /// the answer is the same as if it were. Throws BAD_REQUEST for a file of another model or with
    /// damage.
    default Session restoreSession(Path file) {
        throw new LlmException(LlmException.Code.UNSUPPORTED, info().name() + " has no sessions");
    }

    ModelInfo info();

    Tokenizer tokenizer();

    /// The model's chat template; null when it has none.
    @Nullable ChatTemplate chatTemplate();

    /// Positions of one sequence: prompt and answer together.
    int contextLength();

    EngineStats stats();

    /// What a token costs, to compare a rate with what the machine can do.
    TokenCost cost();

    /// Ends all answers with CLOSED and frees the memory.
    @Override
    void close();
}
