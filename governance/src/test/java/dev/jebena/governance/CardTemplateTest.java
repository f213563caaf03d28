package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardTemplateTest {
    @TempDir Path folder;

    @Test
    void aCardSaysWhatFilesAndRunsTell() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64,
                 "num_hidden_layers": 2, "max_position_embeddings": 512, "vocab_size": 300,
                 "_name_or_path": "org/base"}
                """);
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
        Files.write(
                folder.resolve("model.safetensors"),
                ((char) header.length() + "\0\0\0\0\0\0\0" + header + "\0".repeat(24))
                        .getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(
                folder.resolve("LICENSE"),
                SpdxLicenses.text(SpdxLicenses.find("MIT").orElseThrow()));
        RunFacts run =
                new RunFacts(
                        "3f2a",
                        "first",
                        Map.of("lr", "0.001"),
                        Map.of("accuracy", 0.75),
                        List.of("org/data", "local"),
                        Duration.ofMinutes(90));
        String card =
                CardTemplate.of(
                        folder,
                        "My model",
                        CardKind.MODEL,
                        List.of(run),
                        List.of(),
                        Map.of("language", List.of("en", "de")));
        assertThat(card)
                .startsWith(
                        """
                        ---
                        license: mit
                        language:
                        - en
                        - de
                        base_model: org/base
                        datasets:
                        - org/data
                        pipeline_tag: text-generation
                        library_name: transformers
                        ---

                        # My model

                        ## Model details

                        | | |
                        |---|---|
                        | architecture | llama |
                        | layers | 2 |
                        | width | 64 |
                        | context length | 512 |
                        | vocabulary | 300 |
                        | parameters | 6 |
                        | stored as | F32 |
                        | training time | 1h30m |

                        It was made by the run `first` (`3f2a`).

                        The run read: org/data, local.

                        ## Intended use

                        <!-- Tell for whom\
                        """);
        assertThat(card).contains("| lr | 0.001 |", "| accuracy | 0.75 |");
        List<CardFinding> findings = CardCheck.of(Card.of(card, CardKind.MODEL));
        assertThat(findings).noneMatch(f -> f.level() != CardFinding.Level.HINT);
        assertThat(findings)
                .extracting(CardFinding::message)
                .contains("the section \"Bias\" says nothing")
                .doesNotContain("the section \"Evaluation\" says nothing");
    }

    @Test
    void aDataSheetCountsRows() throws IOException {
        Files.writeString(folder.resolve("train.jsonl"), "{}\n{}\n{}\n");
        Files.writeString(folder.resolve("test.csv"), "a,b\n1,2\n3,4");
        String card =
                CardTemplate.of(folder, "d", CardKind.DATASET, List.of(), List.of(), Map.of());
        assertThat(card)
                .contains(
                        "- n<1K",
                        "| rows | 5 |",
                        "| train.jsonl | 3 rows |",
                        "| test.csv | 2 rows |");
        assertThat(DatasetFacts.category(10_000)).isEqualTo("10K<n<100K");
        assertThat(DatasetFacts.category(5_000_000_000_000L)).isEqualTo("n>1T");
    }

    @Test
    void cellsCannotBreakTheTable() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"a|b\\n<script>\"}");
        assertThat(CardTemplate.of(folder, "m", CardKind.MODEL, List.of(), List.of(), Map.of()))
                .contains("| architecture | a\\|b &lt;script> |");
    }
}
