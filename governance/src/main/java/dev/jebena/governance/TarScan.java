package dev.jebena.governance;

import dev.jebena.hub.TarReader;
import java.io.IOException;
import java.io.InputStream;

/// The entries of a tar archive.
final class TarScan {
    private TarScan() {}

    static void of(FileScan scan, String path, InputStream in, int depth) throws IOException {
        try {
            read(scan, path, new TarReader(in), depth);
        } catch (ScanBudget.Exhausted e) {
            throw e;
        } catch (IOException e) {
            scan.damaged(path, "tar archive", e);
        }
    }

    private static void read(FileScan scan, String path, TarReader tar, int depth)
            throws IOException {
        for (TarReader.Entry entry = tar.nextEntry(); entry != null; entry = tar.nextEntry()) {
            scan.budget().entry();
            String inner = path + "!" + entry.path();
            // A hard link names an entry, a symbolic one a place beside its own.
            boolean absolute = entry.link().startsWith("/");
            String target =
                    entry.isSymbolicLink() && !absolute
                            ? entry.path().replaceFirst("[^/]*$", "") + entry.link()
                            : entry.link();
            if (ArchiveNames.leaves(entry.path())) {
                scan.add(
                        ScanKind.ARCHIVE,
                        ScanLevel.UNSAFE,
                        inner,
                        "an entry that unpacks outside of the folder",
                        "do not unpack it");
            } else if (ArchiveNames.leaves(target)) {
                scan.add(
                        ScanKind.ARCHIVE,
                        ScanLevel.UNSAFE,
                        inner,
                        "a link that leads outside of the folder: " + entry.link(),
                        "do not unpack it");
            }
            if (entry.isFile()) {
                scan.content(inner, tar.content(), null, depth + 1);
            }
        }
    }
}
