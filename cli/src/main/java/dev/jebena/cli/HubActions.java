package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.HubClient;
import dev.jebena.hub.HubSettings;
import dev.jebena.hub.RemoteFile;
import dev.jebena.hub.RemoteRepo;
import dev.jebena.hub.RepoArchive;
import dev.jebena.hub.RepoDifference;
import dev.jebena.hub.RepoId;
import dev.jebena.hub.RepoRefs;
import dev.jebena.hub.RepoSearch;
import dev.jebena.hub.TextDiff;
import dev.jebena.hub.UploadReport;
import dev.jebena.json.Json;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `jebena hub` does.
final class HubActions {
    private static final int MAX_TEXT = 1 << 20;

    private final HubCommand options;
    private final HubClient client;

    HubActions(HubCommand options, HubClient client) {
        this.options = options;
        this.client = client;
    }

    /// Prints `value` as JSON where that was asked for, else `line`.
    private int say(Object value, String line) {
        System.out.println(options.json ? Json.write(value) : line);
        return ExitCode.OK;
    }

    int login() throws IOException {
        options.expect(0, 1, "login [TOKEN]");
        String token = options.token != null ? options.token : options.word(0);
        if (token == null) {
            Console console = System.console();
            if (console == null || !console.isTerminal()) {
                throw UserError.usage("login needs a TOKEN where nobody can be asked for it");
            }
            token = new String(console.readPassword("Token of %s: ", endpoint()));
        }
        HubClient asked = HubClient.of(client.settings().withToken(token.strip()));
        String name = asked.whoami();
        Path file = HubSettings.tokenFile(System.getenv());
        write(file, token.strip());
        return say(
                Map.of("name", name, "endpoint", endpoint(), "file", file.toString()),
                "Logged in to %s as %s; the token is in %s".formatted(endpoint(), name, file));
    }

    private static void write(Path file, String token) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!Files.exists(file) && posix) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } else if (posix) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(file, token);
    }

    int logout() throws IOException {
        options.expect(0, 0, "logout");
        Path file = HubSettings.tokenFile(System.getenv());
        boolean removed = Files.deleteIfExists(file);
        return say(
                Map.of("removed", removed),
                removed ? "Logged out: " + file + " is gone" : "Nobody was logged in");
    }

    int whoami() {
        options.expect(0, 0, "whoami");
        String name = client.whoami();
        return say(Map.of("name", name, "endpoint", endpoint()), name);
    }

    private String endpoint() {
        return client.settings().endpoint();
    }

    int create() {
        options.expect(1, 1, "create REPO");
        RepoId id = options.repo();
        client.create(id, options.isPrivate);
        return say(
                Map.of("id", id.toString(), "url", endpoint() + "/" + id), endpoint() + "/" + id);
    }

    int delete() {
        options.expect(1, 1, "delete REPO");
        RepoId id = options.repo();
        if (!options.yes) {
            Console console = System.console();
            String asked =
                    console == null || !console.isTerminal()
                            ? null
                            : console.readLine(
                                    "Write %s to delete it with all its history: ", id.name());
            if (asked == null || !asked.strip().equals(id.name())) {
                throw UserError.usage("not deleted: --yes, or its name when asked, is needed");
            }
        }
        client.delete(id);
        return say(Map.of("deleted", id.toString()), "deleted " + id);
    }

    int upload() {
        options.expect(1, 3, "upload REPO [FROM [PATH]]");
        RepoId id = options.repo();
        Path from = Path.of(options.word(1) == null ? "." : options.what.get(1));
        String path = options.word(2) == null ? "" : options.what.get(2);
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        UploadReport report;
        try {
            report = client.upload(id, from, path, options.upload(), progress);
        } finally {
            progress.finish();
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("commit", report.commit());
        fields.put("url", report.url());
        fields.put("pullRequest", report.pullRequest());
        fields.put("uploaded", report.uploaded());
        fields.put("unchanged", report.unchanged());
        fields.put("deleted", report.deleted());
        String where = report.pullRequest() != null ? report.pullRequest() : report.commit();
        boolean nothing = report.uploaded() == 0 && report.deleted() == 0;
        return say(
                fields,
                nothing
                        ? "%s has all of it already, at %s".formatted(id, where)
                        : "%d files sent, %d unchanged, %d deleted: %s"
                                .formatted(
                                        report.uploaded(),
                                        report.unchanged(),
                                        report.deleted(),
                                        where));
    }

    int download() throws IOException {
        options.expect(1, Integer.MAX_VALUE, "download REPO [FILE...]");
        RepoId id = options.repo();
        List<String> files = options.what.subList(1, options.what.size());
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        Path folder;
        try {
            folder = client.snapshot(id, options.snapshot(files), progress);
        } finally {
            progress.finish();
        }
        for (String file : files) {
            if (!Files.exists(folder.resolve(file))) {
                throw Problem.notFound(
                        "%s has no file %s at %s".formatted(id, file, options.revision));
            }
        }
        if (options.to != null) {
            copy(folder, options.to);
            folder = options.to;
        }
        Path shown = files.size() == 1 ? folder.resolve(files.getFirst()) : folder;
        return say(Map.of("path", shown.toString()), shown.toString());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Path parent = target.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    int list() {
        options.expect(1, 1, "ls REPO");
        List<RemoteFile> files = client.files(options.repo(), options.revision);
        if (options.json) {
            return say(files.stream().map(HubActions::fields).toList(), "");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SIZE", "HASH", "PATH"));
        for (RemoteFile file : files) {
            rows.add(List.of(Tables.bytes(file.size()), brief(file), file.path()));
        }
        System.out.print(Tables.of(rows));
        return ExitCode.OK;
    }

    private static Map<String, @Nullable Object> fields(@Nullable RemoteFile file) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (file != null) {
            fields.put("path", file.path());
            fields.put("size", file.size());
            fields.put("sha256", file.sha256() == null ? null : file.sha256().hex());
            fields.put("gitId", file.gitId());
        }
        return fields;
    }

    private static String brief(RemoteFile file) {
        String hash = file.sha256() == null ? file.gitId() : file.sha256().hex();
        return hash.substring(0, Math.min(12, hash.length()));
    }

    int diff() {
        options.expect(2, 3, "diff REPO FROM [TO]");
        RepoId id = options.repo();
        String from = options.what.get(1);
        String to = options.word(2) == null ? "main" : options.what.get(2);
        List<RepoDifference> differences = client.differences(id, from, to);
        if (options.json) {
            List<Map<String, Object>> all = new ArrayList<>();
            for (RepoDifference one : differences) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("path", one.path());
                fields.put("status", String.valueOf(one.status()));
                fields.put("before", fields(one.before()));
                fields.put("after", fields(one.after()));
                all.add(fields);
            }
            return say(all, "");
        }
        for (RepoDifference one : differences) {
            System.out.println(
                    "%s  %s  %s".formatted(one.status(), one.path(), sizes(one)).stripTrailing());
            if (options.text) {
                System.out.print(lines(id, from, to, one));
            }
        }
        return ExitCode.OK;
    }

    private static String sizes(RepoDifference one) {
        String before = one.before() == null ? "" : Tables.bytes(one.before().size());
        String after = one.after() == null ? "" : Tables.bytes(one.after().size());
        return before.isEmpty() || after.isEmpty() ? before + after : before + " -> " + after;
    }

    private String lines(RepoId id, String from, String to, RepoDifference one) {
        String before = text(id, from, one.before());
        String after = text(id, to, one.after());
        return before == null || after == null ? "" : TextDiff.unified(before, after);
    }

    /// Null where it is no text that could be shown.
    private @Nullable String text(RepoId id, String revision, @Nullable RemoteFile file) {
        if (file == null) {
            return "";
        }
        if (file.sha256() != null || file.size() > MAX_TEXT) {
            return null;
        }
        String text = client.text(id, revision, file, MAX_TEXT);
        return text.indexOf('\0') >= 0 ? null : text;
    }

    int tag() {
        options.expect(1, 2, "tag REPO [TAG]");
        RepoId id = options.repo();
        for (String name : options.delete) {
            client.deleteTag(id, name);
        }
        String tag = options.word(1);
        if (tag != null) {
            client.tag(id, tag, options.revision, options.message);
        }
        RepoRefs refs = client.refs(id);
        if (options.json) {
            return say(Map.of("branches", refs.branches(), "tags", refs.tags()), "");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KIND", "NAME", "COMMIT"));
        refs.branches().forEach((name, commit) -> rows.add(List.of("branch", name, commit)));
        refs.tags().forEach((name, commit) -> rows.add(List.of("tag", name, commit)));
        System.out.print(Tables.of(rows));
        return ExitCode.OK;
    }

    int search() {
        options.expect(0, 1, "search [TEXT]");
        if (options.max < 1 || options.max > 10_000) {
            throw UserError.usage("--max is %d; expected 1 to 10000".formatted(options.max));
        }
        RepoSearch wanted =
                RepoSearch.defaults()
                        .withText(options.word(0))
                        .withAuthor(options.author)
                        .withTags(options.filter)
                        .withSort(options.sort)
                        .withLimit(options.max);
        List<RemoteRepo> found = client.search(options.type, wanted);
        if (options.json) {
            return say(found.stream().map(HubActions::fields).toList(), "");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("REPO", "DOWNLOADS", "LIKES", "MODIFIED"));
        for (RemoteRepo repo : found) {
            rows.add(
                    List.of(
                            repo.id().toString(),
                            String.valueOf(repo.downloads()),
                            String.valueOf(repo.likes()),
                            repo.lastModified()));
        }
        System.out.print(Tables.of(rows));
        return ExitCode.OK;
    }

    private static Map<String, Object> fields(RemoteRepo repo) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", repo.id().toString());
        fields.put("commit", repo.commit());
        fields.put("private", repo.isPrivate());
        fields.put("gated", repo.isGated());
        fields.put("lastModified", repo.lastModified());
        fields.put("downloads", repo.downloads());
        fields.put("likes", repo.likes());
        fields.put("tags", repo.tags());
        return fields;
    }

    int exportTo() {
        options.expect(2, 2, "export REPO FILE");
        Path file = Path.of(options.what.get(1));
        return report(
                progress -> RepoArchive.write(client, options.repo(), file, progress),
                "exported to " + file);
    }

    int importFrom() {
        options.expect(1, 2, "import FILE [REPO]");
        Path file = Path.of(options.what.getFirst());
        return report(
                progress -> {
                    String name = options.word(1);
                    RepoId id =
                            name == null
                                    ? RepoArchive.verify(file, progress).id()
                                    : RepoId.parse(name, options.type);
                    return RepoArchive.read(client, id, options.isPrivate, file, progress);
                },
                "imported from " + file);
    }

    int mirror() {
        options.expect(1, 1, "mirror REPO --to-endpoint URL");
        if (options.toEndpoint == null) {
            throw UserError.usage("mirror needs --to-endpoint, the hub that gets it");
        }
        HubSettings target = client.settings().withEndpoint(options.toEndpoint);
        if (options.toToken != null) {
            target = target.withToken(options.toToken);
        }
        HubClient to = HubClient.of(target);
        return report(
                progress -> {
                    Path file = Files.createTempFile("jebena", ".repo");
                    try {
                        RepoId id = options.repo();
                        RepoArchive.write(client, id, file, progress);
                        return RepoArchive.read(to, id, options.isPrivate, file, progress);
                    } finally {
                        Files.deleteIfExists(file);
                    }
                },
                "mirrored to " + options.toEndpoint);
    }

    private interface Copying {
        RepoArchive.Contents copy(ProgressListener progress) throws IOException;
    }

    private int report(Copying copying, String done) {
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        RepoArchive.Contents contents;
        try {
            contents = copying.copy(progress);
        } catch (IOException e) {
            throw Problem.storage("cannot copy the repository", e);
        } finally {
            progress.finish();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", contents.id().toString());
        fields.put("private", contents.isPrivate());
        fields.put("refs", contents.refs());
        fields.put("largeFiles", contents.large().size());
        fields.put("bytes", contents.bytes());
        return say(
                fields,
                "%s: %d branches and tags, %d large files (%s) %s"
                        .formatted(
                                contents.id(),
                                contents.refs().size(),
                                contents.large().size(),
                                Tables.bytes(contents.bytes()),
                                done));
    }
}
