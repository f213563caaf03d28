package dev.jebena.governance;

/// Names of entries in archives.
final class ArchiveNames {
    private ArchiveNames() {}

    /// Whether an entry of this name would be written outside of the folder that an archive is
    /// unpacked in.
    static boolean leaves(String name) {
        String path = name.replace('\\', '/');
        if (path.startsWith("/") || path.matches("[A-Za-z]:.*") || path.indexOf('\0') >= 0) {
            return true;
        }
        int depth = 0;
        for (String part : path.split("/")) {
            depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }
}
