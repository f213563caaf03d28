package dev.jebena.testkit;

import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.Token;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.llm.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// An answer whose whole text is known before. Text of ASCII bytes only.
final class FakeAnswer implements Answer {
    private final FakeLlm llm;
    private final Generation options;
    private final int promptTokens;
    private final byte[] bytes;
    private final StringBuilder text = new StringBuilder();
    private final @Nullable String stop;
    private final long submitted = System.nanoTime();
    private int made;
    private @Nullable FinishReason finish;

    FakeAnswer(FakeLlm llm, int[] prompt, String answer, Generation options) {
        this.llm = llm;
        this.options = options;
        promptTokens = prompt.length;
        int cut = answer.length();
        String found = null;
        for (String candidate : options.stop()) {
            int at = answer.indexOf(candidate);
            if (at >= 0 && at < cut) {
                cut = at;
                found = candidate;
            }
        }
        stop = found;
        bytes = answer.substring(0, cut).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public synchronized boolean hasNext() {
        if (finish != null) {
            return false;
        }
        llm.checkOpen();
        Duration time = options.timeLimit();
        if (time != null && System.nanoTime() - submitted > time.toNanos()) {
            end(FinishReason.CANCELLED);
            throw new LlmException(
                    LlmException.Code.TIME_LIMIT, "the time limit of " + time + " has passed");
        }
        int limit = options.maxTokens() < 0 ? Integer.MAX_VALUE : options.maxTokens();
        if (made >= limit || promptTokens + made >= llm.contextLength()) {
            end(FinishReason.LENGTH);
        } else if (made >= bytes.length && !options.ignoreEos()) {
            end(stop == null ? FinishReason.END : FinishReason.STOP_STRING);
        }
        return finish == null;
    }

    private void end(FinishReason reason) {
        finish = reason;
        llm.running.decrementAndGet();
    }

    @Override
    public Token next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer has ended");
        }
        if (!llm.delay.isZero()) {
            LockSupport.parkNanos(llm.delay.toNanos());
        }
        synchronized (this) {
            int id = bytes.length == 0 ? ' ' : bytes[made % bytes.length];
            made++;
            llm.answerTokens.incrementAndGet();
            String piece = String.valueOf((char) id);
            text.append(piece);
            List<TokenLogprob> top = new ArrayList<>();
            for (int i = 0; i < options.logprobs(); i++) {
                top.add(new TokenLogprob((id + i) % 256, -0.5f - i));
            }
            return new Token(id, piece, options.logprobs() < 0 ? Float.NaN : -0.5f, top);
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
    public synchronized @Nullable FinishReason finishReason() {
        return finish;
    }

    @Override
    public synchronized @Nullable String stopString() {
        return finish == FinishReason.STOP_STRING ? stop : null;
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(
                promptTokens,
                0,
                made,
                Duration.ofNanos(1000),
                Duration.ofNanos(1000),
                Duration.ofNanos(1000));
    }

    @Override
    public long seed() {
        Long seed = options.seed();
        return seed == null ? 42 : seed;
    }

    @Override
    public synchronized void close() {
        if (finish == null) {
            end(FinishReason.CANCELLED);
        }
    }
}
