package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The experts of gpt-oss, which its folders keep together: gates and what they gate in turns, as
/// `[experts, inputs, outputs]`, or in MXFP4 as `[experts, outputs, inputs]`.
record FusedExperts(Arena arena) {
    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";

    /// Bytes of a block, two elements in each.
    private static final int NIBBLES = 16;

    private static final Pattern NAME =
            Pattern.compile(
                    "model\\.layers\\.(\\d{1,4})\\.mlp\\.experts\\.(gate_up_proj|down_proj)(_bias)?");

    /// Matrices whose blocks of 16 bytes and powers of two lie in tensors of bytes, as MXFP4: the
    /// folder's bytes hold neighbours, GGUF's an element of the first and one of the second half.
    List<StoredTensor> microscaled(Map<String, StoredTensor> bytes) {
        List<StoredTensor> matrices = new ArrayList<>();
        bytes.forEach((name, blocks) -> {
            if (!name.endsWith(BLOCKS)) {
                return;
            }
            String bare = name.substring(0, name.length() - BLOCKS.length());
            StoredTensor scales = bytes.get(bare + SCALES);
            List<Long> shape = blocks.shape();
            if (scales == null
                    || shape.size() != 4
                    || shape.getLast() != NIBBLES
                    || !shape.subList(0, 3).equals(scales.shape())) {
                throw new LlmException(
                        LlmException.Code.BAD_MODEL,
                        "tensor %s has shape %s, its scales %s; expected [experts, rows, blocks, %d] and the same without the last"
                                .formatted(
                                        name,
                                        shape,
                                        scales == null ? "none" : scales.shape(),
                                        NIBBLES));
            }
            matrices.add(
                    new StoredTensor(
                            bare,
                            DataType.MXFP4,
                            List.of(shape.get(0), shape.get(1), 2 * NIBBLES * shape.get(2)),
                            repacked(blocks.data(), scales.data())));
        });
        return matrices;
    }

    private MemorySegment repacked(MemorySegment blocks, MemorySegment scales) {
        long count = scales.byteSize();
        int size = DataType.MXFP4.blockBytes();
        MemorySegment data = arena.allocate(Math.max(1, count * size), 64);
        byte[] from = new byte[NIBBLES];
        byte[] to = new byte[size];
        for (long block = 0; block < count; block++) {
            MemorySegment.copy(blocks, ValueLayout.JAVA_BYTE, block * NIBBLES, from, 0, NIBBLES);
            to[0] = scales.get(ValueLayout.JAVA_BYTE, block);
            for (int i = 0; i < NIBBLES; i++) {
                int first = nibble(from, i);
                int second = nibble(from, i + NIBBLES);
                to[1 + i] = (byte) (first | second << 4);
            }
            MemorySegment.copy(to, 0, data, ValueLayout.JAVA_BYTE, block * size, size);
        }
        return data.asSlice(0, count * size);
    }

    private static int nibble(byte[] bytes, int at) {
        return bytes[at / 2] >> (4 * (at % 2)) & 15;
    }

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
