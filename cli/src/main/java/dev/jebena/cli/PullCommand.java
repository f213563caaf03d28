package dev.jebena.cli;

import dev.jebena.hub.StoredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pull",
        description = {
            "Fetches a model of the catalog or of a hub.",
            "A hub's model is written hf.co/USER/REPOSITORY[:FILE].",
            "A pull that was interrupted goes on where it was."
        },
        footer = {
            "  jebena pull smollm2",
            "  jebena pull gemma3:270m --accept-license",
            "  HF_ENDPOINT=http://hub.example jebena pull hf.co/team/model:Q4_K_M"
        })
final class PullCommand extends JebenaCommand {
    @Parameters(paramLabel = "MODEL", description = "What to fetch.")
    String name = "";

    @Option(names = "--accept-license", description = "Accept a licence that is not an open one.")
    boolean acceptLicense;

    @Option(names = "--insecure", description = "Allow a hub without TLS.")
    boolean insecure;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (Models models = Models.open()) {
            StoredModel model = models.pull(name, acceptLicense, insecure);
            if (json) {
                System.out.println(Models.json(model));
            } else {
                models.progress().line(model.name() + " is here: " + Tables.bytes(model.size()));
            }
        }
        return ExitCode.OK;
    }
}
