package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/// The process that [KillTest] kills: pulls, creates, copies and removes models without end.
final class StoreWorker {
    private StoreWorker() {}

    /// @param arguments data folder, hub's address, a GGUF file, seed, number of rounds
    public static void main(String[] arguments) {
        Hub hub =
                Hub.open(
                        Path.of(arguments[0]),
                        Map.of("HF_ENDPOINT", arguments[1]),
                        Duration.ofSeconds(5));
        Random random = new Random(Long.parseLong(arguments[3]));
        System.out.println("ready");
        for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
            try {
                step(hub, arguments[2], random.nextInt(5), random.nextInt(3));
            } catch (Problem e) {
                // Another process may just have removed it: nothing else may go wrong.
                if (e.code() != Problem.Code.NOT_FOUND && e.code() != Problem.Code.BAD_REQUEST) {
                    throw e;
                }
            }
        }
        System.out.println("done");
    }

    private static void step(Hub hub, String file, int action, int number) {
        ProgressListener none = ProgressListener.none();
        switch (action) {
            case 0 -> hub.pull("hf.co/u/r:Q4_K_M", PullOptions.defaults(), none);
            case 1 -> hub.store().remove("hf.co/u/r:Q4_K_M");
            case 2 -> {
                ModelRecipe recipe =
                        Modelfile.parse("FROM " + file + "\nSYSTEM number " + number, Path.of("/"));
                hub.store().create("made" + number, recipe, none);
            }
            case 3 -> hub.store().copy("made" + number, "copied" + number);
            default -> hub.store().remove("made" + number);
        }
    }
}
