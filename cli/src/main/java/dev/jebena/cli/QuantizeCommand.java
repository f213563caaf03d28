package dev.jebena.cli;

import dev.jebena.formats.Gguf;
import dev.jebena.formats.ImportanceMatrix;
import dev.jebena.formats.Mix;
import dev.jebena.formats.QuantizationOptions;
import dev.jebena.formats.Quantizer;
import dev.jebena.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "quantize",
        description = {
            "Writes a model with its weights in fewer bits.",
            "Types are F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M,",
            "Q4_K_S, Q4_1, Q4_0, IQ4_NL, IQ4_XS, Q3_K_L, Q3_K_M, Q3_K_S, Q2_K, Q2_K_S,",
            "MXFP4_MOE (experts alone), TQ2_0 and TQ1_0 (for models of -1, 0 and 1)."
        },
        footer = {
            "  jebena quantize model-F16.gguf model-Q4_K_M.gguf Q4_K_M",
            "  jebena quantize model-F16.gguf small.gguf Q3_K_M --imatrix model.imatrix",
            "  jebena quantize smollm2 smollm2-Q8_0.gguf Q8_0 --allow-requantize"
        })
final class QuantizeCommand extends JebenaCommand {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A GGUF file, best in F16 or F32, or a model of the store.")
    String model = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
    Path out = Path.of("");

    @Parameters(index = "2", paramLabel = "TYPE", description = "What to write.")
    String type = "";

    @Option(
            names = "--imatrix",
            paramLabel = "FILE",
            description = "What matters in the model, as jebena imatrix measures it.")
    @Nullable Path imatrix;

    @Option(names = "--pure", description = "Give every matrix the same type.")
    boolean pure;

    @Option(
            names = "--allow-requantize",
            description = "Accept a model that is quantized already, at a loss.")
    boolean requantize;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws Exception {
        QuantizationOptions options =
                QuantizationOptions.of(Mix.of(type))
                        .pure(pure)
                        .requantize(requantize)
                        .threads(threads)
                        .importance(imatrix == null ? null : ImportanceMatrix.read(imatrix));
        try (Models models = Models.open()) {
            Path source = models.local(model).path();
            if (Files.isDirectory(source)) {
                throw new UserError(source + " is a folder; quantize takes a GGUF file");
            }
            NewModel made = NewModel.of(models, source, out);
            try (Gguf file = Gguf.open(source)) {
                List<Quantizer.Change> changes =
                        Quantizer.quantize(file, out, options, made.progress("quantizing"));
                models.progress().finish();
                DerivedFiles.record(models.home(), "quantize " + Mix.of(type).name(), source, out);
                print(changes);
            }
        }
        return ExitCode.OK;
    }

    private void print(List<Quantizer.Change> changes) {
        long before = changes.stream().mapToLong(Quantizer.Change::bytesBefore).sum();
        long after = changes.stream().mapToLong(Quantizer.Change::bytesAfter).sum();
        if (json) {
            List<Map<String, Object>> tensors = new ArrayList<>();
            for (Quantizer.Change change : changes) {
                Map<String, Object> tensor = new LinkedHashMap<>();
                tensor.put("tensor", change.tensor());
                tensor.put("before", change.before().name());
                tensor.put("after", change.after().name());
                tensor.put("bytes", change.bytesAfter());
                tensors.add(tensor);
            }
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("file", out.toString());
            report.put("type", Mix.of(type).name());
            report.put("bytesBefore", before);
            report.put("bytesAfter", after);
            report.put("tensors", tensors);
            System.out.println(Json.write(report));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s of weights in %s, %.0f %% of %s%n",
                    out,
                    Tables.bytes(after),
                    Mix.of(type),
                    100.0 * after / Math.max(1, before),
                    Tables.bytes(before));
        }
    }
}
