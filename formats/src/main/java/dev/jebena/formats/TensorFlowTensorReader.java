package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tensors of a TensorFlow graph (`TensorProto`): bytes, or numbers in a field for their type.
/// When there are fewer numbers than elements, the last one stands for all that follow.
final class TensorFlowTensorReader {
    private static final long ALWAYS_FILLED = 64L << 20;
    private static final int FILLED_TIMES = 4;

    private final MappedFile file;
    private long filled;

    TensorFlowTensorReader(MappedFile file) {
        this.file = file;
    }

    static TensorFlowType type(ProtobufReader in) {
        return type(in.varint(), in);
    }

    static TensorFlowType type(long id, ProtobufReader in) {
        return TensorFlowType.ofId(id)
                .orElseThrow(() ->
                        in.problem(
                                "there is no element type %d, known are 0 to %d"
                                        .formatted(id, TensorFlowType.values().length - 1)));
    }

    /// Lengths, -1 for an unknown one; empty when their number is unknown.
    static Optional<List<Long>> shape(ProtobufReader in) {
        List<Long> lengths = new ArrayList<>();
        boolean unknown = false;
        while (in.next()) {
            switch (in.field()) {
                case 2 -> lengths.add(length(in.message("TensorShapeProto.Dim")));
                case 3 -> unknown = in.bool();
                default -> in.skip();
            }
        }
        return unknown ? Optional.empty() : Optional.of(List.copyOf(lengths));
    }

    private static long length(ProtobufReader in) {
        long length = 0;
        while (in.next()) {
            if (in.field() == 1) {
                length = in.varint();
            } else {
                in.skip();
            }
        }
        return length;
    }

    TensorFlowAttribute read(ProtobufReader in) {
        TensorFlowType type = TensorFlowType.DT_INVALID;
        List<Long> shape = List.of();
        MemorySegment content = MemorySegment.NULL;
        PackedNumbers numbers = new PackedNumbers();
        List<Bytes> texts = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = type(in);
                case 2 -> shape = shape(in.message("TensorShapeProto")).orElse(List.of());
                case 4, 18 -> content = in.delimited();
                case 5, 9 -> numbers.readFixed(in, ProtobufReader.FIXED32);
                case 6, 12 -> numbers.readFixed(in, ProtobufReader.FIXED64);
                case 7, 10, 11, 13, 16, 17 -> numbers.readVarints(in);
                case 8 -> texts.add(in.bytes());
                default -> in.skip();
            }
        }
        List<Long> checked = Shapes.of(shape, in::problem);
        if (type == TensorFlowType.DT_STRING) {
            return new TensorFlowAttribute.Texts(checked, List.copyOf(texts));
        }
        Optional<ElementType> element = type.type();
        if (element.isEmpty()) {
            return new TensorFlowAttribute.Other(type);
        }
        long bytes = Shapes.bytes(element.get(), checked, in::problem);
        MemorySegment found =
                content.byteSize() > 0
                        ? content
                        : numbers.elements(element.get(), file.arena(), in::problem);
        MemorySegment whole =
                found.byteSize() == bytes
                        ? PackedNumbers.aligned(
                                found, element.get().width(), file.arena(), in::problem)
                        : fill(found, bytes, element.get(), checked, in);
        return new TensorFlowAttribute.Tensor(new PlainTensor("", element.get(), checked, whole));
    }

    private MemorySegment fill(
            MemorySegment found,
            long bytes,
            ElementType type,
            List<Long> shape,
            ProtobufReader in) {
        int width = type.bits() / 8;
        long most = Math.max(ALWAYS_FILLED, FILLED_TIMES * file.size());
        if (found.byteSize() > bytes || found.byteSize() % width != 0) {
            throw in.problem(
                    "a tensor of %s%s takes %d bytes, the file has %d"
                            .formatted(type, Shapes.shown(shape), bytes, found.byteSize()));
        }
        if (bytes > most - filled) {
            throw in.problem(
                    "a tensor of %s%s takes %d bytes, of which the file has %d; repeated elements may take %d"
                            .formatted(type, Shapes.shown(shape), bytes, found.byteSize(), most));
        }
        filled += bytes;
        MemorySegment whole = file.allocate(bytes);
        MemorySegment.copy(found, 0, whole, 0, found.byteSize());
        if (found.byteSize() > 0) {
            MemorySegment last = found.asSlice(found.byteSize() - width);
            for (long at = found.byteSize(); at < bytes; at += width) {
                MemorySegment.copy(last, 0, whole, at, width);
            }
        }
        return whole.asReadOnly();
    }
}
