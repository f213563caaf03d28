package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One GGUF file: the whole model, or one file of a split one.
///
/// Layout (GGUF specification, version 3): magic, version, counts, key-value pairs, tensor
/// descriptions, padding to the alignment, tensor data. Version 2 is the same.
final class GgufPart {
    static final long MAGIC = 0x4655_4747L;
    static final String ALIGNMENT_KEY = "general.alignment";
    static final long DEFAULT_ALIGNMENT = 32;

    private static final int MOST_KEYS = 1 << 20;
    private static final int MOST_TENSORS = 1 << 20;
    private static final int LONGEST_NAME = 4_096;
    private static final int MOST_DIMENSIONS = 4;
    // Key length, type, smallest value.
    private static final int SMALLEST_PAIR = 8 + 4 + 1;
    // Name length, number of dimensions, type, offset.
    private static final int SMALLEST_TENSOR = 8 + 4 + 4 + 8;
    private static final int TENSOR_HEAP = 256;

    private final MappedFile file;
    private final GgufMetadata metadata;
    private final Map<String, StoredTensor> tensors;

    private GgufPart(MappedFile file, GgufMetadata metadata, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    static GgufPart open(Path path, Arena arena) {
        MappedFile file = MappedFile.open(path, arena);
        GgufCursor cursor = new GgufCursor(file);
        checkMagic(cursor);
        checkVersion(cursor);
        int tensorCount = cursor.count("the number of tensors", SMALLEST_TENSOR, MOST_TENSORS);
        int keyCount = cursor.count("the number of metadata keys", SMALLEST_PAIR, MOST_KEYS);
        GgufMetadata metadata = GgufMetadata.read(cursor, keyCount);
        long alignment = alignment(file, metadata);
        List<Extent> extents = new ArrayList<>(tensorCount);
        for (int i = 0; i < tensorCount; i++) {
            extents.add(readExtent(cursor, alignment));
        }
        long base = (cursor.position() + alignment - 1) & -alignment;
        return new GgufPart(file, metadata, place(file, extents, base));
    }

    MappedFile file() {
        return file;
    }

    GgufMetadata metadata() {
        return metadata;
    }

    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /// A tensor's description; `offset` counts from the beginning of the data.
    private record Extent(
            String name, DataType type, List<Long> shape, long offset, long bytes, long at) {
        String label() {
            return "the tensor " + Names.quoted(name);
        }
    }

    private static void checkMagic(GgufCursor cursor) {
        MappedFile file = cursor.file();
        if (file.size() == 0) {
            throw file.problem("the file is empty; download it again");
        }
        byte[] start =
                cursor.file()
                        .bytes()
                        .asSlice(0, Math.min(8, file.size()))
                        .toArray(ValueLayout.JAVA_BYTE);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("GGUF")) {
            cursor.u32("the magic number");
            return;
        }
        String remedy;
        if (text.startsWith("version ")) {
            remedy =
                    "this looks like a Git LFS pointer, not the model; fetch it with: git lfs pull";
        } else if (text.startsWith("lmgg") || text.startsWith("tjgg") || text.startsWith("fmgg")) {
            remedy =
                    "this is a GGML file from before GGUF; convert the model with a current llama.cpp";
        } else if (text.startsWith("<")) {
            remedy = "this looks like a web page, not the model; download it again";
        } else if (text.endsWith("{") || text.indexOf('{') == 8) {
            remedy = "this looks like a safetensors file";
        } else {
            remedy = "this is not a GGUF model";
        }
        throw file.problem(
                "a GGUF file begins with \"GGUF\", found " + Names.quoted(text) + "; " + remedy);
    }

    private static void checkVersion(GgufCursor cursor) {
        long version = cursor.u32("the version");
        if (version == 2 || version == 3) {
            return;
        }
        String remedy;
        if ((version & 0xffff) == 0 && version != 0) {
            remedy =
                    "it is big-endian; make a little-endian one with: gguf-convert-endian FILE little";
        } else if (version == 1) {
            remedy = "it is a draft of 2023; convert the model again with a current llama.cpp";
        } else {
            remedy = "it is newer than this program, or damaged";
        }
        throw cursor.problem(
                4, "GGUF version " + version + ", versions 2 and 3 are read; " + remedy);
    }

    private static long alignment(MappedFile file, GgufMetadata metadata) {
        Object value = metadata.values().get(ALIGNMENT_KEY);
        if (value == null) {
            return DEFAULT_ALIGNMENT;
        }
        if (value instanceof Long alignment
                && alignment > 0
                && alignment <= 1 << 30
                && Long.bitCount(alignment) == 1) {
            return alignment;
        }
        throw file.problem(
                ALIGNMENT_KEY
                        + " must be a power of two up to 2^30, found "
                        + Names.quoted(value.toString()));
    }

    private static Extent readExtent(GgufCursor cursor, long alignment) {
        long at = cursor.position();
        cursor.charge(TENSOR_HEAP, "the list of tensors");
        String name = cursor.name("a tensor's name", LONGEST_NAME);
        String what = "the tensor " + Names.quoted(name);
        long dimensions = cursor.u32(what);
        if (dimensions > MOST_DIMENSIONS) {
            throw cursor.problem(
                    cursor.position() - 4,
                    what + " has " + dimensions + " dimensions, at most 4 are allowed");
        }
        Long[] shape = new Long[(int) dimensions];
        long elements = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            long length = cursor.u64("a dimension of " + what);
            shape[i] = length;
            if (length != 0 && elements > Long.MAX_VALUE / length) {
                throw cursor.problem(cursor.position() - 8, what + " has more than 2^63 elements");
            }
            elements *= length;
        }
        long row = shape.length == 0 ? 1 : shape[shape.length - 1];
        DataType type = dataType(cursor, what);
        if (row % type.blockSize() != 0) {
            throw cursor.problem(
                    at,
                    "%s has rows of %d elements, which is not a whole number of %s blocks of %d"
                            .formatted(what, row, type, type.blockSize()));
        }
        if (elements / type.blockSize() > Long.MAX_VALUE / type.blockBytes()) {
            throw cursor.problem(at, what + " has more than 2^63 bytes");
        }
        long offset = cursor.u64("the offset of " + what);
        if (offset % alignment != 0) {
            throw cursor.problem(
                    cursor.position() - 8,
                    what + " begins at offset " + offset + ", not a multiple of " + alignment);
        }
        return new Extent(name, type, List.of(shape), offset, type.bytes(elements), at);
    }

    private static DataType dataType(GgufCursor cursor, String what) {
        long id = cursor.u32("the type of " + what);
        return DataType.ofGgufId((int) id)
                .orElseThrow(() ->
                        cursor.problem(
                                cursor.position() - 4,
                                what
                                        + " has the type "
                                        + id
                                        + ", which is not supported; use a file quantized to another type, for example Q4_K_M or Q8_0"));
    }

    private static Map<String, StoredTensor> place(
            MappedFile file, List<Extent> extents, long base) {
        checkOverlap(file, extents);
        Map<String, StoredTensor> tensors = LinkedHashMap.newLinkedHashMap(extents.size());
        for (Extent extent : extents) {
            long begin = base + extent.offset;
            long end = begin + extent.bytes;
            // Unsigned: three numbers below 2^63 whose sum may not be.
            if (begin < 0 || Long.compareUnsigned(end, file.size()) > 0) {
                throw file.truncated(extent.label(), begin < 0 ? begin : end);
            }
            StoredTensor tensor =
                    new StoredTensor(
                            extent.name,
                            extent.type,
                            extent.shape,
                            file.tensor(extent.type, begin, extent.bytes));
            if (tensors.put(extent.name, tensor) != null) {
                throw file.problem(extent.at, extent.label() + " occurs twice");
            }
        }
        return tensors;
    }

    private static void checkOverlap(MappedFile file, List<Extent> extents) {
        List<Extent> sorted = new ArrayList<>(extents);
        sorted.removeIf(extent -> extent.bytes == 0);
        sorted.sort(Comparator.comparingLong(Extent::offset));
        for (int i = 1; i < sorted.size(); i++) {
            Extent before = sorted.get(i - 1);
            Extent after = sorted.get(i);
            if (after.offset - before.offset < before.bytes) {
                throw file.problem(
                        after.at,
                        "%s begins at offset %d, inside %s, which has %d bytes from offset %d on"
                                .formatted(
                                        after.label(),
                                        after.offset,
                                        before.label(),
                                        before.bytes,
                                        before.offset));
            }
        }
    }
}
