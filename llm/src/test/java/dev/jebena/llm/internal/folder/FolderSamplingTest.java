package dev.jebena.llm.internal.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderSamplingTest {
    private static Map<String, Object> read(String json) {
        return FolderSampling.toGguf(Json.object(Json.parse(json)));
    }

    @Test
    void settingsOfTransformersHaveKeysInGguf() {
        assertThat(
                        read(
                                """
                                {"do_sample": true, "temperature": 0.7, "top_k": 20, "top_p": 0.8,
                                 "repetition_penalty": 1.05, "pad_token_id": 3}
                                """))
                .containsOnly(
                        Map.entry("general.sampling.temp", 0.7),
                        Map.entry("general.sampling.top_k", 20L),
                        Map.entry("general.sampling.top_p", 0.8),
                        Map.entry("general.sampling.penalty_repeat", 1.05),
                        Map.entry("general.sampling.penalty_last_n", -1L));
    }

    @Test
    void aModelThatIsNotToDrawIsGreedy() {
        assertThat(read("{\"do_sample\": false, \"temperature\": 0.7, \"top_p\": 0.9}"))
                .containsOnly(Map.entry("general.sampling.temp", 0.0));
        assertThat(read("{\"eos_token_id\": 2}")).isEmpty();
        assertThat(read("{\"temperature\": \"hot\", \"top_k\": 1.5, \"top_p\": null}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.95}",
                "{\"do_sample\": false}",
                "{\"do_sample\": true, \"top_k\": 5}",
                "{}"
            })
    void settingsComeBack(String json) {
        assertThat(FolderSampling.toFolder(read(json))).isEqualTo(Json.object(Json.parse(json)));
    }
}
