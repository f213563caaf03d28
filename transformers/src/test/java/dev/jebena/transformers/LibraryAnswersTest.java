package dev.jebena.transformers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.LlmOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every architecture with every head answers as Hugging Face's transformers does.
class LibraryAnswersTest {
    static Stream<String> models() {
        return TinyModel.names().stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAreThoseOfTheLibrary(String name, @TempDir Path folder) {
        TinyModel model = TinyModel.of(name);
        TransformersOptions options =
                TransformersOptions.defaults().withEngine(LlmOptions.defaults().exact(true));
        try (Pipeline pipeline =
                Transformers.load(
                        model.write(folder).toString(),
                        Task.of(model.task()),
                        options,
                        dev.jebena.base.ProgressListener.none())) {
            List<TinyModel.Call> calls = model.calls();
            assertThat(calls).isNotEmpty();
            for (int i = 0; i < calls.size(); i++) {
                TinyModel.Call call = calls.get(i);
                SameAnswer.check(
                        "%s call %d %s".formatted(name, i, call.parameters()),
                        pipeline.run(call.inputs(), call.parameters()),
                        call.answer());
            }
        }
    }
}
