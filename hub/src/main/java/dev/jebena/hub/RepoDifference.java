package dev.jebena.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How a path differs between two commits.
///
/// @param before null where the path is new
/// @param after null where it is gone
public record RepoDifference(String path, @Nullable RemoteFile before, @Nullable RemoteFile after) {
    /// `A`dded, `D`eleted or `M`odified, as git writes it.
    public char status() {
        return before == null ? 'A' : after == null ? 'D' : 'M';
    }

    static List<RepoDifference> between(List<RemoteFile> before, List<RemoteFile> after) {
        Map<String, RemoteFile> old = byPath(before);
        Map<String, RemoteFile> now = byPath(after);
        TreeSet<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<RepoDifference> differences = new ArrayList<>();
        for (String path : paths) {
            RemoteFile a = old.get(path);
            RemoteFile b = now.get(path);
            if (a == null || b == null || !a.sameContent(b)) {
                differences.add(new RepoDifference(path, a, b));
            }
        }
        return differences;
    }

    private static Map<String, RemoteFile> byPath(List<RemoteFile> files) {
        Map<String, RemoteFile> byPath = new LinkedHashMap<>();
        files.forEach(file -> byPath.put(file.path(), file));
        return byPath;
    }
}
