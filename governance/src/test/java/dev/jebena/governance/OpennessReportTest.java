package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpennessReportTest {
    @TempDir Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private OpennessReport report() {
        return OpennessReport.of(folder, "m", LicenseSource.none());
    }

    private static String license(String id) {
        return SpdxLicenses.text(SpdxLicenses.find(id).orElseThrow());
    }

    private OpennessPart part(OpennessComponent component) {
        return report().part(component);
    }

    private void wholeModel() throws IOException {
        file("LICENSE", license("Apache-2.0"));
        file(
                "README.md",
                "---\nlicense: apache-2.0\n---\n# m\n## Evaluation\n| task | score |\n|---|---|\n| a | 0.5 |\n");
        file("modeling_m.py", "x = 1");
        file("model.safetensors", "");
        file("data_card.md", "# Data");
        file("technical_report.pdf", "%PDF");
    }

    @Test
    void aClassIsReachedWhenAllItsPartsAreOpen() throws IOException {
        wholeModel();
        assertThat(report().level()).isEqualTo(3);
        assertThat(report().classes().get(1).missing())
                .containsExactly(
                        "Training code", "Inference code", "Evaluation code", "Evaluation data");
        file("train.py", "x = 1");
        file("scripts/generate.py", "x = 1");
        file("eval_harness.py", "x = 1");
        file("eval/questions.jsonl", "{}");
        assertThat(report().level()).isEqualTo(2);
        file("data/part-0.parquet", "PAR1");
        file("prepare_data.py", "x = 1");
        file("checkpoint-500/model.safetensors", "");
        file("paper.pdf", "%PDF");
        assertThat(report().level()).isEqualTo(1);
        assertThat(report().classes()).allMatch(OpennessReport.ClassState::complete);
        assertThat(report().classes())
                .extracting(OpennessReport.ClassState::needed)
                .containsExactly(6, 10, 13);
    }

    @Test
    void theNearestLicenceCounts() throws IOException {
        wholeModel();
        file("data/LICENSE", license("CC-BY-NC-4.0"));
        file("data/part-0.parquet", "PAR1");
        file("train.py", "# SPDX-License-Identifier: MIT\nx = 1\n");
        assertThat(part(OpennessComponent.DATASETS).status())
                .isEqualTo(OpennessPart.Status.RESTRICTED);
        assertThat(part(OpennessComponent.DATASETS).license()).isEqualTo("CC-BY-NC-4.0");
        assertThat(part(OpennessComponent.DATASETS).proof()).containsExactly("data/part-0.parquet");
        assertThat(part(OpennessComponent.TRAINING).license()).isEqualTo("MIT");
        assertThat(part(OpennessComponent.PARAMETERS).license()).isEqualTo("Apache-2.0");
    }

    @Test
    void whatIsOnlyNamedProvesNothing() throws IOException {
        file(
                "README.md",
                "---\nlicense: gemma\nlibrary_name: transformers\ndatasets: [a/b]\n---\n# m\nSee https://arxiv.org/abs/2403.13784\n");
        file("model.gguf.safetensors", "");
        assertThat(report().level()).isZero();
        assertThat(part(OpennessComponent.PARAMETERS).status())
                .isEqualTo(OpennessPart.Status.RESTRICTED);
        assertThat(part(OpennessComponent.DATASETS).status())
                .isEqualTo(OpennessPart.Status.REFERENCED);
        assertThat(part(OpennessComponent.PAPER).note())
                .isEqualTo("the card links https://arxiv.org/abs/2403.13784");
        assertThat(part(OpennessComponent.ARCHITECTURE).note())
                .isEqualTo("the card names the library transformers");
        assertThat(part(OpennessComponent.TRAINING).status())
                .isEqualTo(OpennessPart.Status.MISSING);
    }

    @Test
    void aDeclarationOfTheModelOpennessToolIsRead() throws IOException {
        file(
                "mof.yml",
                """
                framework: {name: Model Openness Framework, version: '1.0'}
                release:
                  components:
                  - name: Training code
                    component_path: https://example.org/train
                    license: Apache-2.0
                  - name: Datasets
                    license: Component not included
                """);
        assertThat(part(OpennessComponent.TRAINING).status()).isEqualTo(OpennessPart.Status.OPEN);
        assertThat(part(OpennessComponent.TRAINING).proof())
                .containsExactly("mof.yml", "https://example.org/train");
        assertThat(part(OpennessComponent.DATASETS).status())
                .isEqualTo(OpennessPart.Status.MISSING);
    }

    @Test
    void thePageIsSafeWhateverTheNames() throws IOException {
        file("data/<script>alert(1)</script>|`.jsonl", "{}");
        OpennessReport report = OpennessReport.of(folder, "<b>m</b>", LicenseSource.none());
        String html = OpennessPage.html(report);
        assertThat(html).doesNotContain("<script", "<b>m");
        assertThat(html).contains("<title>Openness of &lt;b>m&lt;/b></title>", "Open Science");
        assertThat(OpennessPage.markdown(report)).contains("| Datasets | unlicensed |");
    }
}
