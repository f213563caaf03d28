package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.formats.Gguf;
import dev.jebena.formats.Mix;
import dev.jebena.formats.QuantizationOptions;
import dev.jebena.formats.Quantizer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedLoadTest {
    private static final LlmOptions OPTIONS = LlmOptions.defaults().threads(2).contextLength(128);

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_K_M", "IQ4_XS", "F16"})
    void aModelThatIsQuantizedWhenLoadedAnswersAsItsFileDoes(Mix mix) {
        Path plain = GoldenModel.open("llama-q-F32", folder).file();
        Path small = folder.resolve("small.gguf");
        try (Gguf model = Gguf.open(plain)) {
            Quantizer.quantize(model, small, QuantizationOptions.of(mix), Quantizer.Progress.NONE);
        }
        assertThat(answer(plain, OPTIONS.weights(mix))).isEqualTo(answer(small, OPTIONS));
    }

    private static String answer(Path model, LlmOptions options) {
        Generation generation = Generation.defaults().temperature(0).maxTokens(24).ignoreEos(true);
        try (Llm llm = Llm.load(model, options);
                Answer answer = llm.generate("A pot of coffee", generation)) {
            StringBuilder text = new StringBuilder();
            while (answer.hasNext()) {
                text.append(answer.next().id()).append(' ');
            }
            return text.toString();
        }
    }

    @Test
    void theTypeOfTheModelIsWhatItWasBroughtTo() {
        Path plain = GoldenModel.open("llama-q-F32", folder).file();
        try (Llm llm = Llm.load(plain, OPTIONS.weights(Mix.Q4_0))) {
            assertThat(llm.info().quantization()).isEqualTo("Q4_0");
        }
    }

    @Test
    void whatIsQuantizedAlreadyStays() {
        Path small = GoldenModel.open("llama-q-Q4_0", folder).file();
        assertThat(answer(small, OPTIONS.weights(Mix.Q8_0))).isEqualTo(answer(small, OPTIONS));
    }
}
