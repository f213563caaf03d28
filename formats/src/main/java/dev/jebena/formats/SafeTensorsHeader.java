package dev.jebena.formats;

import dev.jebena.compute.DataType;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One safetensors file.
///
/// Layout: the header's length in 8 bytes, the header as a JSON object of `{"dtype", "shape",
/// "data_offsets": [begin, end]}` by tensor name, then the data. The checks are those of the
/// reference implementation: tensors cover the data without gap or overlap.
///
/// @param metadata the strings under `__metadata__`
/// @param tensors those whose element type is a [DataType]
/// @param others the element types of all other tensors, by tensor
/// @param bytes those of the others whose elements are bytes without a sign
record SafeTensorsHeader(
        Map<String, Object> metadata,
        Map<String, StoredTensor> tensors,
        Map<String, String> others,
        Map<String, StoredTensor> bytes) {
    static SafeTensorsHeader empty() {
        return new SafeTensorsHeader(
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }

    /// The longest header that the reference implementation reads.
    static final int LONGEST = 100_000_000;

    /// JSON values in a header or index: some 200,000 tensors, ten times what any model has in one
    /// file. Bounds the memory of what [#LONGEST] bytes can ask for.
    static final int MOST_VALUES = 2_000_000;

    private static final int PREFIX = 8;
    static final String METADATA = "__metadata__";

    static SafeTensorsHeader read(MappedFile file) {
        int length = headerLength(file);
        Map<String, @Nullable Object> entries = parse(file, "the header", PREFIX, length);
        SafeTensorsHeader header = empty();
        long base = (long) PREFIX + length;
        List<Extent> extents = new ArrayList<>();
        entries.forEach((name, value) -> {
            if (name.equals(METADATA)) {
                header.readMetadata(file, value);
            } else {
                extents.add(header.readTensor(file, base, name, value));
            }
        });
        checkCover(file, extents, file.size() - base);
        return header;
    }

    private static int headerLength(MappedFile file) {
        if (file.size() < PREFIX) {
            throw file.truncated("the header's length", PREFIX);
        }
        long length =
                file.bytes()
                        .get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 0 || length > LONGEST) {
            throw file.problem(
                    0,
                    "the header's length is %s, at most %d is allowed; this is not a safetensors file"
                            .formatted(Long.toUnsignedString(length), LONGEST));
        }
        if (length > file.size() - PREFIX) {
            throw file.truncated("the header", length + PREFIX);
        }
        if (length == 0 || file.bytes().get(ValueLayout.JAVA_BYTE, PREFIX) != '{') {
            throw file.problem(
                    PREFIX, "the header must begin with '{'; this is not a safetensors file");
        }
        return (int) length;
    }

    /// The JSON object in these bytes of a file.
    static Map<String, @Nullable Object> parse(
            MappedFile file, String what, long offset, int length) {
        ByteBuffer bytes = file.bytes().asSlice(offset, length).asByteBuffer();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return Json.object(Json.parse(text, MOST_VALUES));
        } catch (CharacterCodingException e) {
            throw new FormatException(
                    file.path()
                            + ": "
                            + what
                            + " is not UTF-8 from byte "
                            + bytes.position()
                            + " on",
                    e);
        } catch (JsonException e) {
            throw new FormatException(file.path() + ": " + what + ": " + e.getMessage(), e);
        }
    }

    private void readMetadata(MappedFile file, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw file.problem(METADATA + " must be an object, found " + Json.kind(value));
        }
        map.forEach((key, text) -> {
            if (!(text instanceof String string)) {
                throw file.problem(
                        "%s must have strings only, found %s for %s"
                                .formatted(METADATA, Json.kind(text), Names.quoted((String) key)));
            }
            metadata.put((String) key, string);
        });
    }

    private Extent readTensor(MappedFile file, long base, String name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)
                || !(map.get("dtype") instanceof String dtype)
                || !(map.get("shape") instanceof List<?> dimensions)
                || !(map.get("data_offsets") instanceof List<?> range)) {
            throw problem(file, name, "must have the fields dtype, shape and data_offsets");
        }
        List<Long> shape = naturals(file, name, "the shape", dimensions);
        List<Long> offsets = naturals(file, name, "data_offsets", range);
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw problem(
                    file,
                    name,
                    "data_offsets must be [begin, end], found " + Shapes.shown(offsets));
        }
        long begin = offsets.get(0);
        long bytes = offsets.get(1) - begin;
        if (offsets.get(1) > file.size() - base) {
            throw file.truncated("the tensor " + Names.quoted(name), base + offsets.get(1));
        }
        checkSize(file, name, dtype, shape, bytes);
        @Nullable DataType type = dataType(dtype);
        @Nullable Float8 small = float8(dtype);
        if (small != null) {
            MemorySegment halves = file.halves(small, base + begin, bytes);
            tensors.put(name, new StoredTensor(name, DataType.F16, shape, halves));
        } else if (type == null) {
            others.put(name, dtype);
            if (dtype.equals("U8")) {
                MemorySegment data = file.tensor(DataType.I8, base + begin, bytes);
                this.bytes.put(name, new StoredTensor(name, DataType.I8, shape, data));
            }
        } else {
            tensors.put(
                    name,
                    new StoredTensor(name, type, shape, file.tensor(type, base + begin, bytes)));
        }
        return new Extent(name, begin, bytes);
    }

    private static List<Long> naturals(MappedFile file, String name, String what, List<?> numbers) {
        List<Long> naturals = new ArrayList<>(numbers.size());
        for (Object number : numbers) {
            if (!(number instanceof Long natural) || natural < 0) {
                throw problem(file, name, what + " must be whole numbers from 0 on");
            }
            naturals.add(natural);
        }
        return List.copyOf(naturals);
    }

    private static void checkSize(
            MappedFile file, String name, String dtype, List<Long> shape, long bytes) {
        int width = bits(dtype);
        if (width == 0) {
            return;
        }
        long elements = 1;
        for (long length : shape) {
            if (length != 0 && elements > Long.MAX_VALUE / width / length) {
                throw problem(
                        file, name, "has more than 2^63 bits: " + dtype + Shapes.shown(shape));
            }
            elements *= length;
        }
        if (elements * width != bytes * 8) {
            throw problem(
                    file,
                    name,
                    "of %s%s takes %d bits, data_offsets give it %d bytes"
                            .formatted(dtype, Shapes.shown(shape), elements * width, bytes));
        }
    }

    private static void checkCover(MappedFile file, List<Extent> extents, long length) {
        Extent[] sorted = extents.toArray(Extent[]::new);
        Extent.checkOverlap(file, sorted);
        long end = 0;
        for (Extent extent : sorted) {
            if (extent.offset() != end) {
                throw problem(
                        file,
                        extent.name(),
                        "begins at data offset %d, but the one before it ends at %d"
                                .formatted(extent.offset(), end));
            }
            end += extent.bytes();
        }
        if (end != length) {
            throw file.problem(
                    "the tensors end at data offset %d, but the file has %d bytes of data; it is damaged, download it again"
                            .formatted(end, length));
        }
    }

    private static @Nullable Float8 float8(String dtype) {
        return switch (dtype) {
            case "F8_E4M3" -> Float8.E4M3;
            case "F8_E5M2" -> Float8.E5M2;
            default -> null;
        };
    }

    private static @Nullable DataType dataType(String dtype) {
        return switch (dtype) {
            case "F64" -> DataType.F64;
            case "F32" -> DataType.F32;
            case "F16" -> DataType.F16;
            case "BF16" -> DataType.BF16;
            case "I64" -> DataType.I64;
            case "I32" -> DataType.I32;
            case "I16" -> DataType.I16;
            case "I8" -> DataType.I8;
            default -> null;
        };
    }

    /// Bits of an element; 0 for an element type that is not known.
    private static int bits(String dtype) {
        return switch (dtype) {
            case "F64", "I64", "U64", "C64" -> 64;
            case "F32", "I32", "U32" -> 32;
            case "F16", "BF16", "I16", "U16" -> 16;
            case "I8", "U8", "BOOL", "F8_E5M2", "F8_E4M3", "F8_E8M0" -> 8;
            case "F6_E2M3", "F6_E3M2" -> 6;
            case "F4" -> 4;
            default -> 0;
        };
    }

    private static FormatException problem(MappedFile file, String name, String what) {
        return file.problem("the tensor " + Names.quoted(name) + " " + what);
    }
}
