package dev.jebena.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.jebena.onnx.OnnxProgram;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// An ONNX model by us and by ONNX Runtime, turn by turn:
///
/// `OnnxBench THREADS MODEL NAME=1x128<30000 ...` with an input of random integers from 0 to a
/// limit, or `NAME=1x3x640x640` with one of random floats. Prints medians in milliseconds, their
/// ratio, and how far the outputs are apart.
public final class OnnxBench {
    private static final long NANOSECONDS = 8_000_000_000L;
    private static final int LEAST_TURNS = 10;

    private OnnxBench() {}

    /// Runs it.
    public static void main(String[] arguments) throws OrtException {
        int threads = Integer.parseInt(arguments[0]);
        Path model = Path.of(arguments[1]);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Rng rng = Rng.seed(7);
        for (String input : Arrays.asList(arguments).subList(2, arguments.length)) {
            inputs.put(input.substring(0, input.indexOf('=')), tensor(input, rng));
        }
        OnnxProgram ours = OnnxProgram.load(model);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            try (OrtSession session = environment.createSession(model.toString(), options)) {
                compare(ours, session, inputs, given(environment, inputs), threads);
            }
        }
    }

    private static Tensor tensor(String input, Rng rng) {
        String[] parts = input.substring(input.indexOf('=') + 1).split("<", -1);
        int[] dims = Arrays.stream(parts[0].split("x", -1)).mapToInt(Integer::parseInt).toArray();
        Tensor uniform = rng.uniform(Shape.of(dims), DType.FLOAT32);
        return parts.length == 1
                ? uniform
                : uniform.mul(Double.parseDouble(parts[1])).to(DType.INT64);
    }

    private static Map<String, OnnxTensor> given(
            OrtEnvironment environment, Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        for (var entry : inputs.entrySet()) {
            Tensor x = entry.getValue();
            long[] dims = Arrays.stream(x.shape().toArray()).asLongStream().toArray();
            given.put(
                    entry.getKey(),
                    x.dtype() == DType.INT64
                            ? OnnxTensor.createTensor(
                                    environment, LongBuffer.wrap(x.toLongs()), dims)
                            : OnnxTensor.createTensor(
                                    environment, FloatBuffer.wrap(x.toFloats()), dims));
        }
        return given;
    }

    private static void compare(
            OnnxProgram ours,
            OrtSession session,
            Map<String, Tensor> inputs,
            Map<String, OnnxTensor> given,
            int threads)
            throws OrtException {
        String name = ours.outputs().getFirst().name();
        for (long end = System.nanoTime() + NANOSECONDS / 2; System.nanoTime() < end; ) {
            ours.run(inputs);
            session.run(given).close();
        }
        long[] own = new long[10_000];
        long[] others = new long[own.length];
        int turns = 0;
        long end = System.nanoTime() + NANOSECONDS;
        while (turns < own.length && (turns < LEAST_TURNS || System.nanoTime() < end)) {
            long begin = System.nanoTime();
            ours.run(inputs);
            long middle = System.nanoTime();
            session.run(given).close();
            own[turns] = middle - begin;
            others[turns] = System.nanoTime() - middle;
            turns++;
        }
        double mine = median(own, turns) / 1e6;
        double theirs = median(others, turns) / 1e6;
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "%d thread%s  jebena %.2f ms  onnxruntime %.2f ms  ratio %.2f"
                                + "  cosine %.7f  turns %d",
                        threads,
                        threads == 1 ? "" : "s",
                        mine,
                        theirs,
                        theirs / mine,
                        cosine(
                                Objects.requireNonNull(ours.run(inputs).get(name)),
                                session,
                                given,
                                name),
                        turns));
    }

    private static double median(long[] times, int count) {
        long[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return sorted[count / 2];
    }

    private static double cosine(
            Tensor ours, OrtSession session, Map<String, OnnxTensor> given, String name)
            throws OrtException {
        try (OrtSession.Result result = session.run(given)) {
            FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
            float[] other = new float[buffer.remaining()];
            buffer.get(other);
            float[] own = ours.toFloats();
            double product = 0;
            double left = 0;
            double right = 0;
            for (int i = 0; i < own.length; i++) {
                product += (double) own[i] * other[i];
                left += (double) own[i] * own[i];
                right += (double) other[i] * other[i];
            }
            return product / Math.sqrt(left * right);
        }
    }
}
