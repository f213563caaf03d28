package dev.jebena.llm.internal.engine;

import static dev.jebena.llm.internal.engine.SteppedEngine.answered;
import static dev.jebena.llm.internal.engine.SteppedEngine.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.llm.Generation;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.LlmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FairnessTest {
    private static final Generation OPTIONS =
            Generation.defaults().ignoreEos(true).temperature(0).speculate(false).maxTokens(4);

    @TempDir static Path folder;

    private static SteppedEngine engine(int batchTokens, int maxSequences) {
        Path file = GoldenModel.open("llama-F32", folder).file();
        return new SteppedEngine(file, 64, 16, batchTokens, maxSequences);
    }

    @Test
    void aLateShortQuestionIsAnsweredWhileALongTextIsRead() {
        try (SteppedEngine engine = engine(16, 4)) {
            Sequence text = engine.submit(prompt(1, 240), OPTIONS);
            engine.scheduler.step();
            Sequence question = engine.submit(prompt(2, 8), OPTIONS);
            engine.scheduler.step();
            assertThat(answered(question)).isEqualTo(1);
            engine.scheduler.step();
            assertThat(answered(question)).isEqualTo(2);
            assertThat(answered(text)).isZero();
            assertThat(text.computed()).isGreaterThan(24);
            engine.finish();
            assertThat(answered(text)).isEqualTo(4);
        }
    }

    @Test
    void requestsOfALowerPriorityNumberComeFirst() {
        try (SteppedEngine engine = engine(64, 1)) {
            Sequence running = engine.submit(prompt(1, 10), OPTIONS.priority(5));
            engine.scheduler.step();
            Sequence late = engine.submit(prompt(2, 10), OPTIONS.priority(5));
            Sequence urgent = engine.submit(prompt(3, 10), OPTIONS.priority(-1));
            Sequence normal = engine.submit(prompt(4, 10), OPTIONS);
            List<Sequence> ended = new ArrayList<>();
            while (engine.scheduler.hasWork()) {
                engine.scheduler.step();
                for (Sequence each : List.of(running, late, urgent, normal)) {
                    if (each.stream().over() && !ended.contains(each)) {
                        ended.add(each);
                    }
                }
            }
            assertThat(ended).containsExactly(running, urgent, normal, late);
        }
    }

    @Test
    void theOldestPromptGetsOnHoweverManyShortOnesCome() {
        try (SteppedEngine engine = engine(16, 16)) {
            Sequence text = engine.submit(prompt(1, 200), OPTIONS);
            int steps = 0;
            while (answered(text) == 0) {
                engine.submit(prompt(100 + 2 * steps, 12), OPTIONS.maxTokens(1));
                engine.submit(prompt(101 + 2 * steps, 12), OPTIONS.maxTokens(1));
                engine.scheduler.step();
                steps++;
            }
            assertThat(steps).isLessThanOrEqualTo(25);
            engine.finish();
        }
    }

    @Test
    void aRunningStreamGetsATokenInEveryStepWhileATextIsRead() {
        try (SteppedEngine engine = engine(16, 4)) {
            Sequence stream = engine.submit(prompt(1, 4), OPTIONS.maxTokens(20));
            engine.scheduler.step();
            engine.submit(prompt(2, 200), OPTIONS);
            for (int i = 1; i < 10; i++) {
                assertThat(answered(stream)).isEqualTo(i);
                engine.scheduler.step();
            }
            engine.finish();
        }
    }

    @Test
    void nobodyWaitsForAnothersHundredRequests() {
        try (SteppedEngine engine = engine(64, 2)) {
            List<Sequence> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(engine.submit(prompt(i, 5), OPTIONS.caller("many")));
            }
            engine.scheduler.step();
            Sequence one = engine.submit(prompt(200, 5), OPTIONS.caller("one"));
            Sequence other = engine.submit(prompt(201, 5), OPTIONS.caller("other"));
            Sequence second = engine.submit(prompt(202, 5), OPTIONS.caller("one"));
            while (answered(second) < 4) {
                engine.scheduler.step();
            }
            assertThat(answered(one)).isEqualTo(4);
            assertThat(answered(other)).isEqualTo(4);
            // Two places at first, and turns between those of the others.
            assertThat(many.stream().filter(s -> answered(s) > 0).count()).isLessThanOrEqualTo(6);
            engine.finish();
            assertThat(many).allMatch(s -> answered(s) == 4);
        }
    }

    @Test
    void aRequestWhoseTimeHasPassedEndsInTheQueueOrWhileItRuns() throws InterruptedException {
        try (SteppedEngine engine = engine(64, 1)) {
            Generation endless = OPTIONS.maxTokens(-1).contextShift(true);
            Duration limit = Duration.ofMillis(50);
            Sequence running = engine.submit(prompt(1, 5), endless.timeLimit(limit));
            Sequence waiting = engine.submit(prompt(2, 5), endless.timeLimit(limit));
            engine.scheduler.step();
            Thread.sleep(60);
            engine.scheduler.step();
            assertThat(engine.scheduler.hasWork()).isFalse();
            assertThat(engine.kv.freePages()).isEqualTo(64);
            assertThat(running.answer().next().text()).isNotNull();
            assertTimeLimit(running, "0.05 s has passed: 1 tokens of the answer were there");
            assertTimeLimit(waiting, "0.05 s has passed: the request was still in the queue");
        }
    }

    private static void assertTimeLimit(Sequence sequence, String message) {
        assertThatThrownBy(() -> sequence.answer().next())
                .isInstanceOf(LlmException.class)
                .hasMessageContaining(message)
                .extracting(problem -> ((LlmException) problem).code())
                .isEqualTo(LlmException.Code.TIME_LIMIT);
    }
}
