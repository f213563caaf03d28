package dev.jebena.llm.internal.engine;

import static dev.jebena.llm.internal.engine.SteppedEngine.ids;
import static dev.jebena.llm.internal.engine.SteppedEngine.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Generation;
import dev.jebena.llm.GoldenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrefixTreeTest {
    private static final Generation OPTIONS =
            Generation.defaults().ignoreEos(true).temperature(0).maxTokens(3);

    @TempDir static Path folder;

    private static SteppedEngine engine(int pages, int keptPages) {
        Path file = GoldenModel.open("llama-F32", folder).file();
        return new SteppedEngine(file, pages, keptPages, 256, 8);
    }

    private static int cached(SteppedEngine engine, int[] prompt) {
        Sequence sequence = engine.submit(prompt, OPTIONS);
        engine.finish();
        return sequence.answer().usage().cachedTokens();
    }

    private static int[] changed(int[] prompt, int from, int seed) {
        int[] changed = prompt(seed, prompt.length);
        System.arraycopy(prompt, 0, changed, 0, from);
        return changed;
    }

    @Test
    void wholePagesAreSharedAndThePageAtTheForkIsCopied() {
        try (SteppedEngine engine = engine(64, 32)) {
            int[] prompt = prompt(1, 110);
            assertThat(cached(engine, prompt)).isZero();
            assertThat(cached(engine, prompt)).isEqualTo(109);
            assertThat(cached(engine, changed(prompt, 64, 2))).isEqualTo(64);
            assertThat(cached(engine, changed(prompt, 77, 3))).isEqualTo(77);
            assertThat(cached(engine, changed(prompt, 66, 4))).isEqualTo(64);
            assertThat(engine.scheduler.counters().promptTokens().get())
                    .isEqualTo(110 + 1 + 46 + 33 + 46);
        }
    }

    @Test
    void runningSequencesHoldTheirCommonBeginningOnce() {
        try (SteppedEngine engine = engine(64, 32)) {
            int[] prompt = prompt(1, 130);
            List<Sequence> sequences = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sequences.add(engine.submit(changed(prompt, 128, i), OPTIONS.maxTokens(20)));
            }
            // All read the whole prompt at once, and find afterwards that it is the same.
            while (sequences.getLast().computed() < 130) {
                engine.scheduler.step();
            }
            assertThat(engine.kv.pages() - engine.kv.freePages()).isEqualTo(4 + 8);
            engine.finish();
            assertThat(engine.kv.freePages()).isEqualTo(64);
        }
    }

    @Test
    void whatWasUsedLongestAgoIsForgottenFirst() {
        try (SteppedEngine engine = engine(64, 8)) {
            // Three pages each, the third not full.
            int[] a = prompt(1, 80);
            int[] b = prompt(2, 80);
            cached(engine, a);
            cached(engine, b);
            assertThat(cached(engine, a)).isEqualTo(79);
            cached(engine, prompt(3, 80));
            assertThat(cached(engine, a)).isEqualTo(79);
            assertThat(cached(engine, b)).isLessThanOrEqualTo(64);
        }
    }

    @Test
    void answersAreTheSameWhateverIsSharedCopiedOrForgotten() {
        Random random = new Random(5);
        int[][] trunks = {prompt(1, 200), prompt(2, 200), prompt(3, 200)};
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int[] trunk = trunks[random.nextInt(3)];
            int length = 5 + random.nextInt(190);
            prompts.add(Arrays.copyOf(changed(trunk, random.nextInt(length), 10 + i), length));
        }
        List<List<Integer>> expected = new ArrayList<>();
        for (int[] prompt : prompts) {
            try (SteppedEngine engine = engine(16, 0)) {
                Sequence alone = engine.submit(prompt, OPTIONS);
                engine.finish();
                expected.add(ids(alone));
            }
        }
        try (SteppedEngine engine = engine(20, 12)) {
            List<Sequence> sequences = new ArrayList<>();
            for (int[] prompt : prompts) {
                sequences.add(engine.submit(prompt, OPTIONS));
                for (int i = random.nextInt(4); i > 0; i--) {
                    engine.scheduler.step();
                }
            }
            engine.finish();
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(ids(sequences.get(i))).as("prompt %d", i).isEqualTo(expected.get(i));
            }
            assertThat(engine.kv.freePages()).isEqualTo(20);
            assertThat(engine.scheduler.counters().cachedTokens().get()).isPositive();
        }
    }
}
