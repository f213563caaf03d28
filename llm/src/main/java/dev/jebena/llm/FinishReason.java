package dev.jebena.llm;

/// Why an answer ended.
public enum FinishReason {
    /// The model ended it.
    END,
    /// A stop string came.
    STOP_STRING,
    /// The token limit or the context's end was reached.
    LENGTH,
    /// The caller closed it.
    CANCELLED
}
