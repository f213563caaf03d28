package dev.jebena.llm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An answer whose text goes to a listener once: when it has been read to its end, or closed.
final class RecordedAnswer implements Answer {
    private final Answer answer;
    private final Consumer<String> listener;
    private final StringBuilder read = new StringBuilder();
    private boolean told;

    RecordedAnswer(Answer answer, Consumer<String> listener) {
        this.answer = answer;
        this.listener = listener;
    }

    private synchronized void tell() {
        if (!told) {
            told = true;
            listener.accept(read.toString());
        }
    }

    @Override
    public boolean hasNext() {
        boolean more = answer.hasNext();
        if (!more) {
            tell();
        }
        return more;
    }

    @Override
    public Token next() {
        Token token = answer.next();
        synchronized (this) {
            read.append(token.text());
        }
        return token;
    }

    @Override
    public String text() {
        while (hasNext()) {
            next();
        }
        synchronized (this) {
            return read.toString();
        }
    }

    @Override
    public @Nullable FinishReason finishReason() {
        return answer.finishReason();
    }

    @Override
    public @Nullable String stopString() {
        return answer.stopString();
    }

    @Override
    public Usage usage() {
        return answer.usage();
    }

    @Override
    public long seed() {
        return answer.seed();
    }

    @Override
    public void close() {
        answer.close();
        tell();
    }
}
