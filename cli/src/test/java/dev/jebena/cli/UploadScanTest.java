package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.repositories.Finding;
import dev.jebena.repositories.RepoKind;
import dev.jebena.repositories.RepoName;
import dev.jebena.repositories.UploadCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadScanTest {
    @TempDir Path folder;

    private List<Finding> check(String name, byte[] start, long size) throws IOException {
        Path file = folder.resolve("upload");
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(start));
            if (size > start.length) {
                out.write(ByteBuffer.allocate(1), size - 1);
            }
        }
        return new UploadScan()
                .check(
                        new UploadCheck.Upload(
                                new RepoName(RepoKind.MODEL, "a", "b"),
                                name,
                                Files.size(file),
                                () -> FileChannel.open(file)));
    }

    @Test
    void pickleImportsAreToldAsTheHubDoes() throws IOException {
        byte[] evil = "cposix\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.ISO_8859_1);
        List<Finding> found = check("a.pkl", evil, 0);
        assertThat(found).extracting(Finding::check).containsExactly("pickleImportScan", "avScan");
        assertThat(found.getFirst().level()).isEqualTo(Finding.Level.UNSAFE);
        assertThat(found.getFirst().details())
                .isEqualTo(
                        Map.of(
                                "highestSafetyLevel",
                                "dangerous",
                                "pickleImports",
                                List.of(
                                        Map.of(
                                                "module", "posix",
                                                "name", "system",
                                                "safety", "dangerous"))));
        assertThat(found.get(1).level()).isEqualTo(Finding.Level.SAFE);
    }

    @Test
    void largeFilesAreLookedAtByTheirBeginning() throws IOException {
        String header =
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[314572800],\"data_offsets\":[0,314572800]}}";
        byte[] start =
                ((char) header.length() + "\0\0\0\0\0\0\0" + header)
                        .getBytes(StandardCharsets.ISO_8859_1);
        long whole = start.length + 314_572_800L;
        assertThat(check("w.safetensors", start, whole))
                .allMatch(f -> f.level() == Finding.Level.SAFE);
        List<Finding> cut = check("w.safetensors", start, whole + 1);
        assertThat(cut).anyMatch(f -> f.level() == Finding.Level.UNSAFE);
    }
}
