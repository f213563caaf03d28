package dev.jebena.bench;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A language model of 10.6 million weights: 6 layers, 6 heads, 384 wide, 256 positions, 65
/// characters, the embedding shared with the output.
final class CharacterGpt {
    private static final int BATCH = 4;
    private static final int LAYERS = 6;
    private static final int HEADS = 6;
    private static final int WIDTH = 384;
    private static final int POSITIONS = 256;
    private static final int CHARACTERS = 65;

    /// Weights of a layer: norm, queries keys and values, output, norm, two of the feed-forward
    /// part.
    private static final int EACH = 6;

    private final boolean brain;

    private CharacterGpt(boolean brain) {
        this.brain = brain;
    }

    static TrainingCases.Model model(boolean brain) {
        Rng rng = Rng.seed(9);
        List<Tensor> weights = new ArrayList<>();
        weights.add(rng.normal(CHARACTERS, WIDTH).mul(0.02));
        weights.add(rng.normal(POSITIONS, WIDTH).mul(0.02));
        for (int i = 0; i < LAYERS; i++) {
            weights.add(Tensor.ones(WIDTH));
            weights.add(rng.normal(3 * WIDTH, WIDTH).mul(0.02));
            weights.add(rng.normal(WIDTH, WIDTH).mul(0.02));
            weights.add(Tensor.ones(WIDTH));
            weights.add(rng.normal(4 * WIDTH, WIDTH).mul(0.02));
            weights.add(rng.normal(WIDTH, 4 * WIDTH).mul(0.02));
        }
        weights.add(Tensor.ones(WIDTH));
        List<Tensor> data =
                List.of(
                        rng.randint(0, CHARACTERS, BATCH, POSITIONS),
                        rng.randint(0, CHARACTERS, BATCH * POSITIONS));
        double products = 12.0 * LAYERS * WIDTH * WIDTH + (double) WIDTH * CHARACTERS;
        double scores = 2.0 * LAYERS * WIDTH * POSITIONS / 2;
        CharacterGpt gpt = new CharacterGpt(brain);
        return new TrainingCases.Model(
                "train gpt of 10.6 M weights, batch 4 x 256" + (brain ? ", bfloat16" : ""),
                weights,
                data,
                6.0 * BATCH * POSITIONS * (products + scores),
                gpt::loss,
                gpt.script());
    }

    private Tensor loss(List<Tensor> w, List<Tensor> in) {
        Tensor tokens = in.get(0).flatten();
        Tensor x = w.get(0).indexSelect(0, tokens).reshape(BATCH, POSITIONS, WIDTH).add(w.get(1));
        for (int i = 0; i < LAYERS; i++) {
            List<Tensor> layer = w.subList(2 + EACH * i, 2 + EACH * (i + 1));
            x = x.add(attention(x.layerNorm(layer.get(0), null, 1e-5), layer));
            Tensor h = x.layerNorm(layer.get(3), null, 1e-5);
            h = Mixed.linear(h, layer.get(4), brain).gelu();
            x = x.add(Mixed.linear(h, layer.get(5), brain));
        }
        x = x.layerNorm(w.getLast(), null, 1e-5);
        Tensor logits = Mixed.linear(x, w.getFirst(), brain);
        return logits.reshape(BATCH * POSITIONS, CHARACTERS).crossEntropy(in.get(1));
    }

    private Tensor attention(Tensor x, List<Tensor> layer) {
        Tensor[] parts = Mixed.linear(x, layer.get(1), brain).chunk(2, 3);
        for (int i = 0; i < 3; i++) {
            parts[i] = parts[i].reshape(BATCH, POSITIONS, HEADS, WIDTH / HEADS).transpose(1, 2);
        }
        Tensor y = parts[0].attention(parts[1], parts[2], null, true);
        return Mixed.linear(
                y.transpose(1, 2).reshape(BATCH, POSITIONS, WIDTH), layer.get(2), brain);
    }

    private String script() {
        StringBuilder s = new StringBuilder("h = torch.add(torch.embedding(w0, d0), w1)\n");
        for (int i = 0; i < LAYERS; i++) {
            int first = 2 + EACH * i;
            s.append(norm("n", "h", first));
            s.append("qkv = %s\n".formatted(Mixed.torch("n", "w" + (first + 1), "None", brain)));
            for (int part = 0; part < 3; part++) {
                s.append(
                        "p%d = torch.transpose(torch.reshape(torch.slice(qkv, 2, %d, %d, 1), [%d, %d, %d, %d]), 1, 2)\n"
                                .formatted(
                                        part,
                                        part * WIDTH,
                                        (part + 1) * WIDTH,
                                        BATCH,
                                        POSITIONS,
                                        HEADS,
                                        WIDTH / HEADS));
            }
            s.append("y = torch.scaled_dot_product_attention(p0, p1, p2, None, 0., True)\n");
            s.append(
                    "y = torch.reshape(torch.transpose(y, 1, 2), [%d, %d, %d])\n"
                            .formatted(BATCH, POSITIONS, WIDTH));
            s.append(add(Mixed.torch("y", "w" + (first + 2), "None", brain)));
            s.append(norm("n", "h", first + 3));
            s.append(
                    "f = torch.gelu(%s)\n"
                            .formatted(Mixed.torch("n", "w" + (first + 4), "None", brain)));
            s.append(add(Mixed.torch("f", "w" + (first + 5), "None", brain)));
        }
        s.append(norm("n", "h", 2 + EACH * LAYERS));
        s.append(
                "logits = torch.reshape(%s, [%d, %d])\n"
                        .formatted(
                                Mixed.torch("n", "w0", "None", brain),
                                BATCH * POSITIONS,
                                CHARACTERS));
        return s.append("loss = torch.cross_entropy_loss(logits, d1)\n").toString();
    }

    private static String norm(String to, String x, int weight) {
        return "%s = torch.layer_norm(%s, [%d], w%d, None)\n".formatted(to, x, WIDTH, weight);
    }

    private static String add(String expression) {
        return "h = torch.add(h, %s)\n".formatted(expression);
    }
}
