package dev.jebena.formats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The files beside a model that hold its tensors. A model from a stranger must not reach files
/// outside of its folder, neither by name nor by link.
final class OnnxData {
    private static final long ALIGNMENT = 4096;

    private final @Nullable Path folder;
    private final Map<String, MappedFile> files = new HashMap<>();

    private OnnxData(@Nullable Path folder) {
        this.folder = folder;
    }

    /// The folder of `model`.
    static OnnxData beside(Path model) {
        return new OnnxData(model.toAbsolutePath().getParent());
    }

    /// No files: models in memory.
    static OnnxData none() {
        return new OnnxData(null);
    }

    /// The elements that `entries` (`location`, `offset`, `length`, `checksum`) tell the place of.
    ///
    /// @param bytes how many there must be
    /// @param wrong makes an error about the tensor
    OnnxTensor.External find(
            Map<String, String> entries, long bytes, Function<String, FormatException> wrong) {
        String location = entries.getOrDefault("location", "");
        MappedFile file = files.get(location);
        if (file == null) {
            file = MappedFile.open(path(location, wrong), Arena.ofAuto());
            files.put(location, file);
        }
        long offset = number(entries, "offset", 0, wrong);
        long length = number(entries, "length", Math.max(0, file.size() - offset), wrong);
        if (offset > file.size() || length > file.size() - offset) {
            throw wrong.apply(
                    "lies at byte %d of %s and takes %d bytes, but the file has %d"
                            .formatted(offset, Names.quoted(location), length, file.size()));
        }
        if (length != bytes) {
            throw wrong.apply(
                    "takes %d bytes, but has %d in %s"
                            .formatted(bytes, length, Names.quoted(location)));
        }
        return new OnnxTensor.External(
                location,
                offset,
                entries.getOrDefault("checksum", ""),
                Bytes.of(file.aligned(offset, length, Long.BYTES)));
    }

    private static long number(
            Map<String, String> entries,
            String key,
            long absent,
            Function<String, FormatException> wrong) {
        String text = entries.get(key);
        try {
            long number = text == null ? absent : Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same error as for a negative one.
        }
        throw wrong.apply(
                "has the %s %s, expected is a whole number from 0 on"
                        .formatted(key, Names.quoted(String.valueOf(text))));
    }

    private Path path(String location, Function<String, FormatException> wrong) {
        if (folder == null) {
            throw wrong.apply("lies in another file; load the model from a file");
        }
        try {
            Path file = folder.resolve(location).normalize();
            boolean named = !location.isEmpty() && !Path.of(location).isAbsolute();
            if (!named || location.indexOf('\\') >= 0 || !file.startsWith(folder.normalize())) {
                throw outside(location, wrong);
            }
            if (!Files.isRegularFile(file)) {
                throw wrong.apply(
                        "lies in %s, which is not in the model's folder; download it, too"
                                .formatted(Names.quoted(location)));
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw outside(location, wrong);
            }
            return file;
        } catch (InvalidPathException | IOException e) {
            FormatException error = outside(location, wrong);
            error.initCause(e);
            throw error;
        }
    }

    private static FormatException outside(
            String location, Function<String, FormatException> wrong) {
        return wrong.apply(
                "lies in %s, which is not a file of the model's folder; put the file itself there"
                        .formatted(Names.quoted(location)));
    }

    /// Writes the model, and before it its large initializers to a file of their own: as `path`
    /// with `.data` behind it.
    static void write(OnnxModel model, Path path, long least) {
        Set<OnnxTensor.Contents> elsewhere = Collections.newSetFromMap(new IdentityHashMap<>());
        Path file = path.resolveSibling(path.getFileName() + ".data");
        String location = String.valueOf(file.getFileName());
        List<OnnxTensor> tensors = new ArrayList<>();
        ReplacedFile.write(
                file,
                channel -> {
                    for (OnnxTensor tensor : model.graph().initializers()) {
                        if (tensor.element().type().isEmpty()
                                || tensor.plain().data().byteSize() < least) {
                            tensors.add(tensor);
                            continue;
                        }
                        MemorySegment data = tensor.plain().data();
                        long offset = Math.ceilDiv(channel.position(), ALIGNMENT) * ALIGNMENT;
                        Segments.write(channel.position(offset), data);
                        OnnxTensor.External external =
                                new OnnxTensor.External(location, offset, "", Bytes.of(data));
                        elsewhere.add(external);
                        tensors.add(withContents(tensor, external));
                    }
                });
        OnnxWriter.write(withInitializers(model, List.copyOf(tensors)), path, elsewhere);
    }

    private static OnnxTensor withContents(OnnxTensor tensor, OnnxTensor.Contents contents) {
        return new OnnxTensor(
                tensor.name(),
                tensor.element(),
                tensor.shape(),
                contents,
                tensor.doc(),
                tensor.metadata(),
                tensor.rest());
    }

    private static OnnxModel withInitializers(OnnxModel model, List<OnnxTensor> tensors) {
        return new OnnxModel(
                model.irVersion(),
                model.opsets(),
                model.producer(),
                model.domain(),
                model.version(),
                model.doc(),
                model.graph().initializers(tensors),
                model.metadata(),
                model.functions(),
                model.rest());
    }
}
