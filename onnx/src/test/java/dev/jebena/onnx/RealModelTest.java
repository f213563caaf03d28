package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.OnnxOptions.Precision;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Published models give what ONNX Runtime gives.
@Tag("slow")
class RealModelTest {
    @TempDir Path folder;

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = RealModelTest.class.getResourceAsStream("/" + name)) {
            Files.copy(Objects.requireNonNull(in), file);
        }
        return file;
    }

    /// Compares all outputs: the cosine to ONNX Runtime's, and the largest difference.
    private static void same(
            Path model, Map<String, Tensor> inputs, double least, double difference) {
        OnnxProgram program = OnnxProgram.load(model);
        Map<String, Tensor> ours = program.run(inputs);
        try (Peer peer = Peer.load(model)) {
            Map<String, Tensor> theirs = peer.run(inputs);
            assertThat(ours.keySet()).isEqualTo(theirs.keySet());
            theirs.forEach((name, tensor) -> {
                Tensor own = Objects.requireNonNull(ours.get(name));
                assertThat(own.shape()).as(name).isEqualTo(tensor.shape());
                Tensor a = own.to(DType.FLOAT64).flatten();
                Tensor b = tensor.to(DType.FLOAT64).flatten();
                double lengths = Math.sqrt(a.dot(a).item() * b.dot(b).item());
                assertThat(a.dot(b).item() / lengths).as(name).isGreaterThan(least);
                assertThat(a.sub(b).abs().max().item()).as(name).isLessThan(difference);
            });
        }
    }

    /// Words, of which the last ones of the second text are padding.
    private static Map<String, Tensor> texts(int length) {
        Tensor ids = Rng.seed(3).uniform(Shape.of(2, length), DType.FLOAT32).mul(30_000);
        Tensor ends = Tensor.of(new long[] {length, length / 2 + 1}, 2, 1);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", ids.to(DType.INT64));
        inputs.put("attention_mask", Tensor.arange(length).lt(ends).to(DType.INT64));
        inputs.put("token_type_ids", ids.zerosLike().to(DType.INT64));
        return inputs;
    }

    /// A picture with black text on white, as a detector of text takes it.
    private static Tensor picture(int height, int width) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.BLACK);
        for (int x = 10; x + 12 < width; x += 18) {
            // Letters without a font: an E, an L, an H.
            graphics.fillRect(x, height / 4, 3, height / 2);
            if (x % 4 != 0) {
                graphics.fillRect(x, height * 3 / 4 - 3, 10, 3);
            }
            if (x % 3 != 0) {
                graphics.fillRect(x, height / 2 - 2, 10, 3);
            }
        }
        graphics.dispose();
        float[] values = new float[3 * height * width];
        for (int i = 0; i < values.length; i++) {
            int at = i % (height * width);
            int rgb = image.getRGB(at % width, at / width);
            int shift = 8 * (i / (height * width));
            values[i] = ((rgb >> shift) & 0xFF) / 127.5f - 1;
        }
        return Tensor.of(values, 1, 3, height, width);
    }

    @Test
    void sentenceEmbeddings() throws IOException {
        Path model = resource("all-minilm-l6-v2.onnx");
        same(model, texts(17), 0.999999, 1e-4);
        same(model, texts(128), 0.999999, 1e-4);
    }

    /// The embedding, the mean of the tokens, keeps a cosine of 0.9995 and more.
    @Test
    void sentenceEmbeddingsInBrainFloats() throws IOException {
        Path model = resource("all-minilm-l6-v2.onnx");
        OnnxProgram brain =
                OnnxProgram.load(model, OnnxOptions.defaults().precision(Precision.BFLOAT16));
        OnnxProgram exact = OnnxProgram.load(model);
        for (int length : new int[] {1, 17, 128}) {
            Map<String, Tensor> inputs = texts(length);
            Tensor first = brain.run(inputs).get("last_hidden_state");
            Tensor expected = exact.run(inputs).get("last_hidden_state");
            assertThat(cosine(Objects.requireNonNull(first), Objects.requireNonNull(expected)))
                    .isBetween(0.9995, 0.9999999);
            for (int i = 0; i < 5; i++) {
                Tensor again = Objects.requireNonNull(brain.run(inputs).get("last_hidden_state"));
                assertThat(again.toFloats()).isEqualTo(first.toFloats());
            }
        }
    }

    /// Of the means of tokens of texts that are most apart.
    private static double cosine(Tensor a, Tensor b) {
        Tensor x = a.mean(1);
        Tensor y = b.mean(1);
        Tensor lengths = x.square().sum(1).mul(y.square().sum(1)).sqrt();
        return x.mul(y).sum(1).div(lengths).min().item();
    }

    /// Each layer rounds to 8 bits again: all is equal until a number in the middle of two integers
    /// is rounded the other way, which makes a difference from there on. ONNX Runtime with all of
    /// its optimizations is as far from itself without them.
    @Test
    void quantizedSentenceEmbeddings() throws IOException {
        Path file = resource("all-minilm-l6-v2-q.onnx");
        same(file, texts(40), 0.99, 1);
        OnnxModel model = OnnxModel.load(file);
        String first =
                model.graph().nodes().stream()
                        .filter(node -> node.operator().equals("MatMulInteger"))
                        .findFirst()
                        .orElseThrow()
                        .outputs()
                        .getFirst();
        Path more = folder.resolve("with-integers.onnx");
        Models.withOutput(model, first).write(more);
        Map<String, Tensor> inputs = texts(128);
        Map<String, Tensor> ours = OnnxProgram.load(more).run(inputs);
        try (Peer peer = Peer.plain(more);
                Peer optimized = Peer.load(file)) {
            Map<String, Tensor> theirs = peer.run(inputs);
            assertThat(Objects.requireNonNull(ours.get(first)).toLongs())
                    .isEqualTo(Objects.requireNonNull(theirs.get(first)).toLongs());
            Tensor plain = Objects.requireNonNull(theirs.get("last_hidden_state"));
            Tensor other = Objects.requireNonNull(optimized.run(inputs).get("last_hidden_state"));
            Tensor own = Objects.requireNonNull(ours.get("last_hidden_state"));
            assertThat(cosine(own, plain)).isGreaterThan(0.985);
            assertThat(1 - cosine(own, plain)).isLessThan(2 * (1 - cosine(other, plain)));
        }
    }

    private static Map<String, Tensor> speech(int length) {
        Rng rng = Rng.seed(5);
        Tensor tokens = rng.uniform(Shape.of(1, length), DType.FLOAT32).mul(170);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("tokens", tokens.to(DType.INT64));
        inputs.put("style", rng.normal(1, 256).mul(0.1));
        inputs.put("speed", Tensor.ones(1));
        return inputs;
    }

    /// How long a sound lasts is a rounded number, and phases are sums over all of it, so only the
    /// length is compared; [#everyNodeOfSpeech] compares numbers.
    @Test
    void speech() {
        Path model = Downloads.kokoro();
        Map<String, Tensor> inputs = speech(24);
        Tensor audio = Objects.requireNonNull(OnnxProgram.load(model).run(inputs).get("audio"));
        assertThat(audio.isFinite().all().itemLong()).isEqualTo(1);
        try (Peer peer = Peer.load(model)) {
            Tensor expected = Objects.requireNonNull(peer.run(inputs).get("audio"));
            assertThat((double) audio.dim(0) / expected.dim(0)).isBetween(0.9, 1.1);
        }
    }

    /// Each node with what ONNX Runtime gives it; some hundreds at a time, since all values
    /// together are 2 GB.
    @Test
    void everyNodeOfSpeech() {
        OnnxModel model = OnnxModel.load(Downloads.kokoro());
        List<OnnxNode> nodes = model.graph().nodes();
        Set<String> made = new HashSet<>();
        nodes.forEach(node -> made.addAll(node.outputs()));
        int compared = 0;
        for (int i = 0; i < nodes.size(); i += 300) {
            List<OnnxNode> some = nodes.subList(i, Math.min(nodes.size(), i + 300));
            compared += compare(model, some, made);
        }
        assertThat(compared).isGreaterThan(2500);
    }

    private int compare(OnnxModel model, List<OnnxNode> nodes, Set<String> made) {
        Set<String> names = new LinkedHashSet<>();
        for (OnnxNode node : nodes) {
            node.inputs().stream().filter(made::contains).forEach(names::add);
            names.addAll(node.outputs());
        }
        names.removeAll(List.of("", "audio"));
        Path file = folder.resolve("more-outputs.onnx");
        Models.withOutputs(model, List.copyOf(names)).write(file);
        Map<String, Tensor> values = new HashMap<>(speech(6));
        try (Peer peer = Peer.plain(file)) {
            values.putAll(peer.run(values));
        }
        int compared = 0;
        for (OnnxNode node : nodes) {
            Set<String> given = new HashSet<>(node.inputs());
            given.retainAll(values.keySet());
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            given.forEach(name -> inputs.put(name, Objects.requireNonNull(values.get(name))));
            Map<String, Tensor> outputs =
                    OnnxProgram.of(Models.of(model, node, inputs)).run(inputs);
            outputs.forEach(
                    (name, ours) -> same(node, ours, Objects.requireNonNull(values.get(name))));
            compared += outputs.size();
        }
        return compared;
    }

    /// To 1e-4 of the largest number; integers of 8 bits to the last bit but for ties.
    private static void same(OnnxNode node, Tensor ours, Tensor theirs) {
        String what = node.operator() + " " + node.outputs();
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        assertThat(ours.dtype()).as(what).isEqualTo(theirs.dtype());
        if (ours.size() == 0) {
            return;
        }
        Tensor a = ours.to(DType.FLOAT64);
        Tensor b = theirs.to(DType.FLOAT64);
        double most = b.abs().max().item();
        // The LSTM rounds its state to 8 bits at each step.
        double part = node.operator().equals("DynamicQuantizeLSTM") ? 0.01 : 1e-4;
        double step = ours.dtype() == DType.UINT8 ? 1 : part * Math.max(1e-3, most);
        assertThat(a.sub(b).abs().max().item()).as(what).isLessThanOrEqualTo(step);
    }

    @Test
    void readingOfText() {
        Path models = Downloads.rapidOcr();
        Map<String, Tensor> line = Map.of("x", picture(48, 320));
        same(models.resolve("ch_PP-OCRv4_rec_infer.onnx"), line, 0.99999, 1e-3);
        same(models.resolve("ch_ppocr_mobile_v2.0_cls_infer.onnx"), line, 0.99999, 1e-3);
        Map<String, Tensor> page = Map.of("x", picture(96, 320));
        same(models.resolve("ch_PP-OCRv4_det_infer.onnx"), page, 0.999, 1e-3);
    }

    /// On noise the detector finds text nowhere: all outputs are below 1e-5. ONNX Runtime's sigmoid
    /// is off by up to 1.3e-7 there, so the cosine of the outputs is 0.9946; what goes into the
    /// sigmoid is the same.
    @Test
    void detectionOfNothing() {
        OnnxModel model =
                OnnxModel.load(Downloads.rapidOcr().resolve("ch_PP-OCRv4_det_infer.onnx"));
        OnnxNode last = model.graph().nodes().getLast();
        assertThat(last.operator()).isEqualTo("Sigmoid");
        String logits = last.inputs().getFirst();
        Path more = folder.resolve("with-logits.onnx");
        Models.withOutput(model, logits).write(more);
        Tensor noise = Rng.seed(7).uniform(Shape.of(1, 3, 320, 320), DType.FLOAT32);
        Map<String, Tensor> ours = OnnxProgram.load(more).run(Map.of("x", noise));
        try (Peer peer = Peer.load(more)) {
            Tensor theirs = Objects.requireNonNull(peer.run(Map.of("x", noise)).get(logits));
            Tensor own = Objects.requireNonNull(ours.get(logits));
            assertThat(own.sub(theirs).abs().max().item()).isLessThan(1e-3);
        }
        Tensor exact =
                Objects.requireNonNull(ours.get(logits)).to(DType.FLOAT64).neg().exp().add(1);
        Tensor found = Objects.requireNonNull(ours.get(last.outputs().getFirst()));
        assertThat(found.to(DType.FLOAT64).mul(exact).sub(1).abs().max().item()).isLessThan(1e-5);
    }
}
