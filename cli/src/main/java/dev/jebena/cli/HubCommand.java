package dev.jebena.cli;

import dev.jebena.hub.HubClient;
import dev.jebena.hub.HubSettings;
import dev.jebena.hub.RepoId;
import dev.jebena.hub.SnapshotOptions;
import dev.jebena.hub.UploadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hub",
        description = {
            "Works with the repositories of a hub.",
            "The hub is HF_ENDPOINT's, or --endpoint's.",
            "login [TOKEN], logout, whoami. create REPO, delete REPO. upload REPO [FROM [PATH]]:",
            "one commit of a file or folder. download REPO [FILE...]: into the cache, or --to.",
            "ls REPO. diff REPO FROM [TO]. tag REPO [TAG]. search [TEXT].",
            "export REPO FILE, import FILE [REPO]: all history as one file, hashes verified.",
            "mirror REPO --to-endpoint URL: all history to another hub.",
            "A REPO is org/name, datasets/org/name or spaces/org/name."
        },
        footer = {
            "  jebena hub login",
            "  jebena hub create team/model --private",
            "  jebena hub upload team/model ./model --message \"First weights\"",
            "  jebena hub download team/model config.json --revision v1",
            "  jebena hub download datasets/team/rows --include \"*.parquet\" --to rows",
            "  jebena hub diff team/model v1 main --text",
            "  jebena hub tag team/model v2 --message \"Second release\"",
            "  jebena hub search llama --sort downloads --max 5",
            "  jebena hub export team/model model.repo",
            "  jebena hub import model.repo other/model --private",
            "  jebena hub mirror org/name --to-endpoint http://127.0.0.1:11500"
        })
final class HubCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        LOGIN,
        LOGOUT,
        WHOAMI,
        CREATE,
        DELETE,
        UPLOAD,
        DOWNLOAD,
        LS,
        DIFF,
        TAG,
        SEARCH,
        EXPORT,
        IMPORT,
        MIRROR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.LS;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "WHAT",
            description = "A repository, files, revisions, a text.")
    List<String> what = new ArrayList<>();

    @Option(names = "--endpoint", paramLabel = "URL", description = "The hub's address.")
    @Nullable String endpoint;

    @Option(names = "--token", paramLabel = "TOKEN", description = "Who asks; else HF_TOKEN's.")
    @Nullable String token;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where downloads are kept; else HF_HUB_CACHE's.")
    @Nullable Path cache;

    @Option(
            names = "--type",
            paramLabel = "KIND",
            description = "What REPO without a prefix is: model, dataset or space.",
            defaultValue = "MODEL")
    RepoId.Kind type = RepoId.Kind.MODEL;

    @Option(
            names = "--revision",
            paramLabel = "REV",
            description = "A branch, tag or commit (default ${DEFAULT-VALUE}).",
            defaultValue = "main")
    String revision = "main";

    @Option(names = "--private", description = "create, import, mirror: only for who may.")
    boolean isPrivate;

    @Option(
            names = "--message",
            paramLabel = "TEXT",
            description = "upload, tag: the commit's or the tag's message.")
    @Nullable String message;

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            description = "upload: further lines of the message.",
            defaultValue = "")
    String description = "";

    @Option(names = "--create-pr", description = "upload: propose it as a pull request.")
    boolean pullRequest;

    @Option(
            names = "--parent",
            paramLabel = "COMMIT",
            description = "upload: refuse when the branch has moved on.")
    @Nullable String parent;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "upload, download: only such paths; may be repeated.")
    List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "upload, download: no such paths; may be repeated.")
    List<String> exclude = new ArrayList<>();

    @Option(
            names = "--delete",
            paramLabel = "GLOB",
            description = {
                "upload: remove such paths that are not uploaded;",
                "tag: remove the tag of this name. May be repeated."
            })
    List<String> delete = new ArrayList<>();

    @Option(names = "--to", paramLabel = "DIR", description = "download: copy the files here.")
    @Nullable Path to;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "upload, download: files at once (default ${DEFAULT-VALUE}).",
            defaultValue = "8")
    int threads = 8;

    @Option(names = "--text", description = "diff: show the lines that differ.")
    boolean text;

    @Option(names = "--author", paramLabel = "NAME", description = "search: user or organisation.")
    @Nullable String author;

    @Option(
            names = "--filter",
            paramLabel = "TAG",
            description = "search: with this tag; may be repeated.")
    List<String> filter = new ArrayList<>();

    @Option(
            names = "--sort",
            paramLabel = "FIELD",
            description = "search: downloads, likes, lastModified, createdAt.")
    @Nullable String sort;

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "search: at most so many (default ${DEFAULT-VALUE}).",
            defaultValue = "20")
    int max = 20;

    @Option(
            names = "--to-endpoint",
            paramLabel = "URL",
            description = "mirror: the hub that gets it.")
    @Nullable String toEndpoint;

    @Option(
            names = "--to-token",
            paramLabel = "TOKEN",
            description = "mirror: who writes there; else the same as here.")
    @Nullable String toToken;

    @Option(names = "--yes", description = "delete: do not ask.")
    boolean yes;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws Exception {
        HubActions actions = new HubActions(this, HubClient.of(settings()));
        return switch (action) {
            case LOGIN -> actions.login();
            case LOGOUT -> actions.logout();
            case WHOAMI -> actions.whoami();
            case CREATE -> actions.create();
            case DELETE -> actions.delete();
            case UPLOAD -> actions.upload();
            case DOWNLOAD -> actions.download();
            case LS -> actions.list();
            case DIFF -> actions.diff();
            case TAG -> actions.tag();
            case SEARCH -> actions.search();
            case EXPORT -> actions.exportTo();
            case IMPORT -> actions.importFrom();
            case MIRROR -> actions.mirror();
        };
    }

    private HubSettings settings() {
        HubSettings settings = HubSettings.of(System.getenv());
        if (endpoint != null) {
            settings = settings.withEndpoint(endpoint);
        }
        if (cache != null) {
            settings = settings.withCache(cache);
        }
        return token == null ? settings : settings.withToken(token);
    }

    /// The repository that the line names.
    RepoId repo() {
        return RepoId.parse(what.getFirst(), type);
    }

    /// Word number `index` after the action; null when there is none.
    @Nullable String word(int index) {
        return index < what.size() ? what.get(index) : null;
    }

    void expect(int least, int most, String usage) {
        if (what.size() < least || what.size() > most) {
            throw UserError.usage("expected: jebena hub " + usage);
        }
    }

    SnapshotOptions snapshot(List<String> files) {
        List<String> wanted = new ArrayList<>(include);
        files.forEach(file -> wanted.add(file.replaceAll("([\\[*?])", "[$1]")));
        return SnapshotOptions.defaults()
                .withRevision(revision)
                .withInclude(wanted)
                .withExclude(exclude)
                .withThreads(threads);
    }

    UploadOptions upload() {
        return UploadOptions.defaults()
                .withRevision(revision)
                .withMessage(message, description)
                .withPullRequest(pullRequest)
                .withParent(parent)
                .withPaths(include, exclude)
                .withDelete(delete)
                .withThreads(threads);
    }
}
