package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.formats.GgufWriter;
import dev.jebena.formats.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Writes a small decoder with random float32 weights, large enough for every formula to show in
/// the logits: two layers, a hidden state of 64, 96 tokens.
final class TinyModel {
    static final int WIDTH = 64;
    static final int INNER = 96;
    static final int TOKENS = 96;
    static final int LAYERS = 2;

    private final GgufWriter writer = new GgufWriter();
    private final Random random;
    private final String architecture;

    TinyModel(String architecture, long seed) {
        this.architecture = architecture;
        this.random = new Random(seed);
        writer.text("general.architecture", architecture);
        integer("context_length", 256).integer("embedding_length", WIDTH);
        integer("block_count", LAYERS).integer("feed_forward_length", INNER);
        matrix("token_embd", 1, TOKENS, WIDTH);
    }

    TinyModel integer(String key, long value) {
        writer.uint32(architecture + "." + key, value);
        return this;
    }

    TinyModel number(String key, double value) {
        writer.float32(architecture + "." + key, value);
        return this;
    }

    TinyModel flag(String key, boolean value) {
        writer.bool(architecture + "." + key, value);
        return this;
    }

    /// Random weights; outputs are about `gain` times as large as inputs. The last dimension is the
    /// inputs.
    TinyModel matrix(String name, double gain, int... shape) {
        double deviation =
                gain / (name.equals("token_embd") ? 1 : Math.sqrt(shape[shape.length - 1]));
        return tensor(name + ".weight", 0, deviation, shape);
    }

    TinyModel vector(String tensor, double mean, double deviation, int length) {
        return tensor(tensor, mean, deviation, length);
    }

    /// A norm's weight, and for a layer norm its bias.
    TinyModel norm(String name, int width, boolean layer) {
        vector(name + ".weight", 1.2, 0.3, width);
        return layer ? bias(name, width) : this;
    }

    TinyModel bias(String name, int length) {
        return vector(name + ".bias", 0, 0.2, length);
    }

    /// A matrix and its bias.
    TinyModel biased(String name, int outputs, int inputs) {
        return matrix(name, 1.4, outputs, inputs).bias(name, outputs);
    }

    private TinyModel tensor(String name, double mean, double deviation, int... shape) {
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        MemorySegment data = MemorySegment.ofArray(new byte[4 * count]);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
        List<Long> dimensions = Arrays.stream(shape).mapToObj(each -> (long) each).toList();
        writer.tensor(new StoredTensor(name, DataType.F32, dimensions, data));
        return this;
    }

    Path write(Path file) {
        writer.write(file);
        return file;
    }
}
