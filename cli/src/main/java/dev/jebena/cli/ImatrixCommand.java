package dev.jebena.cli;

import dev.jebena.base.Progress;
import dev.jebena.formats.ImportanceMatrix;
import dev.jebena.json.Json;
import dev.jebena.llm.Importance;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "imatrix",
        description = {
            "Measures which weights of a model matter for a text.",
            "jebena quantize --imatrix rounds those with more care."
        },
        footer = {
            "  jebena imatrix model-F16.gguf prose.txt -o model.imatrix",
            "  jebena imatrix model-F16.gguf prose.txt -o model.imatrix --chunks 100"
        })
final class ImatrixCommand extends JebenaCommand {
    @Mixin EvaluationArguments arguments = new EvaluationArguments();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            required = true,
            description = "The file to write, in GGUF.")
    Path out = Path.of("");

    @Override
    int run() throws Exception {
        String text = arguments.text();
        ImportanceMatrix result;
        try (Models models = Models.open()) {
            Path path = models.local(arguments.model).path();
            result =
                    Importance.measure(
                            path,
                            text,
                            String.valueOf(Path.of(arguments.file).getFileName()),
                            arguments.options(),
                            (done, total) ->
                                    models.progress()
                                            .on(
                                                    new Progress(
                                                            arguments.model,
                                                            "measuring",
                                                            done,
                                                            total,
                                                            Progress.Unit.ITEMS,
                                                            null)));
        }
        result.write(out);
        print(result);
        return ExitCode.OK;
    }

    private void print(ImportanceMatrix result) {
        if (arguments.json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("file", out.toString());
            report.put("tensors", result.sums().size());
            report.put("chunks", result.chunks());
            report.put("context", result.chunkTokens());
            System.out.println(Json.write(report));
        } else {
            System.out.printf(
                    "%s: %d matrices over %d chunks of %d tokens%n",
                    out, result.sums().size(), result.chunks(), result.chunkTokens());
        }
    }
}
