package dev.jebena.cli;

import dev.jebena.hub.ModelRecipe;
import dev.jebena.hub.Modelfile;
import dev.jebena.hub.PullOptions;
import dev.jebena.hub.StoredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "create",
        description = "Makes a model from a Modelfile: a base and what to change.",
        footer = {
            "  printf 'FROM ./model.gguf\\n' > Modelfile; jebena create mine",
            "  printf 'FROM smollm2\\nSYSTEM Be brief.\\n' | jebena create brief -f -"
        })
final class CreateCommand extends JebenaCommand {
    @Parameters(paramLabel = "NAME", description = "The new model's name.")
    String name = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The Modelfile; - for standard input (default ${DEFAULT-VALUE}).",
            defaultValue = "Modelfile")
    String file = "Modelfile";

    @Option(
            names = "--accept-license",
            description = "Accept the base's licence if it has to be pulled.")
    boolean acceptLicense;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws Exception {
        ModelRecipe recipe =
                file.equals("-") ? Modelfile.parse(Input.all(), Path.of("")) : read(Path.of(file));
        try (Models models = Models.open()) {
            PullOptions options = PullOptions.defaults().withAcceptLicense(acceptLicense);
            StoredModel model = models.hub().create(name, recipe, options, models.progress());
            if (json) {
                System.out.println(Models.json(model));
            } else {
                models.progress()
                        .line("created " + model.name() + ": " + Tables.bytes(model.size()));
            }
        }
        return ExitCode.OK;
    }

    private static ModelRecipe read(Path path) throws java.io.IOException {
        // Also /dev/stdin and what a shell gives for <(...).
        if (!Files.exists(path) || Files.isDirectory(path)) {
            throw new UserError("no such Modelfile: " + path + "\n        name one with -f FILE");
        }
        Path folder = path.toAbsolutePath().getParent();
        return Modelfile.parse(Files.readString(path), folder == null ? Path.of("") : folder);
    }
}
