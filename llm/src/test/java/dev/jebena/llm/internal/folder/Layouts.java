package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Undoes what a GGUF file changed of a folder's tensors, by plain loops.
final class Layouts {
    private final int heads;
    private final int kvHeads;

    Layouts(Gguf file, String prefix) {
        this.heads = number(file, prefix + "attention.head_count", 1);
        this.kvHeads = number(file, prefix + "attention.head_count_kv", heads);
    }

    private static int number(Gguf file, String key, int absent) {
        return file.metadata().get(key) instanceof Long number ? number.intValue() : absent;
    }

    StoredTensor original(String type, StoredTensor tensor) {
        String name = tensor.name();
        return switch (type) {
            case "llama", "mistral" ->
                    name.contains("attn_q.")
                            ? halves(tensor, heads)
                            : name.contains("attn_k.") ? halves(tensor, kvHeads) : tensor;
            case "gemma3_text" -> name.contains("norm") ? lessOne(tensor) : tensor;
            case "gpt2" ->
                    name.matches("blk.*(attn_qkv|attn_output|ffn_up|ffn_down).weight")
                            ? transposed(tensor)
                            : tensor;
            case "gpt_neox", "falcon" -> name.contains("attn_qkv") ? grouped(tensor) : tensor;
            default -> tensor;
        };
    }

    /// Pairs of neighbouring rows become the two halves of the head.
    private static StoredTensor halves(StoredTensor tensor, int count) {
        float[] x = values(tensor);
        int rows = Math.toIntExact(tensor.shape().getFirst());
        int columns = x.length / rows;
        int width = rows / count;
        float[] y = new float[x.length];
        for (int head = 0; head < count; head++) {
            for (int pair = 0; pair < width / 2; pair++) {
                for (int half = 0; half < 2; half++) {
                    int from = head * width + 2 * pair + half;
                    int to = head * width + half * (width / 2) + pair;
                    System.arraycopy(x, from * columns, y, to * columns, columns);
                }
            }
        }
        return stored(tensor, tensor.shape(), y);
    }

    /// For each key head its queries, the key, the value.
    private StoredTensor grouped(StoredTensor tensor) {
        float[] x = values(tensor);
        int rows = Math.toIntExact(tensor.shape().getFirst());
        int columns = x.length / rows;
        int width = rows / (heads + 2 * kvHeads) * columns;
        float[] y = new float[x.length];
        int to = 0;
        for (int group = 0; group < kvHeads; group++) {
            for (int query = 0; query < heads / kvHeads; query++) {
                System.arraycopy(x, (group * (heads / kvHeads) + query) * width, y, to, width);
                to += width;
            }
            System.arraycopy(x, (heads + group) * width, y, to, width);
            System.arraycopy(x, (heads + kvHeads + group) * width, y, to + width, width);
            to += 2 * width;
        }
        return stored(tensor, tensor.shape(), y);
    }

    private static StoredTensor lessOne(StoredTensor tensor) {
        float[] x = values(tensor);
        for (int i = 0; i < x.length; i++) {
            x[i] -= 1;
        }
        return stored(tensor, tensor.shape(), x);
    }

    private static StoredTensor transposed(StoredTensor tensor) {
        float[] x = values(tensor);
        int rows = Math.toIntExact(tensor.shape().get(0));
        int columns = Math.toIntExact(tensor.shape().get(1));
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i % columns * rows + i / columns] = x[i];
        }
        return stored(tensor, List.of((long) columns, (long) rows), y);
    }

    private static float[] values(StoredTensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        tensor.type().decode(tensor.data(), 0, values.length, values, 0);
        return values;
    }

    private static StoredTensor stored(StoredTensor like, List<Long> shape, float[] values) {
        MemorySegment data = MemorySegment.ofArray(new byte[4 * values.length]);
        DataType.F32.encode(values, 0, data, 0, values.length);
        return new StoredTensor(like.name(), DataType.F32, shape, data);
    }
}
