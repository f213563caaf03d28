package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuggestedSamplingTest {
    private static final Generation BASE = Generation.defaults().maxTokens(9);

    private static Generation suggested(Map<String, Object> metadata) {
        return new SuggestedSampling(metadata).over(BASE);
    }

    @Test
    void whatTheFileSaysChangesTheDefaults() {
        Generation read =
                suggested(
                        Map.of(
                                "general.sampling.temp",
                                0.6,
                                "general.sampling.top_k",
                                20L,
                                "general.sampling.top_p",
                                0.9,
                                "general.sampling.min_p",
                                0L,
                                "general.sampling.penalty_repeat",
                                1.25,
                                "general.sampling.penalty_last_n",
                                -1L));
        assertThat(read)
                .isEqualTo(
                        BASE.temperature(0.6f)
                                .topK(20)
                                .topP(0.9f)
                                .minP(0)
                                .repeatPenalty(1.25f)
                                .repeatWindow(-1));
    }

    @Test
    void stagesAndOtherWaysToDrawAreRead() {
        Sampling read =
                suggested(
                                Map.of(
                                        "general.sampling.sequence",
                                        "top_k;tfs_z;temperature",
                                        "general.sampling.xtc_probability",
                                        0.5,
                                        "general.sampling.mirostat",
                                        2L,
                                        "general.sampling.mirostat_tau",
                                        4.0))
                        .sampling();
        assertThat(read)
                .isEqualTo(
                        Sampling.defaults()
                                .xtc(new Sampling.Xtc(0.5f, 0.1f))
                                .mirostat(new Sampling.Mirostat(2, 4, 0.1f))
                                .order(List.of(Sampling.Stage.TOP_K, Sampling.Stage.TEMPERATURE)));
    }

    @Test
    void aValueThatCannotBeUsedChangesNothing() {
        assertThat(suggested(Map.of())).isEqualTo(BASE);
        Generation read =
                suggested(
                        Map.of(
                                "general.sampling.temp",
                                Double.NaN,
                                "general.sampling.top_p",
                                7.0,
                                "general.sampling.top_k",
                                "many",
                                "general.sampling.penalty_repeat",
                                0.0,
                                "general.sampling.penalty_last_n",
                                Long.MIN_VALUE,
                                "general.sampling.mirostat",
                                3L,
                                "general.sampling.sequence",
                                "none;of;these"));
        assertThat(read).isEqualTo(BASE);
    }
}
