package dev.jebena.llm;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// An answer of a beam search, which is complete from the beginning: one piece of text.
final class FoundAnswer implements Answer {
    private final BeamSearch.Found found;
    private final int promptTokens;
    private final Duration time;
    private boolean read;

    FoundAnswer(BeamSearch.Found found, int promptTokens, Duration time) {
        this.found = found;
        this.promptTokens = promptTokens;
        this.time = time;
    }

    @Override
    public synchronized boolean hasNext() {
        return !read;
    }

    @Override
    public synchronized Token next() {
        if (read) {
            throw new NoSuchElementException("the answer has ended");
        }
        read = true;
        int last = found.ids().isEmpty() ? Token.NONE : found.ids().getLast();
        return new Token(last, found.text(), (float) found.logprob(), List.of());
    }

    @Override
    public synchronized String text() {
        read = true;
        return found.text();
    }

    @Override
    public @Nullable FinishReason finishReason() {
        return found.reason();
    }

    @Override
    public @Nullable String stopString() {
        return found.stopString();
    }

    @Override
    public Usage usage() {
        return new Usage(promptTokens, 0, found.ids().size(), Duration.ZERO, Duration.ZERO, time);
    }

    @Override
    public long seed() {
        return 0;
    }

    @Override
    public void close() {
        // Nothing runs any more.
    }
}
