package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
    static final long MOST_ALIGNMENT = 1 << 30;

    private static final int MOST_KEYS = 1 << 20;
    private static final int MOST_TENSORS = 1 << 20;
    // Key length, type, smallest value.
    private static final int SMALLEST_PAIR = 8 + 4 + 1;
    // Name length, number of dimensions, type, offset.
    private static final int SMALLEST_TENSOR = 8 + 4 + 4 + 8;

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
        List<GgufTensor> tensors = new ArrayList<>(tensorCount);
        for (int i = 0; i < tensorCount; i++) {
            tensors.add(GgufTensor.read(cursor, alignment));
        }
        long base = (cursor.position() + alignment - 1) & -alignment;
        return new GgufPart(file, metadata, GgufTensor.place(file, tensors, base));
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
        throw file.problem(
                "a GGUF file begins with \"GGUF\", found "
                        + Names.quoted(text)
                        + "; "
                        + kindOf(text));
    }

    private static String kindOf(String start) {
        if (start.startsWith("version ")) {
            return "this looks like a Git LFS pointer; fetch the model with: git lfs pull";
        }
        if (start.startsWith("lmgg") || start.startsWith("tjgg") || start.startsWith("fmgg")) {
            return "this is a model from before GGUF; convert it with a current llama.cpp";
        }
        if (start.startsWith("<")) {
            return "this looks like a web page; download the model again";
        }
        if (start.startsWith("PK")) {
            return "this is a zip or PyTorch file; convert it to GGUF";
        }
        return "this is not a GGUF model";
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
                && alignment <= MOST_ALIGNMENT
                && Long.bitCount(alignment) == 1) {
            return alignment;
        }
        throw file.problem(
                ALIGNMENT_KEY
                        + " must be a power of two up to 2^30, found "
                        + Names.quoted(value.toString()));
    }
}
