package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A checkpoint of TensorFlow 2 (or 1 in its second format): `NAME.index`, a sorted table of where
/// each tensor lies, and `NAME.data-00000-of-00001`, or several of these.
///
/// Tensors are mapped; their checksums are compared when the checkpoint is opened. Strings and
/// variables in slices are named by [PlainTensors#others()].
public final class Checkpoint {
    private static final String ENDING = ".index";
    private static final int MOST_SHARDS = 10_000;

    private Checkpoint() {}

    /// Opens a checkpoint by its `.index` file. Throws [FormatException] when a file is missing or
    /// damaged.
    public static PlainTensors open(Path index) {
        return PlainTensors.open(index, Checkpoint::read);
    }

    /// What the index says about a tensor (`BundleEntryProto`).
    private record Entry(
            TensorFlowType type,
            List<Long> shape,
            long shard,
            long offset,
            long size,
            int checksum,
            boolean sliced) {}

    private static void read(MappedFile index, PlainTensors into) {
        Map<String, MemorySegment> entries = SortedTable.read(index);
        MemorySegment header = entries.remove("");
        if (header == null) {
            throw index.problem("its index has no header; it is no checkpoint of TensorFlow");
        }
        long shards = shards(index, header);
        Map<Long, MappedFile> files = new HashMap<>();
        List<Extent> extents = new ArrayList<>();
        entries.forEach((key, value) -> {
            String name =
                    new String(key.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            // The keys of slices begin so; the whole variable's entry says that it has some.
            if (key.startsWith("\0")) {
                return;
            }
            Entry entry =
                    entry(
                            ProtobufReader.of(
                                    value, "BundleEntryProto", what -> problem(index, name, what)));
            Optional<ElementType> type = entry.type.type();
            if (type.isEmpty() || entry.sliced) {
                into.addOther(
                        name,
                        entry.sliced
                                ? "a variable in slices; save it whole"
                                : "of type " + entry.type + ", no numbers");
            } else {
                MappedFile file =
                        files.computeIfAbsent(entry.shard, shard -> shard(index, shard, shards));
                into.add(tensor(name, type.get(), entry, file, index));
                extents.add(new Extent(name, entry.offset, entry.size));
            }
        });
        if (shards == 1) {
            Extent.checkOverlap(index, extents.toArray(Extent[]::new));
        }
    }

    private static long shards(MappedFile index, MemorySegment header) {
        ProtobufReader in = ProtobufReader.of(header, "BundleHeaderProto", index::problem);
        long shards = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> shards = in.varint();
                case 2 -> {
                    if (in.varint() != 0) {
                        throw index.problem(
                                "its tensors are big-endian; load and save it on a little-endian machine");
                    }
                }
                default -> in.skip();
            }
        }
        if (shards < 1 || shards > MOST_SHARDS) {
            throw index.problem(
                    "it has %d files of data, 1 to %d are read".formatted(shards, MOST_SHARDS));
        }
        return shards;
    }

    private static Entry entry(ProtobufReader in) {
        TensorFlowType type = TensorFlowType.DT_INVALID;
        List<Long> shape = List.of();
        long shard = 0;
        long offset = 0;
        long size = 0;
        int checksum = 0;
        boolean sliced = false;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = TensorFlowTensorReader.type(in);
                case 2 ->
                        shape =
                                TensorFlowTensorReader.shape(in.message("TensorShapeProto"))
                                        .orElse(List.of());
                case 3 -> shard = in.varint();
                case 4 -> offset = in.varint();
                case 5 -> size = in.varint();
                case 6 -> checksum = in.fixed32();
                case 7 -> {
                    sliced = true;
                    in.skip();
                }
                default -> in.skip();
            }
        }
        return new Entry(
                type, Shapes.of(shape, in::problem), shard, offset, size, checksum, sliced);
    }

    private static MappedFile shard(MappedFile index, long shard, long shards) {
        if (shard < 0 || shard >= shards) {
            throw index.problem(
                    "a tensor lies in file %d of its data, there are %d".formatted(shard, shards));
        }
        String name = String.valueOf(index.path().getFileName());
        String prefix =
                name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
        Path file =
                index.path()
                        .resolveSibling("%s.data-%05d-of-%05d".formatted(prefix, shard, shards));
        return MappedFile.open(file, index.arena());
    }

    private static PlainTensor tensor(
            String name, ElementType type, Entry entry, MappedFile file, MappedFile index) {
        long bytes = Shapes.bytes(type, entry.shape, what -> problem(index, name, what));
        if (entry.size != bytes) {
            throw problem(
                    index,
                    name,
                    "%s%s takes %d bytes, the index gives it %d"
                            .formatted(type, Shapes.shown(entry.shape), bytes, entry.size));
        }
        if (entry.offset < 0 || bytes > file.size() - entry.offset) {
            throw file.truncated("the tensor " + Names.quoted(name), entry.offset + bytes);
        }
        MemorySegment data = file.aligned(entry.offset, bytes, type.width());
        int found = SortedTable.maskedChecksum(data);
        if (found != entry.checksum) {
            throw problem(
                    file,
                    name,
                    "its checksum is %08x instead of %08x; download the file again"
                            .formatted(found, entry.checksum));
        }
        return new PlainTensor(name, type, entry.shape, data);
    }

    private static FormatException problem(MappedFile file, String name, String what) {
        return file.problem("the tensor " + Names.quoted(name) + ": " + what);
    }
}
