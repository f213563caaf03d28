package dev.jebena.formats;

import dev.jebena.json.Json;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The index of a model in several safetensors files: a JSON object whose `weight_map` gives each
/// tensor's file, in the same folder.
final class SafeTensorsIndex {
    private static final int MOST_FILES = 10_000;

    private SafeTensorsIndex() {}

    /// All tensors that the index names, as if they were in one file.
    static SafeTensorsHeader read(MappedFile index) {
        if (index.size() == 0 || index.size() > SafeTensorsHeader.LONGEST) {
            throw index.problem(
                    "the index has %d bytes, expected are 1 to %d; download it again"
                            .formatted(index.size(), SafeTensorsHeader.LONGEST));
        }
        Map<String, @Nullable Object> json =
                SafeTensorsHeader.parse(index, "the index", 0, (int) index.size());
        if (!(json.get("weight_map") instanceof Map<?, ?> weightMap)) {
            throw index.problem(
                    "the index must have an object weight_map, found "
                            + Json.kind(json.get("weight_map")));
        }
        SafeTensorsHeader all = SafeTensorsHeader.empty();
        Map<String, SafeTensorsHeader> files = new HashMap<>();
        weightMap.forEach((name, file) -> {
            String fileName = fileName(index, (String) name, file);
            SafeTensorsHeader part = files.get(fileName);
            if (part == null) {
                part = part(index, fileName);
                files.put(fileName, part);
                checkCount(index, files.size());
                part.metadata().forEach(all.metadata()::putIfAbsent);
            }
            copy((String) name, part, all, index, fileName);
        });
        return all;
    }

    /// A name that stays in the folder: an index from a stranger must not reach other files.
    private static String fileName(MappedFile index, String tensor, @Nullable Object file) {
        if (file instanceof String name
                && name.endsWith(".safetensors")
                && name.indexOf('/') < 0
                && name.indexOf('\\') < 0
                && name.indexOf('\0') < 0) {
            return name;
        }
        throw index.problem(
                "weight_map must give the tensor %s the name of a .safetensors file in the same folder, found %s"
                        .formatted(
                                Names.quoted(tensor),
                                file instanceof String name
                                        ? Names.quoted(name)
                                        : Json.kind(file)));
    }

    private static SafeTensorsHeader part(MappedFile index, String name) {
        Path file;
        try {
            file = index.path().resolveSibling(name);
        } catch (InvalidPathException e) {
            throw new FormatException(
                    index.path() + ": no file can be called " + Names.quoted(name), e);
        }
        if (!Files.exists(file)) {
            throw index.problem(
                    Names.quoted(name)
                            + " is missing; download it into the same folder as the index");
        }
        return SafeTensorsHeader.read(MappedFile.open(file, index.arena()));
    }

    private static void checkCount(MappedFile index, int files) {
        if (files > MOST_FILES) {
            throw index.problem("weight_map names more than " + MOST_FILES + " files");
        }
    }

    private static void copy(
            String tensor,
            SafeTensorsHeader from,
            SafeTensorsHeader to,
            MappedFile index,
            String file) {
        StoredTensor stored = from.tensors().get(tensor);
        String other = from.others().get(tensor);
        if (stored != null) {
            to.tensors().put(tensor, stored);
        } else if (other != null) {
            to.others().put(tensor, other);
            StoredTensor bytes = from.bytes().get(tensor);
            if (bytes != null) {
                to.bytes().put(tensor, bytes);
            }
        } else {
            throw index.problem(
                    "the tensor %s is not in %s, where weight_map says it is; download both again"
                            .formatted(Names.quoted(tensor), Names.quoted(file)));
        }
    }
}
