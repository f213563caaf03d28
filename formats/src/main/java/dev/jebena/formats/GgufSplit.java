package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Models split into several GGUF files, as llama.cpp's `gguf-split` makes them: the files are
/// named `NAME-00001-of-00003.gguf`, each says in `split.no` (from 0) and `split.count` which one
/// it is, and the first has the model's metadata.
final class GgufSplit {
    static final String NUMBER_KEY = "split.no";
    static final String COUNT_KEY = "split.count";
    static final String TENSORS_KEY = "split.tensors.count";

    private GgufSplit() {}

    /// The file and, when it says that it is split, all its siblings in order.
    static List<GgufPart> openAll(Path path, Arena arena) {
        GgufPart opened = GgufPart.open(path, arena);
        if (!opened.metadata().values().containsKey(COUNT_KEY) || number(opened, COUNT_KEY) == 1) {
            return List.of(opened);
        }
        int count = number(opened, COUNT_KEY);
        int index = number(opened, NUMBER_KEY);
        String prefix = prefix(opened, index, count);
        List<GgufPart> parts = new ArrayList<>();
        int tensors = 0;
        for (int i = 0; i < count; i++) {
            GgufPart part =
                    i == index ? opened : sibling(path, name(prefix, i, count), count, arena);
            checkNumbers(part, i, count);
            parts.add(part);
            tensors += part.tensors().size();
        }
        int expected = number(parts.getFirst(), TENSORS_KEY);
        if (tensors != expected) {
            throw parts.getFirst()
                    .file()
                    .problem(
                            "%s is %d, but the %d parts have %d tensors; they are not of one model"
                                    .formatted(TENSORS_KEY, expected, count, tensors));
        }
        return parts;
    }

    /// The name of part `index` (from 0) of `count`.
    static String name(String prefix, int index, int count) {
        return "%s-%05d-of-%05d.gguf".formatted(prefix, index + 1, count);
    }

    private static String prefix(GgufPart part, int index, int count) {
        String name = String.valueOf(part.file().path().getFileName());
        Matcher matcher = Pattern.compile("(.*)-\\d{5}-of-\\d{5}\\.gguf").matcher(name);
        if (matcher.matches() && name.equals(name(matcher.group(1), index, count))) {
            return matcher.group(1);
        }
        throw part.file()
                .problem(
                        "this is part %d of %d of a split model, so its name must end in \"%s\" to find the others; rename it back"
                                .formatted(index + 1, count, name("", index, count)));
    }

    private static GgufPart sibling(Path path, String name, int count, Arena arena) {
        Path other = path.resolveSibling(name);
        if (!Files.exists(other)) {
            throw new FormatException(
                    "%s: the model is split into %d files, and %s is missing; download it into the same folder"
                            .formatted(path, count, name));
        }
        return GgufPart.open(other, arena);
    }

    private static void checkNumbers(GgufPart part, int index, int count) {
        if (number(part, NUMBER_KEY) != index || number(part, COUNT_KEY) != count) {
            throw part.file()
                    .problem(
                            "the file says that it is part %d of %d, by its name it is part %d of %d; the parts are not of one model"
                                    .formatted(
                                            number(part, NUMBER_KEY) + 1,
                                            number(part, COUNT_KEY),
                                            index + 1,
                                            count));
        }
    }

    private static int number(GgufPart part, String key) {
        Object value = part.metadata().values().get(key);
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw part.file()
                .problem(
                        key
                                + " must be a number from 0 on, found "
                                + (value == null ? "none" : Names.quoted(value.toString())));
    }
}
