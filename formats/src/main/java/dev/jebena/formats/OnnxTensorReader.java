package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The tensors of an ONNX model. Their elements are raw bytes, or numbers in one of five fields
/// that Protocol Buffers has types for, or lie in another file.
final class OnnxTensorReader {
    private static final int EXTERNAL = 1;

    private final Arena arena;
    private final OnnxData data;
    private final Function<String, FormatException> problem;

    OnnxTensorReader(Arena arena, OnnxData data, Function<String, FormatException> problem) {
        this.arena = arena;
        this.data = data;
        this.problem = problem;
    }

    /// What a message held.
    private static final class Fields {
        private String name = "";
        private OnnxElement element = OnnxElement.UNDEFINED;
        private final NumberList.LongBuilder shape = new NumberList.LongBuilder();
        private final List<MemorySegment> raw = new ArrayList<>();
        private final PackedNumbers numbers = new PackedNumbers();
        private final List<Bytes> texts = new ArrayList<>();
        private final Map<String, String> external = new LinkedHashMap<>();
        private boolean elsewhere;
        private boolean segment;
        private String doc = "";
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final List<Bytes> rest = new ArrayList<>();

        private void read(ProtobufReader in) {
            switch (in.field()) {
                case 1 -> in.varints(shape);
                case 2 -> element = OnnxTypeReader.element(in);
                case 3 -> {
                    segment = true;
                    in.skip();
                }
                case 4 -> numbers.readFixed(in, ProtobufReader.FIXED32);
                case 5, 7, 11 -> numbers.readVarints(in);
                case 6 -> texts.add(in.bytes());
                case 8 -> name = in.text();
                case 9 -> raw.add(in.delimited());
                case 10 -> numbers.readFixed(in, ProtobufReader.FIXED64);
                case 12 -> doc = in.text();
                case 13 -> OnnxReader.entry(in, external);
                case 14 -> elsewhere = in.varint() == EXTERNAL;
                case 16 -> OnnxReader.entry(in, metadata);
                default -> in.keep(rest);
            }
        }
    }

    OnnxTensor read(ProtobufReader in) {
        Fields fields = new Fields();
        while (in.next()) {
            fields.read(in);
        }
        Function<String, FormatException> wrong =
                what -> problem.apply("the tensor " + Names.quoted(fields.name) + " " + what);
        if (fields.segment) {
            throw wrong.apply("is one of several parts, which cannot be read; save it whole");
        }
        List<Long> shape =
                Shapes.of(fields.shape.build(), what -> wrong.apply("has a wrong shape: " + what));
        return new OnnxTensor(
                fields.name,
                fields.element,
                shape,
                contents(fields, shape, wrong),
                fields.doc,
                Collections.unmodifiableMap(fields.metadata),
                List.copyOf(fields.rest));
    }

    private OnnxTensor.Contents contents(
            Fields fields, List<Long> shape, Function<String, FormatException> wrong) {
        if (fields.element.type().isEmpty()) {
            return texts(fields, shape, wrong);
        }
        ElementType type = fields.element.type().get();
        long bytes = Shapes.bytes(type, shape, what -> wrong.apply("is too large: " + what));
        if (fields.elsewhere) {
            return data.find(fields.external, bytes, wrong);
        }
        // Of a field that is no list, the last counts.
        MemorySegment found =
                fields.raw.isEmpty()
                        ? fields.numbers.elements(type, arena, wrong)
                        : fields.raw.getLast();
        if (found.byteSize() != bytes) {
            throw wrong.apply(
                    "of %s%s takes %d bytes, the file has %d"
                            .formatted(
                                    fields.element, Shapes.shown(shape), bytes, found.byteSize()));
        }
        return new OnnxTensor.Plain(
                Bytes.of(PackedNumbers.aligned(found, type.width(), arena, wrong)));
    }

    private static OnnxTensor.Texts texts(
            Fields fields, List<Long> shape, Function<String, FormatException> wrong) {
        long elements = Shapes.bytes(ElementType.U8, shape, wrong);
        if (fields.element != OnnxElement.STRING) {
            throw wrong.apply("does not say what its elements are");
        }
        if (elements != fields.texts.size()) {
            throw wrong.apply(
                    "of STRING%s has %d elements, the file has %d"
                            .formatted(Shapes.shown(shape), elements, fields.texts.size()));
        }
        return new OnnxTensor.Texts(List.copyOf(fields.texts));
    }
}
