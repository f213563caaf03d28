package dev.jebena.llm;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.WeightMatrix;
import dev.jebena.formats.ImportanceMatrix;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// Measures how large the activations are that each column of a model's matrices is multiplied
/// with: the sums of their squares over a text.
public final class Importance {
    /// Told after each chunk of the text how many are done.
    @FunctionalInterface
    public interface Progress {
        Progress NONE = (done, total) -> {};

        void on(int done, int total);
    }

    /// A tensor of the model with its sums so far.
    private record Sum(StoredTensor tensor, double[] squares, long[] rows) {
        static Sum of(StoredTensor tensor) {
            boolean experts = tensor.shape().size() > 2;
            int matrices = experts ? Math.toIntExact(tensor.shape().getFirst()) : 1;
            int columns = Math.toIntExact(tensor.shape().getLast());
            return new Sum(
                    tensor, new double[Math.multiplyExact(matrices, columns)], new long[matrices]);
        }

        ImportanceMatrix.Sums finished() {
            float[] sums = new float[squares.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = (float) squares[i];
            }
            float[] counts = new float[rows.length];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = rows[i];
            }
            return new ImportanceMatrix.Sums(sums, counts);
        }
    }

    /// By where the tensor begins in memory, since that is what a product shows of it.
    private final NavigableMap<Long, Sum> sums = new TreeMap<>();

    private Importance(TensorFile file) {
        // As in llama.cpp's files: the tables at the model's ends have no importance.
        file.tensors().values().stream()
                .filter(tensor -> tensor.name().startsWith("blk.") && tensor.shape().size() > 1)
                .forEach(tensor -> sums.put(tensor.data().address(), Sum.of(tensor)));
    }

    /// Computes a text.
    ///
    /// @param model a GGUF file or a folder
    /// @param dataset the text's name, which the result keeps
    /// @throws LlmException when the model cannot continue text or the text is too short
    public static ImportanceMatrix measure(
            Path model, String text, String dataset, EvaluationOptions options, Progress progress) {
        try (EvaluatedModel evaluated = EvaluatedModel.load(model, options, 1)) {
            int[][] chunks = evaluated.chunks(text, options.chunks());
            Importance importance = new Importance(evaluated.file());
            evaluated.observe(importance::add);
            for (int i = 0; i < chunks.length; i++) {
                evaluated.run(chunks[i]);
                progress.on(i + 1, chunks.length);
            }
            return importance.result(dataset, chunks.length, options.contextLength());
        }
    }

    private void add(WeightMatrix weight, FloatMatrix in, int first, int end) {
        long address = weight.data().address();
        Map.Entry<Long, Sum> found = sums.floorEntry(address);
        if (found == null) {
            return;
        }
        Sum sum = found.getValue();
        long offset = address - found.getKey();
        if (offset >= sum.tensor.data().byteSize()) {
            return;
        }
        int matrix = 0;
        if (sum.rows.length > 1) {
            matrix = Math.toIntExact(offset / (sum.tensor.data().byteSize() / sum.rows.length));
        } else if (offset > 0) {
            // Another part of a matrix, multiplied with the same rows as the first.
            return;
        }
        sum.rows[matrix] += end - first;
        int at = matrix * weight.columns();
        for (int row = first; row < end; row++) {
            float[] values = in.row(row);
            for (int i = 0; i < values.length; i++) {
                sum.squares[at + i] += (double) values[i] * values[i];
            }
        }
    }

    private ImportanceMatrix result(String dataset, int chunks, int chunkTokens) {
        SortedMap<String, ImportanceMatrix.Sums> finished = new TreeMap<>();
        sums.values().stream()
                .filter(sum -> Arrays.stream(sum.rows).anyMatch(rows -> rows > 0))
                .forEach(sum -> finished.put(sum.tensor.name(), sum.finished()));
        return new ImportanceMatrix(finished, List.of(dataset), chunks, chunkTokens);
    }
}
