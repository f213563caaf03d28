package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The experts of gpt-oss, which its folders keep together: gates and what they gate in turns, as
/// `[experts, inputs, outputs]`, or in MXFP4 as `[experts, outputs, inputs]`.
record FusedExperts(Arena arena) {
    private static final Pattern NAME =
            Pattern.compile(
                    "model\\.layers\\.(\\d{1,4})\\.mlp\\.experts\\.(gate_up_proj|down_proj)(_bias)?");

    /// The tensors that GGUF has in place of `tensor`; empty for one that is not of experts.
    List<StoredTensor> parts(StoredTensor tensor) {
        Matcher matcher = NAME.matcher(tensor.name());
        if (!matcher.matches()) {
            return List.of();
        }
        String prefix = "blk." + matcher.group(1) + ".";
        boolean bias = matcher.group(3) != null;
        if (tensor.shape().size() != (bias ? 2 : 3)) {
            throw bad(tensor);
        }
        String kind = bias ? "_exps.bias" : "_exps.weight";
        StoredTensor rows = bias || tensor.type() == DataType.MXFP4 ? tensor : exchanged(tensor);
        if (matcher.group(2).equals("down_proj")) {
            return List.of(
                    new StoredTensor(
                            prefix + "ffn_down" + kind, rows.type(), rows.shape(), rows.data()));
        }
        return List.of(
                everySecond(rows, prefix + "ffn_gate" + kind, 0),
                everySecond(rows, prefix + "ffn_up" + kind, 1));
    }

    /// With rows and columns of each expert exchanged.
    private StoredTensor exchanged(StoredTensor tensor) {
        long count = Math.max(1, tensor.shape().getFirst());
        long bytes = tensor.data().byteSize() / count;
        MemorySegment data = arena.allocate(tensor.data().byteSize(), 64);
        TensorChange.Heads none = new TensorChange.Heads(1, 1);
        for (long i = 0; i < count && bytes > 0; i++) {
            StoredTensor expert =
                    new StoredTensor(
                            tensor.name(),
                            tensor.type(),
                            tensor.shape().subList(1, 3),
                            tensor.data().asSlice(i * bytes, bytes));
            try (Arena own = Arena.ofConfined()) {
                StoredTensor turned = TensorChange.transposed().toGguf().apply(expert, none, own);
                MemorySegment.copy(turned.data(), 0, data, i * bytes, bytes);
            }
        }
        List<Long> shape = tensor.shape();
        return new StoredTensor(
                tensor.name(),
                tensor.type(),
                List.of(shape.get(0), shape.get(2), shape.get(1)),
                data);
    }

    /// Of each expert the rows `first`, `first + 2`, ...; of biases the elements.
    private StoredTensor everySecond(StoredTensor tensor, String name, int first) {
        List<Long> shape = new ArrayList<>(tensor.shape());
        long pairs = shape.get(1) / 2;
        if (shape.get(1) % 2 != 0) {
            throw bad(tensor);
        }
        long total = shape.get(0) * shape.get(1);
        long bytes = total == 0 ? 0 : tensor.data().byteSize() / total;
        MemorySegment data = arena.allocate(Math.max(1, total / 2 * bytes), 64);
        for (long row = 0; row < total / 2; row++) {
            MemorySegment.copy(tensor.data(), (2 * row + first) * bytes, data, row * bytes, bytes);
        }
        shape.set(1, pairs);
        return new StoredTensor(
                name, tensor.type(), List.copyOf(shape), data.asSlice(0, total / 2 * bytes));
    }

    private static LlmException bad(StoredTensor tensor) {
        return new LlmException(
                LlmException.Code.BAD_MODEL,
                "tensor %s has shape %s; expected a matrix for each expert, gates and what they gate in turns"
                        .formatted(tensor.name(), tensor.shape()));
    }
}
