package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {
    @ParameterizedTest
    @CsvSource({
        "smollm2, smollm2:latest, jebena/library/smollm2:latest",
        "smollm2:135m, smollm2:135m, jebena/library/smollm2:135m",
        "me/mine, me/mine:latest, jebena/me/mine:latest",
        "hf.co/a/B-GGUF:Q4_K_M, hf.co/a/B-GGUF:Q4_K_M, hf.co/a/B-GGUF:Q4_K_M",
        "127.0.0.1:5000/library/tiny, 127.0.0.1:5000/library/tiny:latest, 127.0.0.1:5000/library/tiny:latest",
    })
    void missingPartsGetDefaults(String text, String shown, String full) {
        assertThat(ModelName.parse(text)).hasToString(shown);
        assertThat(ModelName.parse(text).full()).isEqualTo(full);
        assertThat(ModelName.parse(shown)).isEqualTo(ModelName.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "/", "a/", "/a", "..", "../x", "a/../b", "a/b/c/d", "a:", "a:b:c", ":b",
                "-a", "a b", "a\u0000", ".hidden", "a.", "a\\b", "a:../x", "~/x", "%2e%2e", "a..b"
            })
    void whatCouldLeaveTheFolderIsRefused(String text) {
        assertThatThrownBy(() -> ModelName.parse(text))
                .isInstanceOfSatisfying(
                        Problem.class,
                        p -> assertThat(p.code()).isEqualTo(Problem.Code.BAD_REQUEST));
    }

    @ParameterizedTest
    @CsvSource({
        "hf://u/r, hf.co/u/r:latest, u/r, main, ''",
        "hf.co/u/r:Q8_0, hf.co/u/r:Q8_0, u/r, main, Q8_0",
        "huggingface.co/u/r, hf.co/u/r:latest, u/r, main, ''",
        "hf.co/u/r/sub/f.gguf, hf.co/u/r:f.gguf, u/r, main, sub/f.gguf",
        "https://huggingface.co/u/r/resolve/v2/f.gguf, hf.co/u/r:f.gguf, u/r, v2, f.gguf",
        "https://huggingface.co/u/r/tree/v2, hf.co/u/r:v2, u/r, v2, ''",
        "http://127.0.0.1:99/u/r, 127.0.0.1:99/u/r:latest, u/r, main, ''",
    })
    void hubRepositoriesAreRecognized(
            String text, String name, String id, String revision, String selector) {
        ModelReference reference = ModelReference.parse(text);

        assertThat(reference.name()).hasToString(name);
        assertThat(reference.repository()).isNotNull();
        assertThat(reference.repository().id()).isEqualTo(id);
        assertThat(reference.repository().revision()).isEqualTo(revision);
        assertThat(reference.repository().selector()).isEqualTo(selector);
    }

    @Test
    void templatesAreToldApart() {
        assertThat(TemplateLanguage.of("{{ .Prompt }}")).isEqualTo(TemplateLanguage.GO);
        assertThat(TemplateLanguage.of("{{ if .System }}{{ .System }}{{ end }}"))
                .isEqualTo(TemplateLanguage.GO);
        assertThat(TemplateLanguage.of("{{- range .Messages }}{{ .Content }}{{- end }}"))
                .isEqualTo(TemplateLanguage.GO);
        assertThat(TemplateLanguage.of("{% for m in messages %}{{ m['content'] }}{% endfor %}"))
                .isEqualTo(TemplateLanguage.JINJA);
        assertThat(TemplateLanguage.of("{{ messages[0]['content'] }}"))
                .isEqualTo(TemplateLanguage.JINJA);
    }
}
