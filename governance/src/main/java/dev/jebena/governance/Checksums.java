package dev.jebena.governance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the SHA-256 of files should be: by lists such as `SHA256SUMS`, by `NAME.sha256` beside
/// them, and by the names that content-addressed stores give files.
record Checksums(Map<String, String> listed) {
    private static final long LONGEST_LIST = 16 << 20;
    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64})(?:\\s+\\*?(.+))?");
    private static final Pattern LIST =
            Pattern.compile("(?i)(.*/)?(sha256sums?(\\.txt)?|checksums?(\\.sha256|\\.txt)?)");
    private static final Pattern BLOB = Pattern.compile("(?:sha256[-:])?([0-9a-f]{64})");

    static Checksums of(Map<String, Path> files) {
        Map<String, String> listed = new HashMap<>();
        files.forEach((name, file) -> {
            boolean list = LIST.matcher(name).matches();
            boolean beside = name.endsWith(".sha256");
            if (list || beside) {
                read(name, file, beside && !list, listed);
            }
        });
        return new Checksums(listed);
    }

    private static void read(String name, Path file, boolean beside, Map<String, String> listed) {
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        try {
            if (Files.size(file) > LONGEST_LIST) {
                return;
            }
            for (String line :
                    new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8)
                            .lines()
                            .toList()) {
                Matcher entry = LINE.matcher(line.strip());
                if (entry.matches()) {
                    String of = entry.group(2);
                    String hex = entry.group(1).toLowerCase(Locale.ROOT);
                    if (of != null) {
                        listed.put(folder + of.replaceFirst("^\\./", ""), hex);
                    } else if (beside) {
                        listed.put(name.substring(0, name.length() - ".sha256".length()), hex);
                    }
                }
            }
        } catch (IOException _) {
            // The file itself is scanned too, and reported there.
        }
    }

    /// The digits that the file's content should have; null where nothing says so.
    @Nullable String expected(String name, Path file) {
        String listedHash = listed.get(name);
        if (listedHash != null) {
            return listedHash;
        }
        Path real = file;
        try {
            real = file.toRealPath();
        } catch (IOException _) {
            // A link that leads nowhere; reported when it is opened.
        }
        Matcher blob = BLOB.matcher(String.valueOf(real.getFileName()));
        return blob.matches() ? blob.group(1) : null;
    }
}
