package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {
    @TempDir private Path folder;

    /// Files that llama.cpp's quantizer made of the F32 file of the same model.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-q-Q2_K",
                "llama-q-Q3_K_S",
                "llama-q-Q4_0",
                "llama-q-Q4_1",
                "llama-q-Q4_K_M",
                "llama-q-Q5_0",
                "llama-q-Q5_K_M",
                "llama-q-Q6_K",
                "llama-q-Q8_0",
                "llama-q-TQ1_0",
                "llama-F16",
                "llama-BF16",
                "llama-Q4_0",
                "falcon-Q4_0",
                "gemma3-Q4_0",
                "gptneox-Q4_0",
                "gpt2-Q8_0",
                "bert-Q4_0",
                "mixtral-Q4_0"
            })
    void tensorsHaveTheTypesOfTheReferenceAndNoLargerErrors(String golden) throws IOException {
        int dash = golden.lastIndexOf('-');
        Path source = GoldenModels.unzip(golden.substring(0, dash) + "-F32", folder);
        Path expected = GoldenModels.unzip(golden, folder);
        Path written = folder.resolve("written.gguf");
        Mix mix = Mix.of(golden.substring(dash + 1));
        try (Gguf model = Gguf.open(source);
                Gguf reference = Gguf.open(expected)) {
            Quantizer.quantize(
                    model,
                    written,
                    QuantizationOptions.of(mix).threads(2),
                    Quantizer.Progress.NONE);
            try (Gguf own = Gguf.open(written)) {
                assertThat(types(own)).isEqualTo(types(reference));
                assertThat(own.metadata().get("general.file_type"))
                        .isEqualTo(reference.metadata().get("general.file_type"));
                assertThat(own.metadata().keySet())
                        .containsExactlyInAnyOrderElementsOf(reference.metadata().keySet());
                for (StoredTensor tensor : own.tensors().values()) {
                    compare(model, tensor, reference.tensor(tensor.name()));
                }
            }
        }
    }

    /// There is no F32 file of this model; what was rounded once stays as it is.
    @Test
    void expertsInFourBitFloatsAreThoseOfTheReference() throws IOException {
        try (Gguf reference = Gguf.open(GoldenModels.unzip("mixtral-q-MXFP4_MOE", folder))) {
            int compared = 0;
            for (StoredTensor tensor : reference.tensors().values()) {
                if (tensor.type() == DataType.MXFP4) {
                    float[] values = decoded(tensor);
                    MemorySegment own =
                            MemorySegment.ofArray(new byte[(int) tensor.data().byteSize()]);
                    DataType.MXFP4.encode(values, 0, own, 0, values.length / 32);
                    assertThat(own.mismatch(tensor.data())).as(tensor.name()).isEqualTo(-1);
                    compared++;
                }
            }
            assertThat(compared).isPositive();
            Path written = folder.resolve("experts.gguf");
            QuantizationOptions options = QuantizationOptions.of(Mix.MXFP4_MOE);
            Quantizer.quantize(
                    reference, written, options.requantize(true), Quantizer.Progress.NONE);
            try (Gguf own = Gguf.open(written)) {
                assertThat(types(own)).isEqualTo(types(reference));
            }
        }
    }

    @Test
    void importanceMatricesOfOlderFilesAreRead() throws IOException {
        byte[] name = "blk.0.ffn_up.weight".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(1).putInt(name.length).put(name).putInt(5).putInt(3);
        bytes.putFloat(10).putFloat(20).putFloat(0);
        bytes.putInt(7).putInt(4).put("text".getBytes(StandardCharsets.UTF_8));
        Path file = folder.resolve("old.dat");
        Files.write(file, Arrays.copyOf(bytes.array(), bytes.position()));
        ImportanceMatrix read = ImportanceMatrix.read(file);
        assertThat(read.chunks()).isEqualTo(7);
        assertThat(read.datasets()).containsExactly("text");
        MemorySegment data = MemorySegment.ofArray(new byte[12]);
        StoredTensor tensor =
                new StoredTensor("blk.0.ffn_up.weight", DataType.F32, List.of(1L, 3L), data);
        assertThat(read.of(tensor, 0)).containsExactly(2, 4, 0);
        byte[] damaged = Arrays.copyOf(bytes.array(), 30);
        Files.write(file, damaged);
        assertThatThrownBy(() -> ImportanceMatrix.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("it ends before");
    }

    private static Map<String, DataType> types(Gguf file) {
        Map<String, DataType> types = new TreeMap<>();
        file.tensors().values().forEach(tensor -> types.put(tensor.name(), tensor.type()));
        return types;
    }

    private static void compare(Gguf model, StoredTensor own, StoredTensor reference) {
        boolean searched = own.type().name().endsWith("_K");
        if (!searched) {
            assertThat(own.data().mismatch(reference.data())).as(own.name()).isEqualTo(-1);
            return;
        }
        float[] values = decoded(model.tensor(own.name()));
        assertThat(error(values, decoded(own)))
                .as("%s %s", own.type(), own.name())
                .isLessThanOrEqualTo(1.02 * error(values, decoded(reference)) + 1e-9);
    }

    private static float[] decoded(StoredTensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        int blocks = values.length / tensor.type().blockSize();
        tensor.type().decode(tensor.data(), 0, blocks, values, 0);
        return values;
    }

    private static double error(float[] x, float[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += ((double) x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum / x.length);
    }

    @Test
    void threadsChangeNothing() throws IOException {
        Path source = GoldenModels.unzip("llama-q-F32", folder);
        List<byte[]> files = new ArrayList<>();
        try (Gguf model = Gguf.open(source)) {
            for (int threads : new int[] {1, 3}) {
                Path target = folder.resolve(threads + ".gguf");
                Quantizer.quantize(
                        model,
                        target,
                        QuantizationOptions.of(Mix.Q4_K_M).threads(threads),
                        Quantizer.Progress.NONE);
                files.add(Files.readAllBytes(target));
            }
        }
        assertThat(files.get(0)).isEqualTo(files.get(1));
    }

    @Test
    void everyMixIsWrittenAndPureGivesOneType() throws IOException {
        Path source = GoldenModels.unzip("llama-q-F32", folder);
        try (Gguf model = Gguf.open(source)) {
            for (Mix mix : Mix.values()) {
                Path target = folder.resolve(mix + ".gguf");
                List<Quantizer.Change> changes =
                        Quantizer.quantize(
                                model,
                                target,
                                QuantizationOptions.of(mix).pure(true).threads(1),
                                Quantizer.Progress.NONE);
                assertThat(changes)
                        .filteredOn(change -> change.tensor().contains("attn_"))
                        .filteredOn(change -> !change.tensor().contains("norm"))
                        .allMatch(change -> change.after() == mix.base());
                try (Gguf own = Gguf.open(target)) {
                    assertThat(Quantization.of(own)).isEqualTo(mix.name());
                }
            }
        }
    }

    @Test
    void whatIsQuantizedAlreadyIsRefusedUnlessAllowed() throws IOException {
        Path source = GoldenModels.unzip("llama-q-Q4_0", folder);
        Path target = folder.resolve("again.gguf");
        try (Gguf model = Gguf.open(source)) {
            QuantizationOptions options = QuantizationOptions.of(Mix.Q4_K_M);
            assertThatThrownBy(() ->
                            Quantizer.quantize(model, target, options, Quantizer.Progress.NONE))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("quantized already (Q4_0)")
                    .hasMessageContaining("--allow-requantize");
            assertThat(target).doesNotExist();
            Quantizer.quantize(model, target, options.requantize(true), Quantizer.Progress.NONE);
            assertThat(target).exists();
        }
    }

    @Test
    void weightsThatAreNoNumbersAreRefused() {
        Path source = folder.resolve("nan.gguf");
        Path target = folder.resolve("out.gguf");
        model(source, 5, Float.NaN);
        try (Gguf model = Gguf.open(source)) {
            assertThatThrownBy(() ->
                            Quantizer.quantize(
                                    model,
                                    target,
                                    QuantizationOptions.of(Mix.Q8_0),
                                    Quantizer.Progress.NONE))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining(
                            "\"blk.0.ffn_up.weight\" has NaN in row 0, column 5; the model is damaged");
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void columnsThatMatterAreRoundedWithMoreCare() {
        Path source = folder.resolve("model.gguf");
        model(source, 0, 1);
        float[] squares = new float[256];
        Arrays.fill(squares, 1);
        Arrays.fill(squares, 0, 64, 1000);
        ImportanceMatrix importance =
                new ImportanceMatrix(
                        new TreeMap<>(
                                Map.of(
                                        "blk.0.ffn_up.weight",
                                        new ImportanceMatrix.Sums(squares, new float[] {10}))),
                        List.of("text"),
                        1,
                        10);
        Path file = folder.resolve("imatrix.gguf");
        importance.write(file);
        ImportanceMatrix read = ImportanceMatrix.read(file);
        assertThat(read.sums().values())
                .singleElement()
                .satisfies(sums -> assertThat(sums.squares()).isEqualTo(squares));
        assertThat(read.datasets()).containsExactly("text");
        QuantizationOptions options = QuantizationOptions.of(Mix.Q4_0);
        try (Gguf model = Gguf.open(source)) {
            double without = errorOfFirst(model, options);
            assertThat(errorOfFirst(model, options.importance(read))).isLessThan(without);
        }
    }

    @Test
    void anImportanceMatrixOfAnotherModelIsRefused() {
        Path source = folder.resolve("model.gguf");
        model(source, 0, 1);
        ImportanceMatrix importance =
                new ImportanceMatrix(
                        new TreeMap<>(
                                Map.of(
                                        "blk.0.ffn_up.weight",
                                        new ImportanceMatrix.Sums(new float[8], new float[] {1}))),
                        List.of(),
                        1,
                        10);
        QuantizationOptions options = QuantizationOptions.of(Mix.Q4_0).importance(importance);
        try (Gguf model = Gguf.open(source)) {
            assertThatThrownBy(() -> errorOfFirst(model, options))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("1 x 8 columns")
                    .hasMessageContaining("[64, 256]");
            assertThatThrownBy(() -> ImportanceMatrix.read(source))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("jebena imatrix");
        }
    }

    @Test
    void aTypeThatDoesNotExistIsAnsweredWithThoseThatDo() {
        assertThat(Mix.of("q4_k")).isEqualTo(Mix.Q4_K_M);
        assertThat(Mix.of("IQ4_nl")).isEqualTo(Mix.IQ4_NL);
        assertThatThrownBy(() -> Mix.of("Q7"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("\"Q7\"")
                .hasMessageContaining("Q4_K_M");
    }

    /// The error of the first 64 columns.
    private double errorOfFirst(Gguf model, QuantizationOptions options) {
        Path target = folder.resolve("q.gguf");
        Quantizer.quantize(model, target, options, Quantizer.Progress.NONE);
        String name = "blk.0.ffn_up.weight";
        try (Gguf own = Gguf.open(target)) {
            float[] x = decoded(model.tensor(name));
            float[] y = decoded(own.tensor(name));
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += i % 256 < 64 ? Math.pow((double) x[i] - y[i], 2) : 0;
            }
            return sum;
        }
    }

    /// A matrix of 64 x 256 numbers, one of which is `number`.
    private static void model(Path file, int at, float number) {
        SplittableRandom random = new SplittableRandom(3);
        ByteBuffer bytes = ByteBuffer.allocate(4 * 64 * 256).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat((float) random.nextDouble(-1, 1));
        }
        bytes.putFloat(4 * at, number);
        new GgufWriter()
                .text("general.architecture", "llama")
                .tensor(
                        new StoredTensor(
                                "blk.0.ffn_up.weight",
                                DataType.F32,
                                List.of(64L, 256L),
                                MemorySegment.ofArray(bytes.array())))
                .write(file);
    }
}
