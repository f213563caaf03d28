package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.governance.FileReport;
import dev.jebena.governance.ImportSafety;
import dev.jebena.governance.PickleImport;
import dev.jebena.governance.Scan;
import dev.jebena.governance.ScanFinding;
import dev.jebena.governance.ScanKind;
import dev.jebena.governance.ScanLevel;
import dev.jebena.governance.ScanOptions;
import dev.jebena.repositories.Finding;
import dev.jebena.repositories.UploadCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Scans what is uploaded to the hub. Findings are named as the real hub names them:
/// `pickleImportScan` for what pickles import, `avScan` for all else.
final class UploadScan implements UploadCheck {
    /// Larger files of plain formats are looked at by their beginning: headers lie there.
    private static final long WHOLE = 256L << 20;

    private static final long HEAD = 128L << 20;
    private static final ScanOptions OPTIONS =
            ScanOptions.defaults().withTime(Duration.ofMinutes(2));

    @Override
    public List<Finding> check(Upload file) throws IOException {
        Path copy = Files.createTempFile("jebena-upload", ".scan");
        try {
            copy(file, copy);
            FileReport report = Scan.of(Map.of(file.path(), copy), OPTIONS).files().getFirst();
            return findings(report);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static void copy(Upload file, Path copy) throws IOException {
        long most = file.size() > WHOLE && !isArchive(file) ? HEAD : file.size();
        try (SeekableByteChannel in = file.content().open();
                FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 18);
            for (long left = most; left > 0; ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int read = in.read(buffer);
                if (read < 0) {
                    break;
                }
                left -= read;
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
            if (most < file.size()) {
                // A hole: readers of headers compare offsets with the length.
                out.write(ByteBuffer.allocate(1), file.size() - 1);
            }
        }
    }

    /// What an archive holds is found by its end; of other files the beginning tells what they are.
    private static boolean isArchive(Upload file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(2);
        try (SeekableByteChannel in = file.content().open()) {
            in.read(head);
        }
        int magic = head.getShort(0) & 0xffff;
        return magic == ('P' << 8 | 'K') || magic == 0x1f8b;
    }

    private static List<Finding> findings(FileReport report) {
        List<Finding> findings = new ArrayList<>();
        ImportSafety safety = report.safety();
        if (safety != null) {
            findings.add(
                    new Finding(
                            "pickleImportScan",
                            switch (safety) {
                                case INNOCUOUS -> Finding.Level.SAFE;
                                case SUSPICIOUS -> Finding.Level.SUSPICIOUS;
                                case DANGEROUS -> Finding.Level.UNSAFE;
                            },
                            message(report, true),
                            HttpJson.object(
                                    "highestSafetyLevel",
                                    safety.toString(),
                                    "pickleImports",
                                    report.imports().stream().map(PickleImport::json).toList())));
        }
        List<ScanFinding> others =
                report.findings().stream().filter(f -> f.kind() != ScanKind.PICKLE).toList();
        ScanLevel level =
                others.stream()
                        .map(ScanFinding::level)
                        .max(ScanLevel::compareTo)
                        .orElse(ScanLevel.SAFE);
        findings.add(
                new Finding(
                        "avScan",
                        Finding.Level.valueOf(level.name()),
                        message(report, false),
                        HttpJson.object(
                                "findings", others.stream().map(ScanFinding::json).toList())));
        return findings;
    }

    /// The first finding; the list of all is in the details.
    private static String message(FileReport report, boolean pickle) {
        List<ScanFinding> found =
                report.findings().stream()
                        .filter(f -> (f.kind() == ScanKind.PICKLE) == pickle)
                        .sorted(java.util.Comparator.comparing(ScanFinding::level).reversed())
                        .toList();
        String more = found.size() > 1 ? " (and %d more)".formatted(found.size() - 1) : "";
        return found.isEmpty() ? "nothing found" : found.getFirst().what() + more;
    }
}
