package dev.jebena.examples;

import dev.jebena.nn.AdamW;
import dev.jebena.nn.DataLoader;
import dev.jebena.nn.Dataset;
import dev.jebena.nn.Gpt;
import dev.jebena.nn.Optimizer;
import dev.jebena.nn.ParameterGroup;
import dev.jebena.nn.ProgressBar;
import dev.jebena.nn.Schedule;
import dev.jebena.nn.Trainer;
import dev.jebena.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A language model of single characters, of the size and with the training that nanoGPT has for a
/// CPU: 4 layers, 4 heads, 128 wide, 64 characters of context, batches of 12, 2,000 steps.
///
/// `TrainShakespeare FOLDER [steps]`: a file of text, or a folder whose files `*_gut.txt` are read
/// in the order of their names, as the sources of the Python package shakespeare 0.6 have them
/// (`shksprdata/texts`). The last tenth of 1,115,394 characters is for validation. Started again
/// after an interruption it goes on.
public final class TrainShakespeare {
    private static final int CHARACTERS = 1_115_394;
    private static final int CONTEXT = 64;
    private static final int BATCH = 12;

    private TrainShakespeare() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            IO.println("usage: TrainShakespeare FOLDER [STEPS]");
            return;
        }
        String text = read(Path.of(args[0]));
        int steps = args.length > 1 ? Integer.parseInt(args[1]) : 2000;
        int[] kinds = text.chars().sorted().distinct().toArray();
        long[] ids = text.chars().mapToLong(c -> Arrays.binarySearch(kinds, c)).toArray();
        int cut = ids.length * 9 / 10;
        Dataset learned = Dataset.windows(Arrays.copyOf(ids, cut), CONTEXT);
        Dataset held = Dataset.windows(Arrays.copyOfRange(ids, cut, ids.length), CONTEXT);

        Gpt model = Gpt.of(Gpt.Options.of(kinds.length, CONTEXT, 128, 4, 4), Rng.seed(1337));
        Optimizer optimizer =
                AdamW.ofGroups(
                        ParameterGroup.decayMatricesOnly(model.parameters()),
                        1e-3,
                        AdamW.defaults().betas(0.9, 0.99).weightDecay(0.1));
        int warmUp = Math.min(100, steps / 10);
        Trainer.of(model, optimizer, DataLoader.of(learned, BATCH, 1337), model::loss)
                .schedule(Schedule.cosine(steps - warmUp, 0.1).warmUp(warmUp))
                .clipNorm(1)
                .compiled()
                .checkpoint(Path.of("shakespeare.safetensors"), 500)
                .listener(ProgressBar.of(System.err))
                .run(steps);
        model.training(false);
        IO.println("validation loss %.4f".formatted(validate(model, held)));
        long newline = Arrays.binarySearch(kinds, '\n');
        for (long id : model.write(new long[] {newline}, 500, 0.8, Rng.seed(7))) {
            IO.print((char) kinds[(int) id]);
        }
        IO.println();
    }

    private static String read(Path place) throws IOException {
        List<Path> files = List.of(place);
        if (Files.isDirectory(place)) {
            try (Stream<Path> all = Files.list(place)) {
                files = all.filter(f -> f.toString().endsWith("_gut.txt")).sorted().toList();
            }
        }
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            text.append(Files.readString(file));
        }
        return text.substring(0, Math.min(CHARACTERS, text.length()));
    }

    /// The mean loss of windows side by side.
    private static double validate(Gpt model, Dataset held) {
        double sum = 0;
        int batches = 0;
        for (int at = 0; at + BATCH * CONTEXT <= held.size(); at += BATCH * CONTEXT) {
            int begin = at;
            int[] places = new int[BATCH];
            Arrays.setAll(places, i -> begin + i * CONTEXT);
            sum += model.loss(held.batch(places)).item();
            batches++;
        }
        return sum / batches;
    }
}
