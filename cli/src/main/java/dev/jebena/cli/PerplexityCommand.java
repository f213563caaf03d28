package dev.jebena.cli;

import dev.jebena.base.Progress;
import dev.jebena.json.Json;
import dev.jebena.llm.Perplexity;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "perplexity",
        description = {
            "Measures how surprised a model is by a text; lower is better.",
            "The text is cut into chunks; the second half of each is scored.",
            "With it, a quantized model is compared with the one it was made of."
        },
        footer = {
            "  jebena perplexity model-Q4_K_M.gguf prose.txt",
            "  jebena perplexity smollm2 prose.txt --context 1024 --chunks 20 --json"
        })
final class PerplexityCommand extends JebenaCommand {
    @Mixin EvaluationArguments arguments = new EvaluationArguments();

    @Override
    int run() throws Exception {
        String text = arguments.text();
        Perplexity result;
        try (Models models = Models.open()) {
            Path path = models.local(arguments.model).path();
            result =
                    Perplexity.measure(
                            path,
                            text,
                            arguments.options(),
                            each ->
                                    models.progress()
                                            .on(
                                                    new Progress(
                                                            arguments.model,
                                                            "scoring",
                                                            each.chunk(),
                                                            each.chunks(),
                                                            Progress.Unit.ITEMS,
                                                            null)));
        }
        print(result);
        return ExitCode.OK;
    }

    private void print(Perplexity result) {
        if (arguments.json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("perplexity", result.value());
            report.put("error", result.error());
            report.put("chunks", result.chunk());
            report.put("tokens", result.tokens());
            report.put("context", arguments.context);
            System.out.println(Json.write(report));
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "perplexity %.4f ± %.4f over %d tokens in %d chunks of %d%n",
                    result.value(),
                    result.error(),
                    result.tokens(),
                    result.chunk(),
                    arguments.context);
        }
    }
}
