package dev.jebena.bench;

import dev.jebena.tensor.internal.Parallel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Operations and whole training steps against libtorch (through DJL), in one run.
///
/// ```
/// TensorBench [--threads 1,2] [--rounds 7] [NAME...]
/// ```
///
/// A name chooses what begins with it: `gemm`, `conv`, `attention`, `norm`, `train`. Before a case
/// is timed, both sides' results are compared.
public final class TensorBench {
    private TensorBench() {}

    public static void main(String[] args) {
        List<Integer> threads = List.of(1, 2);
        int rounds = 7;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--threads" ->
                        threads = Stream.of(args[++i].split(",")).map(Integer::valueOf).toList();
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                default -> names.add(args[i]);
            }
        }
        Map<String, Supplier<Comparison>> cases = new LinkedHashMap<>(OperationCases.all());
        cases.putAll(TrainingCases.all());
        IO.println(Comparison.HEAD);
        for (Map.Entry<String, Supplier<Comparison>> entry : cases.entrySet()) {
            if (names.isEmpty() || names.stream().anyMatch(entry.getKey()::startsWith)) {
                compare(entry.getValue(), threads, rounds);
            }
        }
    }

    private static void compare(Supplier<Comparison> open, List<Integer> threads, int rounds) {
        try (Comparison comparison = open.get()) {
            for (int count : threads) {
                Parallel.threads(count);
                Libtorch.threads(count);
                IO.println(comparison.measure(count, rounds).row());
            }
        }
    }
}
