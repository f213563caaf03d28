package dev.jebena.governance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The entries of a ZIP file: PyTorch, Keras and NumPy archives among others.
final class ZipScan {
    /// An archive may always unpack to so much, and beyond it to so many times its own size.
    private static final long ALWAYS = 1L << 30;

    private static final int TIMES = 100;

    private final FileScan scan;
    private final String path;
    private final int depth;

    private ZipScan(FileScan scan, String path, int depth) {
        this.scan = scan;
        this.path = path;
        this.depth = depth;
    }

    /// @param file the archive; null where it lies in another one: then it is unpacked to a
    ///   temporary file
    static void of(FileScan scan, String path, InputStream in, @Nullable Path file, int depth)
            throws IOException {
        ZipScan zip = new ZipScan(scan, path, depth);
        if (file != null) {
            zip.read(file);
            return;
        }
        Path temporary = Files.createTempFile("jebena-scan", ".zip");
        try {
            Files.copy(in, temporary, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            zip.read(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (bomb(zip, Files.size(file))) {
                return;
            }
            Set<String> names = new HashSet<>();
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                scan.budget().entry();
                name(entry.getName());
                if (!names.add(entry.getName())) {
                    scan.add(
                            ScanKind.ARCHIVE,
                            ScanLevel.UNSAFE,
                            inner(entry.getName()),
                            "two entries have this name; programs differ in which one they read",
                            "do not use it");
                } else if (!entry.isDirectory()) {
                    entry(zip, entry);
                }
            }
        } catch (ZipException e) {
            scan.add(
                    ScanKind.FORMAT,
                    ScanLevel.UNSAFE,
                    path,
                    "a damaged ZIP file (%s); other programs may read it more loosely"
                            .formatted(e.getMessage()),
                    "download it again");
            new ZipHeaders(scan, path, depth).read(file);
        }
    }

    private void entry(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            scan.content(inner(entry.getName()), scan.budget().counting(in), null, depth + 1);
        } catch (ZipException e) {
            scan.add(
                    ScanKind.FORMAT,
                    ScanLevel.SUSPICIOUS,
                    inner(entry.getName()),
                    "cannot be unpacked: " + e.getMessage(),
                    "download it again");
        }
    }

    private boolean bomb(ZipFile zip, long size) {
        long unpacked = 0;
        long packed = 0;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            unpacked += Math.max(0, entry.getSize());
            packed += Math.max(0, entry.getCompressedSize());
            if (unpacked < 0) {
                unpacked = Long.MAX_VALUE;
                break;
            }
        }
        boolean large = unpacked > ALWAYS && unpacked / TIMES > size;
        boolean overlapping = packed > size;
        if (large || overlapping) {
            scan.add(
                    ScanKind.ARCHIVE,
                    ScanLevel.UNSAFE,
                    path,
                    overlapping
                            ? "an archive bomb: its entries overlap, %d bytes in a file of %d"
                                    .formatted(packed, size)
                            : "an archive bomb: %d bytes unpack to %d".formatted(size, unpacked),
                    "do not unpack it");
        }
        return large || overlapping;
    }

    private void name(String name) {
        if (ArchiveNames.leaves(name)) {
            scan.add(
                    ScanKind.ARCHIVE,
                    ScanLevel.UNSAFE,
                    inner(name),
                    "an entry that unpacks outside of the folder",
                    "do not unpack it");
        }
    }

    private String inner(String name) {
        return path + "!" + name;
    }
}
