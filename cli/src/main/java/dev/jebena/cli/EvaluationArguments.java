package dev.jebena.cli;

import dev.jebena.llm.EvaluationOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the commands take that compute a whole text.
final class EvaluationArguments {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model of the store, a GGUF file, or a folder.")
    String model = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "The text, in UTF-8; - for standard input.")
    String file = "";

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens of a chunk of the text (default ${DEFAULT-VALUE}).",
            defaultValue = "512")
    int context = 512;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            description = "Chunks at most; 0 for all.",
            defaultValue = "0")
    int chunks;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(
            names = "--exact",
            description = "Compute with float32 activations, never rounded to 8 bits.")
    boolean exact;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    String text() throws IOException {
        return file.equals("-")
                ? Input.all()
                : new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    }

    EvaluationOptions options() {
        return EvaluationOptions.defaults()
                .contextLength(context)
                .chunks(chunks)
                .threads(threads)
                .exact(exact);
    }
}
