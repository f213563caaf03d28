package dev.jebena.formats;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes a file so that at any time either the old or the complete new one is there: to a
/// temporary name in the same folder, synced, then renamed.
final class ReplacedFile {
    /// What fills the file.
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private ReplacedFile() {}

    static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        @Nullable Path temporary = null;
        try {
            // Not by createTempFile, whose files nobody else may read.
            String name = ".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID());
            temporary = target.resolveSibling(name);
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            temporary = null;
            syncFolder(target);
        } catch (IOException e) {
            throw new FormatException(file + ": cannot be written: " + e, e);
        } finally {
            delete(temporary);
        }
    }

    /// Makes the new name durable. Systems that cannot open a folder do so by themselves.
    private static void syncFolder(Path target) {
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Windows: folders cannot be opened, and renames are journaled.
        }
    }

    private static void delete(@Nullable Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // The first error is the one to report.
            }
        }
    }
}
