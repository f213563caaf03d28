package dev.jebena.transformers;

import dev.jebena.tensor.Tensor;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.transformers.internal.model.Checkpoint;
import dev.jebena.transformers.internal.model.DecoderState;
import dev.jebena.transformers.internal.model.EncoderModel;
import dev.jebena.transformers.internal.model.ModelConfig;
import dev.jebena.transformers.internal.model.SequenceModel;
import dev.jebena.transformers.internal.model.SequenceModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Networks give the numbers of the library's, before anything is made of them.
class LogitsTest {
    private static final String PLAIN = "The old coffee pot stood in Addis Ababa.";

    static Stream<String> models() {
        // The engine's own tests compare those.
        return TinyModel.names().stream().filter(name -> !name.matches("gpt2|llama"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAreThoseOfTheLibrary(String name, @TempDir Path folder) {
        TinyModel model = TinyModel.of(name);
        model.write(folder);
        SameAnswer.check(name, logits(folder, model.task()), model.logits());
    }

    private static Object logits(Path folder, String task) {
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        TextReader reader = TextReader.of(folder);
        return switch (task) {
            case "fill-mask" ->
                    masked(EncoderModel.of(config, checkpoint, EncoderModel.Kind.MASKS), reader);
            case "feature-extraction" -> {
                Encoding encoding = reader.encode(PLAIN, null, null);
                EncoderModel model = EncoderModel.of(config, checkpoint, null);
                yield rows(model.states(encoding.ids(), encoding.typeIds()));
            }
            case "text-classification", "zero-shot-classification" -> {
                Encoding encoding = reader.encode(PLAIN, null, null);
                yield rows(SequenceModels.classifier(config, checkpoint)
                                .logits(encoding.ids(), encoding.typeIds()))
                        .getFirst();
            }
            case "token-classification" ->
                    rows(answers(config, checkpoint, reader, EncoderModel.Kind.TOKENS));
            case "question-answering" ->
                    rows(answers(config, checkpoint, reader, EncoderModel.Kind.SPANS).t());
            default -> firstStep(folder, config, checkpoint, reader);
        };
    }

    private static Tensor answers(
            ModelConfig config, Checkpoint checkpoint, TextReader reader, EncoderModel.Kind kind) {
        Encoding encoding = reader.encode(PLAIN, null, null);
        return EncoderModel.of(config, checkpoint, kind).logits(encoding.ids(), encoding.typeIds());
    }

    private static Object masked(EncoderModel model, TextReader reader) {
        int mask = reader.mask().orElseThrow();
        String text = "The coffee " + reader.tokenizer().token(mask) + " is old.";
        Encoding encoding = reader.encode(text, null, null);
        int place =
                IntStream.range(0, encoding.size())
                        .filter(i -> encoding.ids()[i] == mask)
                        .findFirst()
                        .orElseThrow();
        return rows(model.logits(encoding.ids(), encoding.typeIds(), new int[] {place})).getFirst();
    }

    private static Object firstStep(
            Path folder, ModelConfig config, Checkpoint checkpoint, TextReader reader) {
        SequenceModel model = SequenceModels.of(config, checkpoint);
        ModelConfig generation = ModelConfig.read(folder.resolve("generation_config.json"));
        int start = generation.integer("decoder_start_token_id", -1);
        Tensor read = model.read(reader.encode(PLAIN, null, null).ids());
        DecoderState state = model.begin(read, 1);
        return rows(model.next(state, new int[] {start})).getFirst();
    }

    private static List<List<Double>> rows(Tensor matrix) {
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < matrix.dim(0); i++) {
            List<Double> row = new ArrayList<>();
            for (float number : matrix.select(0, i).toFloats()) {
                row.add((double) number);
            }
            rows.add(row);
        }
        return rows;
    }
}
