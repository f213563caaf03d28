package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the answers of one request, several at once if there are several, and cancels them all
/// when the client goes away, the request's time is up, or the reader fails.
final class Answers implements AutoCloseable {
    /// Hears the tokens of answer number `index`, in their order.
    @FunctionalInterface
    interface Listener {
        void token(int index, Token token) throws IOException;
    }

    /// Hears that an answer is complete.
    @FunctionalInterface
    interface Ending {
        void end(int index, Answer answer) throws IOException;
    }

    private record Event(int index, @Nullable Token token, @Nullable RuntimeException failure) {}

    private final HttpExchange exchange;
    private final List<Answer> answers;
    private final AtomicBoolean gone = new AtomicBoolean();
    private final HttpExchange.AutoCloseableHandle watch;
    private final AnswerMetrics metrics;
    private final int prompts;
    private final long[] lastNanos;
    private final Consumer<int[]> last;
    private int[] ids;
    private int count;
    private int complete;

    /// @param prompts as many answers belong to each, in their order
    /// @param last gets the tokens of the first answer, prompt included, once it is complete
    Answers(
            HttpExchange exchange,
            List<Answer> answers,
            AnswerMetrics metrics,
            List<int[]> prompts,
            Consumer<int[]> last) {
        this.last = last;
        ids = prompts.getFirst().clone();
        count = ids.length;
        this.prompts = prompts.size();
        lastNanos = new long[answers.size()];
        this.exchange = exchange;
        this.metrics = metrics;
        this.answers = List.copyOf(answers);
        watch =
                exchange.whenGone(() -> {
                    gone.set(true);
                    this.answers.forEach(Answer::close);
                });
    }

    Answer get(int index) {
        return answers.get(index);
    }

    /// Reads all answers to their ends. Throws [IOException] when the client is gone.
    void read(Listener listener, Ending ending) throws IOException {
        if (answers.size() == 1) {
            Answer answer = answers.getFirst();
            while (answer.hasNext()) {
                listener.token(0, noted(0, answer.next()));
            }
            complete(0, ending);
        } else {
            readTogether(listener, ending);
        }
    }

    private Token noted(int index, Token token) {
        if (!token.isText()) {
            long now = System.nanoTime();
            if (lastNanos[index] != 0) {
                metrics.token(now - lastNanos[index]);
            }
            lastNanos[index] = now;
        }
        if (index == 0 && !token.isText()) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count + 16);
            }
            ids[count++] = token.id();
        }
        return token;
    }

    private void readTogether(Listener listener, Ending ending) throws IOException {
        BlockingQueue<Event> events = new ArrayBlockingQueue<>(64);
        for (int i = 0; i < answers.size(); i++) {
            int index = i;
            Thread.startVirtualThread(() -> forward(index, events));
        }
        for (int open = answers.size(); open > 0; ) {
            Event event = take(events);
            if (event.failure() != null) {
                throw event.failure();
            }
            if (event.token() != null) {
                listener.token(event.index(), noted(event.index(), event.token()));
            } else {
                complete(event.index(), ending);
                open--;
            }
        }
    }

    private void forward(int index, BlockingQueue<Event> events) {
        try {
            Answer answer = answers.get(index);
            RuntimeException failure = null;
            try {
                while (answer.hasNext()) {
                    if (!put(events, new Event(index, answer.next(), null))) {
                        return;
                    }
                }
            } catch (RuntimeException e) {
                failure = e;
            }
            put(events, new Event(index, null, failure));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // Gives up when nobody reads any more.
    private boolean put(BlockingQueue<Event> events, Event event) throws InterruptedException {
        while (!events.offer(event, 100, TimeUnit.MILLISECONDS)) {
            if (gone.get()) {
                return false;
            }
        }
        return true;
    }

    private static Event take(BlockingQueue<Event> events) {
        try {
            return events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }

    private void complete(int index, Ending ending) throws IOException {
        Answer answer = answers.get(index);
        if (answer.finishReason() == FinishReason.CANCELLED || gone.get()) {
            Duration age = Duration.ofNanos(System.nanoTime() - exchange.startNanos());
            throw new IOException(
                    "the client is gone or the request's time is up, after "
                            + age.toMillis()
                            + " ms");
        }
        FinishReason reason = answer.finishReason();
        if (reason != null) {
            metrics.answered(answer.usage(), reason);
        }
        if (++complete == answers.size()) {
            allComplete();
        }
        if (index == 0) {
            last.accept(Arrays.copyOf(ids, count));
        }
        ending.end(index, answer);
    }

    private void allComplete() {
        int each = Math.max(1, complete / prompts);
        for (int i = 0; i < complete; i += each) {
            metrics.longest(
                    answers.subList(i, Math.min(complete, i + each)).stream()
                            .mapToInt(answer -> answer.usage().answerTokens())
                            .max()
                            .orElse(0));
        }
    }

    @Override
    public void close() {
        gone.set(true);
        watch.close();
        answers.forEach(Answer::close);
        metrics.aborted(answers.size() - complete);
        complete = answers.size();
    }
}
