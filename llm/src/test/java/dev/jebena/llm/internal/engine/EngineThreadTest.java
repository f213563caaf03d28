package dev.jebena.llm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.LlmException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EngineThreadTest {
    /// Completes a request each step, and fails where the request is called `bad`.
    private static final class Echo implements Scheduler<Echo.Request> {
        record Request(String name, CompletableFuture<String> reply) {
            Request(String name) {
                this(name, new CompletableFuture<>());
            }
        }

        private final EngineCounters counters = new EngineCounters();
        private final ArrayDeque<Request> waiting = new ArrayDeque<>();

        @Override
        public void accept(Request request) {
            waiting.add(request);
            counters.waiting().set(waiting.size());
        }

        @Override
        public boolean hasWork() {
            return !waiting.isEmpty();
        }

        @Override
        public void step() {
            Request request = waiting.element();
            switch (request.name()) {
                case "bad" -> throw new IllegalStateException("a defect");
                case "large" -> throw new OutOfMemoryError("no room");
                default -> request.reply().complete(request.name());
            }
            waiting.remove();
            counters.waiting().set(waiting.size());
        }

        @Override
        public void fail(LlmException problem, boolean all) {
            do {
                Request request = waiting.poll();
                if (request != null) {
                    request.reply().completeExceptionally(problem);
                }
            } while (all && !waiting.isEmpty());
            counters.waiting().set(waiting.size());
        }

        @Override
        public EngineCounters counters() {
            return counters;
        }
    }

    private static Echo.Request submit(Engine<Echo.Request> engine, String name) {
        Echo.Request request = new Echo.Request(name);
        engine.submit(request);
        return request;
    }

    @Test
    void aFailedStepEndsItsRequestAndNotTheEngine() throws Exception {
        try (Engine<Echo.Request> engine = new Engine<>(new Echo(), 100)) {
            engine.start();
            Echo.Request bad = submit(engine, "bad");
            Echo.Request large = submit(engine, "large");
            Echo.Request good = submit(engine, "good");
            assertThat(good.reply().get()).isEqualTo("good");
            assertThatThrownBy(() -> bad.reply().get())
                    .cause()
                    .isInstanceOf(LlmException.class)
                    .hasMessageContaining("a defect")
                    .extracting("code")
                    .isEqualTo(LlmException.Code.INTERNAL);
            assertThatThrownBy(() -> large.reply().get())
                    .cause()
                    .extracting("code")
                    .isEqualTo(LlmException.Code.OUT_OF_MEMORY);
        }
    }

    @Test
    void closingFailsWhatWaitsAndWhatComes() {
        Engine<Echo.Request> engine = new Engine<>(new Echo(), 2);
        Echo.Request first = submit(engine, "first");
        submit(engine, "second");
        assertThatThrownBy(() -> submit(engine, "third"))
                .hasMessageContaining("2 requests run or wait already");
        engine.close();
        engine.start();
        engine.close();
        assertThatThrownBy(() -> first.reply().get()).cause().hasMessageContaining("closed");
        assertThatThrownBy(() -> submit(engine, "fourth")).hasMessageContaining("closed");
    }
}
