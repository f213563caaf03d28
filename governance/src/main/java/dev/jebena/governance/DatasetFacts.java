package dev.jebena.governance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads from the files of a data set what its card should say.
record DatasetFacts(CardFacts facts) {
    private static final Set<String> LINES = Set.of("jsonl", "ndjson", "csv", "tsv");
    private static final long MOST_COUNTED = 4L << 30;

    void read(Path folder) {
        Map<String, Long> sizes = new TreeMap<>();
        long rows = 0;
        long bytes = 0;
        for (Map.Entry<String, Path> file : Scan.files(folder).entrySet()) {
            String type = FileKind.ending(file.getKey());
            try {
                long size = Files.size(file.getValue());
                bytes += size;
                sizes.merge(type, 1L, Long::sum);
                if (LINES.contains(type) && size <= MOST_COUNTED) {
                    long lines = lines(file.getValue());
                    long count = type.matches("csv|tsv") ? Math.max(0, lines - 1) : lines;
                    rows += count;
                    facts.training().put(file.getKey(), count + " rows");
                }
            } catch (IOException e) {
                facts.origin().add(file.getKey() + " could not be read: " + e.getMessage());
            }
        }
        sizes.forEach((type, count) -> facts.detail("." + type + " files", count));
        facts.detail("bytes", String.format(java.util.Locale.ROOT, "%,d", bytes));
        if (rows > 0) {
            facts.detail("rows", String.format(java.util.Locale.ROOT, "%,d", rows));
            facts.put("size_categories", java.util.List.of(category(rows)));
        }
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        int last = '\n';
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            byte[] chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                for (int i = 0; i < n; i++) {
                    lines += chunk[i] == '\n' ? 1 : 0;
                }
                last = chunk[n - 1];
            }
        }
        return last == '\n' ? lines : lines + 1;
    }

    /// As the hub writes sizes: `10K<n<100K`.
    static String category(long rows) {
        String[] steps = {"1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T"};
        long limit = 1_000;
        for (int i = 0; i < steps.length; i++, limit *= 10) {
            if (rows < limit) {
                return i == 0 ? "n<1K" : steps[i - 1] + "<n<" + steps[i];
            }
        }
        return "n>1T";
    }
}
