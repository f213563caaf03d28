package dev.jebena.llm.internal.engine;

import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.Token;
import dev.jebena.llm.Usage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Hands tokens from the engine to a reader. The engine never waits for the reader: an answer's
/// length is bounded by the context, and so is what can pile up here.
final class StreamingAnswer implements Answer {
    private final long seed;
    private final int promptTokens;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Token> unread = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private final long submitted = System.nanoTime();
    private long started;
    private long prompted;
    private long ended;
    private int cachedTokens;
    private int answerTokens;
    private @Nullable FinishReason finishReason;
    private @Nullable String stopString;
    private @Nullable LlmException failure;
    private volatile boolean over;

    StreamingAnswer(long seed, int promptTokens) {
        this.seed = seed;
        this.promptTokens = promptTokens;
    }

    /// Whether nobody wants more of it: it has ended, failed or been cancelled.
    boolean over() {
        return over;
    }

    /// When it was asked for, by [System#nanoTime].
    long submitted() {
        return submitted;
    }

    /// The engine begins to compute the prompt.
    void start(int cached) {
        lock.lock();
        try {
            started = started == 0 ? System.nanoTime() : started;
            cachedTokens = cached;
        } finally {
            lock.unlock();
        }
    }

    /// One more token was computed, whether or not it is shown.
    void count() {
        lock.lock();
        try {
            if (!over) {
                long now = System.nanoTime();
                prompted = prompted == 0 ? now : prompted;
                ended = now;
                answerTokens++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// One more token can be read; nothing happens when the answer is over.
    void deliver(Token token) {
        lock.lock();
        try {
            if (!over) {
                unread.add(token);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void finish(FinishReason reason, @Nullable String stop) {
        end(reason, stop, null);
    }

    void fail(LlmException problem) {
        end(null, null, problem);
    }

    private void end(
            @Nullable FinishReason reason, @Nullable String stop, @Nullable LlmException problem) {
        lock.lock();
        try {
            if (!over) {
                long now = System.nanoTime();
                started = started == 0 ? now : started;
                prompted = prompted == 0 ? now : prompted;
                ended = now;
                finishReason = reason;
                stopString = stop;
                failure = problem;
                over = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasNext() {
        lock.lock();
        try {
            while (unread.isEmpty() && !over) {
                changed.await();
            }
            if (!unread.isEmpty()) {
                return true;
            }
            if (failure != null) {
                throw Engine.rethrown(failure);
            }
            return false;
        } catch (InterruptedException e) {
            // The reader is being stopped, so nobody will read on.
            close();
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Token next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer has ended");
        }
        lock.lock();
        try {
            Token token = unread.poll();
            if (token == null) {
                throw new NoSuchElementException("the answer has been cancelled");
            }
            text.append(token.text());
            return token;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String text() {
        while (hasNext()) {
            next();
        }
        return text.toString();
    }

    @Override
    public @Nullable FinishReason finishReason() {
        lock.lock();
        try {
            return finishReason;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable String stopString() {
        lock.lock();
        try {
            return stopString;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Usage usage() {
        lock.lock();
        try {
            long now = System.nanoTime();
            long begin = started == 0 ? now : started;
            long middle = prompted == 0 ? Math.max(begin, now) : prompted;
            return new Usage(
                    promptTokens,
                    cachedTokens,
                    answerTokens,
                    Duration.ofNanos(begin - submitted),
                    Duration.ofNanos(Math.max(0, middle - begin)),
                    Duration.ofNanos(Math.max(0, ended - middle)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!over) {
                unread.clear();
                end(FinishReason.CANCELLED, null, null);
            }
        } finally {
            lock.unlock();
        }
    }
}
