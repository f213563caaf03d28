package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.HttpException;
import dev.jebena.json.Json;
import dev.jebena.llm.Sampling;
import dev.jebena.llm.Sampling.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrawingFieldsTest {
    private static Sampling read(String json) {
        RequestFields fields = new RequestFields(Json.object(Json.parse(json)));
        return DrawingFields.apply(fields, Sampling.defaults());
    }

    @Test
    void everyFieldIsRead() {
        Sampling read =
                read(
                        """
                        {"mirostat": 2, "mirostat_tau": 4, "mirostat_eta": 0.2,
                         "xtc_probability": 0.5, "xtc_threshold": 0.2,
                         "dry_multiplier": 0.8, "dry_base": 2, "dry_allowed_length": 3,
                         "dry_penalty_last_n": 100, "dry_sequence_breakers": ["x", "y"],
                         "dynatemp_range": 0.4, "dynatemp_exponent": 2, "top_n_sigma": 1.5,
                         "min_keep": 3, "samplers": ["temperature", "top_k"]}
                        """);
        assertThat(read)
                .isEqualTo(
                        new Sampling(
                                new Sampling.Mirostat(2, 4, 0.2f),
                                new Sampling.Xtc(0.5f, 0.2f),
                                new Sampling.Dry(0.8f, 2, 3, 100, List.of("x", "y")),
                                new Sampling.DynamicTemperature(0.4f, 2),
                                1.5f,
                                3,
                                List.of(Stage.TEMPERATURE, Stage.TOP_K)));
        assertThat(read("{}")).isEqualTo(Sampling.defaults());
        assertThat(read("{\"samplers\": \"dkt\"}").order())
                .containsExactly(Stage.DRY, Stage.TOP_K, Stage.TEMPERATURE);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertWrong("{\"mirostat\": 3}", "mirostat", "0 to 2");
        assertWrong("{\"samplers\": [\"tfs_z\"]}", "samplers", "tfs_z", "top_k");
        assertWrong("{\"samplers\": 5}", "samplers");
        assertWrong("{\"xtc_probability\": 2}", "xtc_probability");
        assertWrong("{\"dry_sequence_breakers\": []}", "dry_sequence_breakers");
    }

    private static void assertWrong(String json, String... parts) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.status()).isEqualTo(400))
                .extracting(e -> ((HttpException) e).message())
                .asString()
                .contains(parts);
    }
}
