package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeamSearchTest {
    private static final int[] PROMPT = {1, 5, 9, 13};
    private static final Generation OPTIONS = Generation.defaults().maxTokens(4).ignoreEos(true);

    @TempDir static Path folder;

    private static Llm model() {
        Path file = GoldenModel.open("llama-F32", folder).file();
        return Llm.load(file, LlmOptions.defaults().threads(1).maxSequences(4));
    }

    private static List<BeamSearch.Found> search(
            Llm llm, Generation options, int width, double penalty) {
        return BeamSearch.search(llm, PROMPT, options, width, penalty, () -> false);
    }

    private record Plain(List<Integer> ids, double logprob) {}

    /// The same with one request after the other and no sharing of anything.
    private static List<Plain> plain(Llm llm, int width, int steps) {
        List<Plain> beams = List.of(new Plain(List.of(), 0));
        for (int step = 0; step < steps; step++) {
            List<Plain> next = new ArrayList<>();
            for (Plain beam : beams) {
                int[] ids = new int[PROMPT.length + step];
                System.arraycopy(PROMPT, 0, ids, 0, PROMPT.length);
                for (int i = 0; i < step; i++) {
                    ids[PROMPT.length + i] = beam.ids().get(i);
                }
                try (Answer answer =
                        llm.generate(ids, OPTIONS.maxTokens(1).temperature(0).logprobs(50))) {
                    for (TokenLogprob token : answer.next().top()) {
                        if (!llm.tokenizer().endsGeneration(token.id())) {
                            List<Integer> longer = new ArrayList<>(beam.ids());
                            longer.add(token.id());
                            next.add(new Plain(longer, beam.logprob() + token.logprob()));
                        }
                    }
                }
            }
            next.sort(Comparator.comparingDouble(one -> -one.logprob()));
            beams = next.subList(0, width);
        }
        return beams;
    }

    @Test
    void findsWhatAPlainSearchFinds() {
        try (Llm llm = model()) {
            List<BeamSearch.Found> found = search(llm, OPTIONS, 3, 1);
            List<Plain> expected = plain(llm, 3, 4);
            assertThat(found).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(found.get(i).ids()).isEqualTo(expected.get(i).ids());
                assertThat(found.get(i).logprob())
                        .isCloseTo(expected.get(i).logprob(), within(1e-5));
                assertThat(found.get(i).score())
                        .isCloseTo(expected.get(i).logprob() / 8, within(1e-5));
                assertThat(found.get(i).reason()).isEqualTo(FinishReason.LENGTH);
            }
            // Beginnings that are in common are computed once.
            assertThat(llm.stats().cachedTokens()).isPositive();
        }
    }

    @Test
    void oneBeamIsGreedy() {
        try (Llm llm = model();
                Answer greedy = llm.generate(PROMPT, OPTIONS.temperature(0))) {
            assertThat(search(llm, OPTIONS, 1, 1).getFirst().text()).isEqualTo(greedy.text());
        }
    }

    @Test
    void aStopStringEndsABeam() {
        try (Llm llm = model()) {
            String text = search(llm, OPTIONS, 1, 1).getFirst().text();
            String stop = text.substring(text.length() / 2, text.length() / 2 + 1);
            BeamSearch.Found found = search(llm, OPTIONS.stop(List.of(stop)), 1, 1).getFirst();
            assertThat(found.text()).doesNotContain(stop);
        }
    }

    @Test
    void whatIsWrongIsRefused() {
        try (Llm llm = model()) {
            assertThatThrownBy(() -> search(llm, OPTIONS, 0, 1)).hasMessageContaining("0 beams");
            assertThatThrownBy(() -> search(llm, OPTIONS.constraint(Constraint.regex("a")), 2, 1))
                    .hasMessageContaining("constraint");
        }
    }
}
