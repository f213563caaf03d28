package dev.jebena.llm;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// An answer while the engine makes it. `next` blocks until there is a token; closing it early
/// cancels it, and the engine frees its place within one step. For one reading thread; `close` may
/// come from any.
public interface Answer extends Iterator<Token>, AutoCloseable {
    /// Whether there is one more token; blocks until that is known. Throws what made the engine
    /// stop, if anything did.
    @Override
    boolean hasNext();

    @Override
    Token next();

    /// Reads the rest and returns the whole text, from the first token on.
    String text();

    /// Why it ended; null while it goes on.
    @Nullable FinishReason finishReason();

    /// The stop string that ended it; null if none did.
    @Nullable String stopString();

    Usage usage();

    /// The seed in use: the request's, or the one that was drawn for it.
    long seed();

    /// Cancels it if it has not ended.
    @Override
    void close();
}
