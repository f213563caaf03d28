package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of repositories, patterns of paths, settings.
class RepoNamesTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "org/name, MODEL, org/name",
        "gpt2, MODEL, gpt2",
        "datasets/org/rows, DATASET, org/rows",
        "hf://datasets/org/rows, DATASET, org/rows",
        "spaces/a/b.c_d-e, SPACE, a/b.c_d-e"
    })
    void aRepositoryIsReadWithItsKind(String text, RepoId.Kind kind, String name) {
        assertThat(RepoId.parse(text, RepoId.Kind.MODEL)).isEqualTo(new RepoId(kind, name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a/b/c", "a//b", "../x", "a/..", "a b/c", "a/-b", "a/b--c", "a/b.git"})
    void whatIsNoNameIsRefused(String text) {
        assertThatThrownBy(() -> RepoId.model(text))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is no name of a repository")
                .hasMessageContaining("ORG/NAME");
    }

    /// As Python's `fnmatch.fnmatchcase` answers.
    @ParameterizedTest
    @CsvSource({
        "*.json, a/b.json, true",
        "*.json, a.jsonl, false",
        "data/, data/x/y, true",
        "data/, other/data/x, false",
        "[ab].txt, a.txt, true",
        "[!ab].txt, a.txt, false",
        "[!ab].txt, c.txt, true",
        "[*].txt, *.txt, true",
        "[*].txt, a.txt, false",
        "a[, a[, true",
        "?.bin, x.bin, true",
        "?.bin, xy.bin, false",
        "a.b, axb, false",
        "[[]x, [x, true"
    })
    void patternsMeanWhatTheyMeanInPython(String glob, String path, boolean matches) {
        assertThat(new PathFilter(List.of(glob), List.of()).accepts(path)).isEqualTo(matches);
        assertThat(new PathFilter(List.of(), List.of(glob)).accepts(path)).isEqualTo(!matches);
    }

    @Test
    void theTokenOfALoginIsReadAndNeverShown() throws Exception {
        Files.writeString(folder.resolve("token"), "hf_filed\n");
        HubSettings settings =
                HubSettings.of(
                        Map.of("HF_HOME", folder.toString(), "HF_ENDPOINT", "http://h.example/"));

        assertThat(settings.token()).isEqualTo("hf_filed");
        assertThat(settings.cache()).isEqualTo(folder.resolve("hub"));
        assertThat(settings.endpoint()).isEqualTo("http://h.example");
        assertThat(settings).hasToString(settings.toString().replace("hf_filed", ""));
        assertThat(
                        HubSettings.of(Map.of("HF_HOME", folder.toString(), "HF_TOKEN", "hf_set"))
                                .token())
                .isEqualTo("hf_set");
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", "hub.example")))
                .hasMessageContaining("'hub.example' is no address of a hub");
    }
}
