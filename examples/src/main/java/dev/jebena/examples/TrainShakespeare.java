package dev.jebena.examples;

import dev.jebena.nn.Activation;
import dev.jebena.nn.AdamW;
import dev.jebena.nn.Batch;
import dev.jebena.nn.Block;
import dev.jebena.nn.DataLoader;
import dev.jebena.nn.Dataset;
import dev.jebena.nn.Embedding;
import dev.jebena.nn.Init;
import dev.jebena.nn.Linear;
import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.nn.Optimizer;
import dev.jebena.nn.ParameterGroup;
import dev.jebena.nn.ProgressBar;
import dev.jebena.nn.Schedule;
import dev.jebena.nn.Trainer;
import dev.jebena.nn.TransformerEncoder;
import dev.jebena.nn.TransformerOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A language model of single characters, of the size and with the training that nanoGPT has for a
/// CPU: 4 layers, 4 heads, 128 wide, 64 characters of context, batches of 12, 2,000 steps.
///
/// `TrainShakespeare plays.txt [steps]`; the last tenth of the text is for validation. Started again
/// after an interruption it goes on.
public final class TrainShakespeare {
    private static final int CONTEXT = 64;
    private static final int WIDTH = 128;
    private static final int LAYERS = 4;
    private static final int BATCH = 12;

    private TrainShakespeare() {}

    /// Characters to scores of the characters that follow.
    static final class Gpt extends Block {
        private final Embedding characters;
        private final Embedding places;
        private final TransformerEncoder layers;
        private final Linear head;

        Gpt(int kinds, Rng rng) {
            characters = part("characters", Embedding.of(kinds, WIDTH, rng));
            places = part("places", Embedding.of(CONTEXT, WIDTH, rng));
            TransformerOptions form =
                    TransformerOptions.of(WIDTH, 4)
                            .feedForward(4 * WIDTH)
                            .dropout(0)
                            .activation(Activation.GELU)
                            .normFirst(true)
                            .bias(false);
            layers = part("layers", TransformerEncoder.of(form, LAYERS, true, rng));
            Linear scores = Linear.of(WIDTH, kinds, false, rng);
            head = part("head", scores.withWeightOf(characters.weight()));
            namedParameters()
                    .forEach(
                            (name, parameter) -> {
                                // What is added to the sum of all layers begins smaller.
                                boolean added =
                                        name.endsWith("out_proj.weight")
                                                || name.endsWith("linear2.weight");
                                double deviation = added ? 0.02 / Math.sqrt(2 * LAYERS) : 0.02;
                                if (parameter.shape().rank() == 2) {
                                    parameter.set(
                                            Init.normal(parameter.shape(), 0, deviation, rng));
                                }
                            });
        }

        Tensor apply(Tensor text) {
            Tensor x = characters.apply(text).add(places.apply(Tensor.arange(text.dim(1))));
            return head.apply(layers.apply(x, Sight.past()));
        }

        Tensor loss(Batch batch) {
            return apply(batch.x()).transpose(1, 2).crossEntropy(batch.y());
        }
    }

    /// Every place of the text is an example: the characters from there, and those that follow.
    private static final class Windows implements Dataset {
        private final long[] text;

        private Windows(long[] text) {
            this.text = text;
        }

        @Override
        public int size() {
            return text.length - CONTEXT;
        }

        @Override
        public Batch batch(int[] indices) {
            return new Batch(rows(indices, 0), rows(indices, 1));
        }

        private Tensor rows(int[] indices, int shift) {
            long[] all = new long[indices.length * CONTEXT];
            for (int i = 0; i < indices.length; i++) {
                System.arraycopy(text, indices[i] + shift, all, i * CONTEXT, CONTEXT);
            }
            return Tensor.of(all, indices.length, CONTEXT);
        }
    }

    public static void main(String[] args) throws IOException {
        String text = Files.readString(Path.of(args[0]));
        int steps = args.length > 1 ? Integer.parseInt(args[1]) : 2000;
        int[] kinds = text.chars().sorted().distinct().toArray();
        long[] ids = text.chars().mapToLong(c -> Arrays.binarySearch(kinds, c)).toArray();
        int cut = ids.length * 9 / 10;
        Dataset learned = new Windows(Arrays.copyOf(ids, cut));
        Dataset held = new Windows(Arrays.copyOfRange(ids, cut, ids.length));

        Gpt model = new Gpt(kinds.length, Rng.seed(1337));
        Optimizer optimizer =
                AdamW.ofGroups(
                        ParameterGroup.decayMatricesOnly(model.parameters()),
                        1e-3,
                        AdamW.defaults().betas(0.9, 0.99).weightDecay(0.1));
        int warmUp = Math.min(100, steps / 10);
        Trainer.of(model, optimizer, DataLoader.of(learned, BATCH, 1337), model::loss)
                .schedule(Schedule.cosine(steps - warmUp, 0.1).warmUp(warmUp))
                .clipNorm(1)
                .checkpoint(Path.of("shakespeare.safetensors"), 500)
                .listener(ProgressBar.of(System.err))
                .run(steps);
        model.training(false);
        IO.println("validation loss %.4f".formatted(validate(model, held)));
        IO.println(write(model, kinds, 500, Rng.seed(7)));
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

    private static String write(Gpt model, int[] kinds, int length, Rng rng) {
        StringBuilder text = new StringBuilder("\n");
        long[] ids = {Arrays.binarySearch(kinds, '\n')};
        for (int i = 0; i < length; i++) {
            int from = Math.max(0, ids.length - CONTEXT);
            long[] seen = Arrays.copyOfRange(ids, from, ids.length);
            Tensor scores = model.apply(Tensor.of(seen, 1, seen.length)).detach();
            Tensor next = scores.select(1, seen.length - 1).softmax(-1);
            long id = rng.multinomial(next, 1).itemLong();
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = id;
            text.append((char) kinds[(int) id]);
        }
        return text.toString();
    }
}
