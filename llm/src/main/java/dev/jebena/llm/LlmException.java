package dev.jebena.llm;

/// Something that a model or its engine refuses. The message is meant for users.
public final class LlmException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What kind of problem it is; protocols map it to their own status and error body.
    public enum Code {
        /// The model file cannot be used: unknown architecture, missing tensor, wrong shape.
        BAD_MODEL,
        /// An option or input is not valid.
        BAD_REQUEST,
        /// The prompt does not fit into the context.
        CONTEXT_OVERFLOW,
        /// The model cannot do this: embeddings from a chat model, a chat with an embedding model.
        UNSUPPORTED,
        /// Too many requests wait already.
        QUEUE_FULL,
        /// The time that the request allowed has passed.
        TIME_LIMIT,
        /// Not enough memory.
        OUT_OF_MEMORY,
        /// The model or engine has been closed.
        CLOSED,
        /// The engine failed; a defect of ours.
        INTERNAL
    }

    private final Code code;

    public LlmException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public LlmException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
