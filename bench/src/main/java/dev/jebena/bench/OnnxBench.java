package dev.jebena.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.jebena.onnx.OnnxOptions;
import dev.jebena.onnx.OnnxProgram;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// An ONNX model by us and by ONNX Runtime, turn by turn:
///
/// `OnnxBench THREADS MODEL NAME=1x128<30000 ...` with an input of random integers from 0 to a
/// limit, or `NAME=1x3x640x640` with one of random floats. With `-Dbrain=true` our products are in
/// bfloat16. Prints medians in milliseconds, their ratio, and how far the outputs are apart.
public final class OnnxBench {
    private static final long NANOSECONDS = 1_000_000_000L * Integer.getInteger("seconds", 8);

    /// How long a side's turn takes. ONNX Runtime's threads spin for some milliseconds after a run,
    /// and would have a core in the other side's next one; the first run of a turn does not count.
    private static final long TURN_NANOSECONDS = 300_000_000;

    private static final int LEAST_RUNS = 3;

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
        OnnxOptions plain = OnnxOptions.defaults();
        OnnxProgram ours =
                OnnxProgram.load(
                        model,
                        Boolean.getBoolean("brain")
                                ? plain.precision(OnnxOptions.Precision.BFLOAT16)
                                : plain);
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
        List<Double> own = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (long end = System.nanoTime() + NANOSECONDS / 2; System.nanoTime() < end; ) {
            turn(() -> ours.run(inputs));
            turn(() -> session.run(given).close());
        }
        for (long end = System.nanoTime() + NANOSECONDS; System.nanoTime() < end; ) {
            own.addAll(turn(() -> ours.run(inputs)));
            others.addAll(turn(() -> session.run(given).close()));
        }
        double mine = median(own);
        double theirs = median(others);
        Tensor output = Objects.requireNonNull(ours.run(inputs).get(name));
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "%d thread%s  jebena %.2f ms  onnxruntime %.2f ms  ratio %.2f  %s  runs %d",
                        threads,
                        threads == 1 ? "" : "s",
                        mine,
                        theirs,
                        theirs / mine,
                        apart(output, session, given, name),
                        own.size()));
    }

    private interface Run {
        void run() throws OrtException;
    }

    /// Milliseconds of each run of a turn.
    private static List<Double> turn(Run run) throws OrtException {
        run.run();
        List<Double> times = new ArrayList<>();
        long begin = System.nanoTime();
        while (times.size() < LEAST_RUNS || System.nanoTime() - begin < TURN_NANOSECONDS) {
            long before = System.nanoTime();
            run.run();
            times.add((System.nanoTime() - before) / 1e6);
        }
        return times;
    }

    private static double median(List<Double> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }

    /// The cosine of the outputs, and their largest difference.
    private static String apart(
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
            double most = 0;
            for (int i = 0; i < own.length; i++) {
                product += (double) own[i] * other[i];
                left += (double) own[i] * own[i];
                right += (double) other[i] * other[i];
                most = Math.max(most, Math.abs(own[i] - other[i]));
            }
            return String.format(
                    Locale.ROOT,
                    "cosine %.7f  difference %.1e",
                    product / Math.sqrt(left * right),
                    most);
        }
    }
}
