package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelfileTest {
    private static final Path FOLDER = Path.of("/models");
    private static final String SAMPLE =
            """
            # A pirate.
            from ./tiny.gguf
            PARAMETER temperature 0.5
            parameter stop "<|im_end|>"
            PARAMETER stop User:
            PARAMETER num_ctx 4096
            PARAMETER use_mmap true

            SYSTEM \"""You are
              a "pirate".\"""
            TEMPLATE {{ .Prompt }}
            MESSAGE user Hi
            MESSAGE assistant \"""Arr.
            \"""   # done
            LICENSE MIT
            Adapter lora.gguf
            """;

    @Test
    void allInstructionsAreRead() {
        ModelRecipe recipe = Modelfile.parse(SAMPLE, FOLDER);

        assertThat(recipe.from()).isEqualTo("/models/tiny.gguf");
        assertThat(recipe.parameters())
                .isEqualTo(
                        Map.of(
                                "temperature",
                                0.5,
                                "stop",
                                List.of("<|im_end|>", "User:"),
                                "num_ctx",
                                4096L,
                                "use_mmap",
                                true));
        assertThat(recipe.system()).isEqualTo("You are\n  a \"pirate\".");
        assertThat(recipe.template()).isEqualTo("{{ .Prompt }}");
        assertThat(recipe.messages())
                .containsExactly(
                        new ModelMessage("user", "Hi"), new ModelMessage("assistant", "Arr.\n"));
        assertThat(recipe.licenses()).containsExactly("MIT");
        assertThat(recipe.adapters()).containsExactly("/models/lora.gguf");
    }

    @Test
    void whatIsPrintedReadsBackTheSame() {
        ModelRecipe recipe = Modelfile.parse(SAMPLE, FOLDER);
        assertThat(Modelfile.parse(Modelfile.print(recipe), Path.of("/elsewhere")))
                .isEqualTo(recipe);
        for (String text : List.of("\"", "a\"", "\"\"\"", "x\"\"\"y\"", " edge ", "a\n\nb", "")) {
            ModelRecipe one =
                    new ModelRecipe(
                            "base", Map.of(), List.of(), Map.of(), Map.of(), null, text, List.of(),
                            List.of());
            assertThat(Modelfile.parse(Modelfile.print(one), FOLDER).system()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PARAMETER temperature 1 | has no FROM line",
                "FROM a;FROM b | line 2: there is a FROM line already",
                "FROM a;PARAMETER temprature 1 | line 2: unknown parameter 'temprature'; did you mean 'temperature'?",
                "FROM a;PARAMETER num_ctx many | line 2: parameter num_ctx: expected an integer, got 'many'",
                "FROM a;PARAMETER num_ctx | line 2: PARAMETER num_ctx needs a value",
                "FROM a;PARAMETER temperature NaN | line 2: parameter temperature: expected a number",
                "FROM a;MESSAGE robot hi | line 2: the role of a MESSAGE must be one of",
                "FROM a;SYTEM hi | line 2: unknown instruction 'SYTEM'; did you mean SYSTEM?",
                "FROM a;SYSTEM \"\"\"open | line 2: the quotes \"\"\" are not closed",
                "FROM a;;SYSTEM \"open | line 3: the quote \" is not closed",
                "FROM a;SYSTEM \"\"\"x\"\"\" y | line 2: unexpected text after the closing quotes: 'y'",
                "FROM | line 1: FROM needs a value",
            })
    void mistakesNameTheirLine(String text, String message) {
        assertThatThrownBy(() -> Modelfile.parse(text.replace(';', '\n'), FOLDER))
                .isInstanceOfSatisfying(
                        Problem.class,
                        p -> assertThat(p.code()).isEqualTo(Problem.Code.BAD_REQUEST))
                .hasMessageContaining(message);
    }

    @Test
    void aRecipeFromTheNetworkCannotReadLocalFiles() {
        for (String from : List.of("/etc/passwd", "./x.gguf", "../x", "~/x")) {
            assertThatThrownBy(() ->
                            ModelRecipe.ofRequest(
                                    from, Map.of(), Map.of(), Map.of(), null, null, List.of(),
                                    List.of()))
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void mutatedModelfilesAreReadOrRefusedWithOneProblem() {
        long seed = Long.getLong("jebena.fuzz.seed", 20261123);
        Random random = new Random(seed);
        for (int i = 0; i < Fuzz.cases(); i++) {
            String text = Fuzz.mutate(SAMPLE, random);
            try {
                ModelRecipe recipe = Modelfile.parse(text, FOLDER);
                String printed = Modelfile.print(recipe);
                assertThat(Modelfile.print(Modelfile.parse(printed, FOLDER))).isEqualTo(printed);
            } catch (Problem e) {
                assertThat(e.code()).isEqualTo(Problem.Code.BAD_REQUEST);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + " case " + i + ":\n" + text, e);
            }
        }
    }
}
