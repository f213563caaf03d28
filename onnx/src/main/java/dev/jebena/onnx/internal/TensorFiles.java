package dev.jebena.onnx.internal;

import dev.jebena.formats.Bytes;
import dev.jebena.formats.ElementType;
import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxSparseTensor;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.formats.OnnxValue;
import dev.jebena.formats.PlainTensor;
import dev.jebena.onnx.Datum;
import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/// Values of files as data, and tensors as those of files.
public final class TensorFiles {
    private TensorFiles() {}

    public static Datum read(OnnxValue value) {
        return switch (value) {
            case OnnxValue.Tensor tensor -> read(tensor.value());
            case OnnxValue.Sparse sparse -> read(sparse.value());
            case OnnxValue.Sequence sequence ->
                    new Datum.Sequence(sequence.values().stream().map(TensorFiles::read).toList());
            case OnnxValue.Maybe maybe -> new Datum.Maybe(maybe.value().map(TensorFiles::read));
            case OnnxValue.Map _ ->
                    throw new OnnxException(
                            OnnxException.Code.UNSUPPORTED, "maps as values are not supported");
        };
    }

    public static Datum read(OnnxTensor tensor) {
        Shape shape = shape(tensor.shape(), tensor.name());
        if (tensor.contents() instanceof OnnxTensor.Texts texts) {
            return new Datum.Texts(shape, texts.values().stream().map(Bytes::utf8).toList());
        }
        return new Datum.Numbers(tensor.element(), numbers(tensor, shape));
    }

    private static Tensor numbers(OnnxTensor tensor, Shape shape) {
        PlainTensor plain = tensor.plain();
        DType carrier = Carriers.of(tensor.element());
        MemorySegment data = plain.data();
        int count = Math.toIntExact(shape.size());
        return switch (plain.type()) {
            case F32, F64, F16, BF16, I8, I16, I32, I64, U8, BOOL, U64 ->
                    dense(data, carrier, shape);
            case C64, C128 -> dense(data, carrier, shape.insert(shape.rank(), 2));
            case U16 -> longs(data, count, 2, 0xFFFFL, shape, carrier);
            case U32 -> longs(data, count, 4, 0xFFFFFFFFL, shape, carrier);
            case F8_E8M0 -> {
                double[] values = new double[count];
                for (int i = 0; i < count; i++) {
                    int bits = data.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
                    values[i] = bits == 255 ? Double.NaN : Math.scalb(1.0, bits - 127);
                }
                yield Loops.of(values, shape, carrier);
            }
            case F8_E4M3, F8_E4M3_FNUZ, F8_E5M2, F8_E5M2_FNUZ, F4_E2M1, F6_E2M3, F6_E3M2 ->
                    smallFloats(data, count, tensor.element(), shape);
            case U4, I4, U2, I2 -> packed(data, count, plain.type(), shape, carrier);
            case C32 ->
                    throw new OnnxException(
                            OnnxException.Code.UNSUPPORTED, "complex numbers of 16-bit floats");
        };
    }

    private static Tensor dense(MemorySegment data, DType carrier, Shape shape) {
        MemorySegment memory = data;
        if (!data.isNative() || data.address() % carrier.bytes() != 0) {
            memory = Arena.ofAuto().allocate(Math.max(1, data.byteSize()), 64);
            MemorySegment.copy(data, 0, memory, 0, data.byteSize());
        }
        return Tensor.over(memory, carrier, shape);
    }

    private static Tensor longs(
            MemorySegment data, int count, int bytes, long mask, Shape shape, DType carrier) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            long bits =
                    bytes == 2
                            ? data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i)
                            : data.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
            values[i] = bits & mask;
        }
        return Loops.of(values, shape, carrier);
    }

    private static int bits(MemorySegment data, int index, int width) {
        long bit = (long) index * width;
        int low = data.get(ValueLayout.JAVA_BYTE, bit / 8) & 0xFF;
        int shift = (int) (bit % 8);
        int high = shift + width > 8 ? data.get(ValueLayout.JAVA_BYTE, bit / 8 + 1) & 0xFF : 0;
        return (low | high << 8) >> shift & (1 << width) - 1;
    }

    private static Tensor smallFloats(
            MemorySegment data, int count, OnnxElement element, Shape shape) {
        SmallFloat format = SmallFloat.of(element).orElseThrow();
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = format.decode(bits(data, i, format.bits()));
        }
        return Loops.of(values, shape, DType.FLOAT32);
    }

    private static Tensor packed(
            MemorySegment data, int count, ElementType type, Shape shape, DType carrier) {
        boolean signed = type == ElementType.I4 || type == ElementType.I2;
        int width = type.bits();
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            int bits = bits(data, i, width);
            values[i] = signed && bits >= 1 << (width - 1) ? bits - (1 << width) : bits;
        }
        return Loops.of(values, shape, carrier);
    }

    static Shape shape(List<Long> dims, String name) {
        int[] lengths = new int[dims.size()];
        for (int i = 0; i < lengths.length; i++) {
            long length = dims.get(i);
            if (length < 0 || length > Integer.MAX_VALUE) {
                throw new OnnxException(
                        OnnxException.Code.MODEL,
                        "the tensor \"%s\" has shape %s: lengths from 0 to 2^31 - 1 are supported"
                                .formatted(name, dims));
            }
            lengths[i] = (int) length;
        }
        return Shape.of(lengths);
    }

    /// A sparse tensor with its zeros.
    static Datum read(OnnxSparseTensor sparse) {
        Shape shape = shape(sparse.shape(), sparse.values().name());
        if (!(read(sparse.values()) instanceof Datum.Numbers values)) {
            throw new OnnxException(OnnxException.Code.UNSUPPORTED, "sparse tensors of strings");
        }
        Tensor places = ((Datum.Numbers) read(sparse.indices())).tensor();
        if (places.rank() == 2) {
            Tensor strides = Loops.vector(Loops.longs(Loops.strides(shape)));
            places = places.mul(strides).sum(1);
        }
        Tensor zeros =
                Tensor.full(Shape.of(Math.toIntExact(shape.size())), 0, values.tensor().dtype());
        Tensor filled = zeros.scatter(0, places, values.tensor());
        return new Datum.Numbers(values.element(), filled.reshape(shape));
    }

    /// A tensor under a name, as a file has it.
    public static OnnxTensor write(String name, Tensor tensor) {
        OnnxElement element = Carriers.element(tensor.dtype());
        List<Long> dims = new ArrayList<>();
        for (int dim : tensor.shape().toArray()) {
            dims.add((long) dim);
        }
        long bytes = tensor.size() * tensor.dtype().bytes();
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes), 64);
        try {
            MemorySegment.copy(tensor.memory(), 0, copy, 0, bytes);
        } finally {
            // The tensor's memory is used again when nothing refers to the tensor.
            Reference.reachabilityFence(tensor);
        }
        return OnnxTensor.of(
                new PlainTensor(name, element.type().orElseThrow(), dims, copy.asSlice(0, bytes)));
    }
}
