package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.revwalk.RevTree;
import org.jspecify.annotations.Nullable;

/// What differs between two commits. A large file differs as its pointer does.
final class Diffs {
    /// Longer files are told to differ, without lines.
    private static final int LONGEST_FILE = 1 << 20;

    private static final int LONGEST = 4 << 20;
    private static final int MOST_FILES = 10_000;

    private Diffs() {}

    /// How much is said.
    enum Form {
        /// As `git diff`.
        LINES,
        /// As `git diff --raw`.
        NAMES
    }

    /// @param from null for no files at all
    static String text(GitRepository git, @Nullable RevTree from, RevTree to, Form form)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DiffFormatter formatter = formatter(git, out)) {
            List<DiffEntry> entries = formatter.scan(from, to);
            int shown = 0;
            while (shown < entries.size() && out.size() < LONGEST) {
                DiffEntry entry = entries.get(shown);
                if (form == Form.LINES) {
                    formatter.format(entry);
                } else {
                    out.writeBytes(raw(entry).getBytes(StandardCharsets.UTF_8));
                }
                shown++;
            }
            formatter.flush();
            String text = out.toString(StandardCharsets.UTF_8);
            int left = entries.size() - shown;
            return left == 0 ? text : text + "# and " + left + " more files\n";
        }
    }

    private static DiffFormatter formatter(GitRepository git, ByteArrayOutputStream out) {
        DiffFormatter formatter = new DiffFormatter(out);
        formatter.setRepository(git);
        formatter.setDetectRenames(true);
        formatter.setBinaryFileThreshold(LONGEST_FILE);
        return formatter;
    }

    private static String raw(DiffEntry entry) {
        char letter = entry.getChangeType().name().charAt(0);
        boolean moved =
                entry.getChangeType() == DiffEntry.ChangeType.RENAME
                        || entry.getChangeType() == DiffEntry.ChangeType.COPY;
        return ":%06o %06o %s %s %s\t%s%s%n"
                .formatted(
                        entry.getOldMode().getBits(),
                        entry.getNewMode().getBits(),
                        id(entry, DiffEntry.Side.OLD),
                        id(entry, DiffEntry.Side.NEW),
                        moved ? letter + "%03d".formatted(entry.getScore()) : letter + "",
                        moved ? entry.getOldPath() + "\t" : "",
                        letter == 'D' ? entry.getOldPath() : entry.getNewPath())
                .replace("\r", "");
    }

    private static String id(DiffEntry entry, DiffEntry.Side side) {
        return entry.getId(side) == null ? ObjectId.zeroId().name() : entry.getId(side).name();
    }

    /// The files that differ, with the number of lines that came and went.
    static List<Object> files(GitRepository git, @Nullable RevTree from, RevTree to)
            throws IOException {
        try (DiffFormatter formatter = formatter(git, new ByteArrayOutputStream())) {
            List<Object> found = new ArrayList<>();
            for (DiffEntry entry : formatter.scan(from, to)) {
                if (found.size() == MOST_FILES) {
                    break;
                }
                found.add(json(entry, formatter.toFileHeader(entry)));
            }
            return found;
        }
    }

    private static Map<String, @Nullable Object> json(DiffEntry entry, FileHeader header) {
        long added = 0;
        long removed = 0;
        for (Edit edit : header.toEditList()) {
            added += edit.getLengthB();
            removed += edit.getLengthA();
        }
        boolean gone = entry.getChangeType() == DiffEntry.ChangeType.DELETE;
        boolean came = entry.getChangeType() == DiffEntry.ChangeType.ADD;
        return HttpJson.object(
                "status",
                entry.getChangeType().name().toLowerCase(Locale.ROOT),
                "path",
                gone ? entry.getOldPath() : entry.getNewPath(),
                "oldPath",
                came ? null : entry.getOldPath(),
                "binary",
                header.getPatchType() != FileHeader.PatchType.UNIFIED,
                "additions",
                added,
                "deletions",
                removed);
    }
}
