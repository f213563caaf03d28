package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.Embedding;
import dev.jebena.llm.Llm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "embed",
        description = "Prints the embedding vectors of texts.",
        footer = {
            "  jebena embed minilm \"A jebena is a coffee pot\"",
            "  jebena embed minilm --compare \"a coffee pot\" \"a jebena\" \"a bicycle\"",
            "  jebena embed minilm --json < lines.txt"
        })
final class EmbedCommand extends JebenaCommand {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model of the store, a GGUF file, or a folder.")
    String model = "";

    @Parameters(
            index = "1..*",
            paramLabel = "TEXT",
            description = "Texts; the lines of standard input if absent.")
    @Nullable List<String> texts;

    @Option(
            names = "--compare",
            description = "Print the cosine similarity of the first text with each of the others.")
    boolean compare;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Option(
            names = "--accept-license",
            description = "Accept the model's licence if it has to be pulled.")
    boolean acceptLicense;

    @Override
    int run() throws Exception {
        List<String> input = texts == null ? Input.all().lines().toList() : texts;
        if (compare && input.size() < 2) {
            throw UserError.usage("--compare needs at least two texts");
        }
        List<Embedding> embeddings = new ArrayList<>();
        try (Models models = Models.open();
                Llm llm = Llm.load(models.pulled(model, acceptLicense).path())) {
            Models.embedding(llm, model);
            for (String text : input) {
                embeddings.add(llm.embed(text));
            }
        }
        if (compare) {
            printSimilarities(input, embeddings);
        } else {
            printVectors(input, embeddings);
        }
        return ExitCode.OK;
    }

    private void printVectors(List<String> input, List<Embedding> embeddings) {
        for (int i = 0; i < input.size(); i++) {
            List<Float> vector = new ArrayList<>();
            for (float value : embeddings.get(i).vector()) {
                vector.add(value);
            }
            if (json) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("text", input.get(i));
                line.put("tokens", embeddings.get(i).tokens());
                line.put("embedding", vector);
                System.out.println(Json.write(line));
            } else {
                System.out.println(Json.write(vector));
            }
        }
    }

    private void printSimilarities(List<String> input, List<Embedding> embeddings) {
        for (int i = 1; i < input.size(); i++) {
            double similarity = 0;
            for (int k = 0; k < embeddings.getFirst().vector().length; k++) {
                similarity += embeddings.getFirst().vector()[k] * embeddings.get(i).vector()[k];
            }
            if (json) {
                System.out.println(
                        Json.write(Map.of("text", input.get(i), "similarity", similarity)));
            } else {
                System.out.printf(java.util.Locale.ROOT, "%.4f  %s%n", similarity, input.get(i));
            }
        }
    }
}
