package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.nn.Dataset;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Texts whose characters are to be foretold; what is held out is the end.
///
/// @param names files or patterns, one behind the other
/// @param context characters that are seen at most
/// @param most characters that are read at most
record TextData(Path folder, List<String> names, int context, long most, double holdout)
        implements DataReader {
    static DataReader read(Section s, Path folder) {
        List<String> names = s.texts("file");
        if (names.isEmpty()) {
            s.needed("file", "book.txt");
        }
        return new TextData(
                folder,
                names,
                s.integer("context", 64, 1, 65_536),
                s.integer("characters", Integer.MAX_VALUE, 2, Integer.MAX_VALUE),
                s.number("holdout", 0.1, 0, 1));
    }

    @Override
    public String usual() {
        return "gpt";
    }

    @Override
    public Examples load(long seed, Course course) {
        if (course.loss() != null && !course.loss().equals("cross-entropy")) {
            throw Problem.badRequest(
                    "[training] loss: \"%s\" is none for text; it is cross-entropy"
                            .formatted(course.loss()));
        }
        DataFiles files = new DataFiles();
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            for (Path file : DataFiles.find(folder, name)) {
                text.append(files.text(file));
            }
        }
        int[] all = text.codePoints().limit(most).toArray();
        int[] kinds = Arrays.stream(all).sorted().distinct().toArray();
        long[] ids = Arrays.stream(all).mapToLong(c -> Arrays.binarySearch(kinds, c)).toArray();
        int cut = ids.length - (int) (ids.length * holdout);
        boolean held = holdout > 0;
        if (cut <= context || (held && ids.length - cut <= context)) {
            throw Problem.badRequest(
                    "[data] the text has %d characters, %d of them held out; a context of %d needs more on both sides"
                            .formatted(ids.length, ids.length - cut, context));
        }
        return new Examples(
                Dataset.windows(Arrays.copyOf(ids, cut), context),
                held ? sideBySide(Arrays.copyOfRange(ids, cut, ids.length), context) : null,
                Tensor.of(new long[context], 1, context),
                kinds.length,
                new Task.Characters(kinds, course.smoothing()),
                Map.of("characters", Json.write(new String(kinds, 0, kinds.length))),
                files.read(),
                files.digest());
    }

    /// Windows that do not overlap.
    private static Dataset sideBySide(long[] text, int context) {
        Dataset every = Dataset.windows(text, context);
        int count = (every.size() - 1) / context + 1;
        return new Dataset() {
            @Override
            public int size() {
                return count;
            }

            @Override
            public dev.jebena.nn.Batch batch(int[] indices) {
                return every.batch(Arrays.stream(indices).map(i -> i * context).toArray());
            }
        };
    }
}
