package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.GgufType;
import dev.jebena.formats.GgufWriter;
import dev.jebena.formats.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// Makes a cross-encoder of a small BERT by a random head.
final class TinyReranker {
    private TinyReranker() {}

    static Path write(Path bert, Path target, boolean dense) {
        try (Gguf file = Gguf.open(bert)) {
            GgufWriter writer = new GgufWriter();
            file.metadata()
                    .forEach((key, value) -> {
                        GgufType type = Objects.requireNonNull(file.metadataTypes().get(key));
                        boolean array = value instanceof List<?> || value.getClass().isArray();
                        if (array) {
                            writer.array(key, type, value);
                        } else if (!key.endsWith("pooling_type") && !key.contains("add_")) {
                            writer.value(key, type, value);
                        }
                    });
            // So llama.cpp frames a pair as BERT was trained: [CLS] a [SEP] b [SEP].
            writer.uint32("bert.pooling_type", 4)
                    .bool("tokenizer.ggml.add_bos_token", true)
                    .bool("tokenizer.ggml.add_eos_token", true)
                    .bool("tokenizer.ggml.add_sep_token", false);
            file.tensors().values().forEach(writer::tensor);
            int width = file.tensor("token_embd.weight").shape().getLast().intValue();
            if (dense) {
                writer.tensor(random("cls.weight", width, width));
                writer.tensor(random("cls.bias", width));
            }
            writer.tensor(random("cls.output.weight", 1, width));
            writer.tensor(random("cls.output.bias", 1));
            writer.write(target);
        }
        return target;
    }

    private static StoredTensor random(String name, int... shape) {
        int count = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        Random random = new Random(name.hashCode());
        MemorySegment data = MemorySegment.ofArray(new byte[4 * count]);
        for (int i = 0; i < count; i++) {
            float value = (float) (random.nextGaussian() / Math.sqrt(shape[shape.length - 1]));
            data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, value);
        }
        List<Long> dimensions =
                shape.length == 1
                        ? List.of((long) shape[0])
                        : List.of((long) shape[0], (long) shape[1]);
        return new StoredTensor(name, DataType.F32, dimensions, data);
    }
}
