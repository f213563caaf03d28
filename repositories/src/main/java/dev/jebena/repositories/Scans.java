package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs the checks of uploads and keeps what they found: of each repository by what names a file's
/// bytes, which is git's id or the SHA-256 of a large file.
final class Scans {
    private final SqlDatabase data;
    private final List<UploadCheck> checks;
    private final Clock clock;

    Scans(SqlDatabase data, List<UploadCheck> checks, Clock clock) {
        this.data = data;
        this.checks = checks;
        this.clock = clock;
    }

    /// What was found in a file.
    record Scan(Finding.Level level, List<Finding> findings) {
        static Scan of(List<Finding> findings) {
            return new Scan(Finding.worst(findings), findings);
        }

        static Scan parse(String json) {
            Object list = HttpJson.parse(json.getBytes(StandardCharsets.UTF_8));
            return of(
                    list instanceof List<?> found
                            ? found.stream().map(HttpJson::objectOf).map(Finding::of).toList()
                            : List.of());
        }

        /// As `securityFileStatus` of the hub's API.
        Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> json =
                    HttpJson.object(
                            "status", level.word(), "avScan", null, "pickleImportScan", null);
            for (Finding finding : findings) {
                Map<String, @Nullable Object> scan = HttpJson.object();
                scan.putAll(finding.details());
                scan.put("status", finding.level().word());
                scan.put("message", finding.message());
                json.put(finding.check(), scan);
            }
            return json;
        }
    }

    /// Looks at a file that is coming into a repository.
    ///
    /// @param etag what names its bytes
    void look(Repo repo, String path, String etag, long size, UploadCheck.Content content) {
        if (checks.isEmpty()) {
            return;
        }
        UploadCheck.Upload file = new UploadCheck.Upload(repo.name(), path, size, content);
        List<Finding> found = new ArrayList<>();
        for (UploadCheck check : checks) {
            try {
                found.addAll(check.check(file));
            } catch (IOException | RuntimeException e) {
                // A file that breaks a check is worth a look, and no reason to refuse a commit.
                found.add(
                        new Finding(
                                "failedScan",
                                Finding.Level.SUSPICIOUS,
                                "the file could not be checked: " + e.getMessage(),
                                Map.of()));
            }
        }
        keep(repo.id(), etag, found);
    }

    private void keep(long repository, String etag, List<Finding> found) {
        String text = HttpJson.text(found.stream().map(Finding::json).toList());
        data.write(sql ->
                sql.update(
                        "INSERT INTO file_scan (repository, content, level, findings, created)"
                                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (repository, content)"
                                + " DO UPDATE SET level = excluded.level,"
                                + " findings = excluded.findings, created = excluded.created",
                        repository,
                        etag,
                        Finding.worst(found).word(),
                        text,
                        clock.millis()));
    }

    /// What was found in files, by their etags; files at which nobody has looked are not among
    /// them.
    Map<String, Scan> of(long repository, Collection<FileEntry> files) {
        Map<String, Scan> found = new HashMap<>();
        data.reading(sql -> {
            for (FileEntry file : files) {
                if (!file.folder()) {
                    sql.each(
                            "SELECT findings FROM file_scan WHERE repository = ? AND content = ?",
                            row -> found.put(file.etag(), Scan.parse(row.text(1))),
                            repository,
                            file.etag());
                }
            }
        });
        return found;
    }

    /// The levels of all files of a repository that are not safe, by etag.
    private Map<String, Finding.Level> issues(long repository) {
        Map<String, Finding.Level> found = new HashMap<>();
        data.reading(sql ->
                sql.each(
                        "SELECT content, level FROM file_scan"
                                + " WHERE repository = ? AND level <> 'safe'",
                        row -> found.put(row.text(1), Finding.Level.of(row.text(2))),
                        repository));
        return found;
    }

    /// As `securityRepoStatus` of the hub's API: the files of a revision that are not safe.
    Map<String, @Nullable Object> status(long repository, List<FileEntry> files) {
        Map<String, Finding.Level> levels = issues(repository);
        List<Object> issues = new ArrayList<>();
        for (FileEntry file : files) {
            Finding.Level level = levels.get(file.etag());
            if (level != null) {
                issues.add(HttpJson.object("path", file.path(), "level", level.word()));
            }
        }
        return HttpJson.object("scansDone", !checks.isEmpty(), "filesWithIssues", issues);
    }

    /// What was found in each file of a revision that is not safe.
    List<Object> details(long repository, List<FileEntry> files) {
        Map<String, Finding.Level> levels = issues(repository);
        List<FileEntry> bad = files.stream().filter(f -> levels.containsKey(f.etag())).toList();
        Map<String, Scan> scans = of(repository, bad);
        List<Object> found = new ArrayList<>();
        for (FileEntry file : bad) {
            Scan scan = scans.get(file.etag());
            if (scan != null) {
                found.add(
                        HttpJson.object(
                                "path",
                                file.path(),
                                "securityFileStatus",
                                scan.json(),
                                "findings",
                                scan.findings().stream().map(Finding::json).toList()));
            }
        }
        return found;
    }

    /// Whether the repository keeps unsafe files from being downloaded and this is one.
    ///
    /// @param etag what names the file's bytes
    boolean blocks(Repo repo, String etag) {
        return repo.blocksUnsafe()
                && data.read(sql ->
                        sql.number(
                                "SELECT count(*) FROM file_scan WHERE repository = ?"
                                        + " AND content = ? AND level = 'unsafe'",
                                repo.id(),
                                etag))
                        > 0;
    }

    /// Throws status 403 for a file that is not given out.
    void checkDownload(Repo repo, FileEntry file) {
        if (blocks(repo, file.etag())) {
            throw HubError.forbidden(
                    "The file "
                            + file.path()
                            + " was found unsafe, and this repository does not give such files"
                            + " out. What was found is told by paths-info with expand.");
        }
    }
}
